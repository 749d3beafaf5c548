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
  if (format !== 'tributary-usage' || version !== 1) return false;
  const isAll = (list: unknown, is: (one: Record<string, unknown>) => boolean): boolean =>
    Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null && is(one));
  return (
    Array.isArray(coordinates) &&
    coordinates.every((one) => typeof one === 'string') &&
    isAll(
      operations,
      ({ id, named, possible }) => typeof id === 'string' && isPlaces(named) && isPlaces(possible),
    ) &&
    isAll(rows, (row) => Number.isInteger(row['operation']) && isCount(row)) &&
    isAll(others, (one) => typeof one['coordinate'] === 'string' && isCount(one))
  );
}

function isPlaces(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isInteger);
}

function isCount({ count, first, last }: Record<string, unknown>): boolean {
  return Number.isInteger(count) && [first, last].every((at) => !Number.isNaN(Date.parse(String(at))));
}

/** `2026-11-22` in UTC, of milliseconds since 1970. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
