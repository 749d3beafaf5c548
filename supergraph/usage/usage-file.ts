// Owns the form of usage on disk: one JSON document for each router process and day, so that nobody waits for another.

/** Folders hold them as `<bff>/<day>-<process>.json`. Times are RFC 3339; what a client does not say is left out. */
export interface UsageFile {
  format: 'tributary-usage';
  version: 1;
  bff: string;
  /** UTC. */
  day: string;
  /** What the numbers in `operations` point at. */
  coordinates: string[];
  operations: {
    id: string;
    name?: string;
    named: number[];
    possible: number[];
  }[];
  rows: {
    client?: string;
    version?: string;
    /** Its place in `operations`. */
    operation: number;
    count: number;
    first: string;
    last: string;
  }[];
  /** By coordinate, of those for whom there was no row. */
  others: { coordinate: string; named: boolean; count: number; first: string; last: string }[];
}

export const usageFilePattern = /^(\d{4}-\d{2}-\d{2})-[0-9a-f-]{36}\.json$/;

export function isUsageFile(value: unknown): value is UsageFile {
  if (typeof value !== 'object' || value === null) return false;
  const { format, version, coordinates, operations, rows, others } = value as Partial<UsageFile>;
  const isOurs = format === 'tributary-usage' && version === 1;
  return isOurs && [coordinates, operations, rows, others].every(Array.isArray);
}

/** `2026-11-22` in UTC, of milliseconds since 1970. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
