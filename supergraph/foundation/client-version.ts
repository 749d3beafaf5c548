// Owns what a client says it is, by Apollo's two headers, and which versions are older than which.
import type { IncomingHttpHeaders } from 'node:http';
import { Range, SemVer, satisfies } from 'semver';

/** As the client says it: anybody can say anything, and it gives no rights that matter. */
export interface Client {
  /** `apollographql-client-name`; at most 100 characters. */
  name?: string | undefined;
  /** `apollographql-client-version`; at most 100 characters. */
  version?: string | undefined;
}

const longest = 100;

export function readClient(headers: IncomingHttpHeaders): Client {
  return {
    name: said(headers['apollographql-client-name']),
    version: said(headers['apollographql-client-version']),
  };
}

function said(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
}

/**
 * `3.2` is 3.2.0, `v3.2.0 (451)`, `3.2.0-beta` and `3.02.0` are 3.2.0 too: a floor is about what a release can do. null for what has
 * no number in it.
 */
export function parseVersion(text: string | undefined): SemVer | null {
  const [, ...numbers] = /(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?/.exec(text ?? '') ?? [];
  return numbers.length === 0 ? null : new SemVer(numbers.map((number) => Number(number ?? 0)).join('.'));
}

/** Clients by name, with the versions that are meant: any where there is no range. */
export interface ClientRange {
  name: string;
  range?: Range;
}

/** `ios >=3.2.0`, `ios >=3.2.0 <4`, or `ios` for all its versions; undefined for what is none. */
export function parseClientRange(text: string): ClientRange | undefined {
  const [, name, range] = /^([\w.-]{1,100})(?:\s+(.{1,200}))?$/.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  if (range === undefined) return { name };
  try {
    return { name, range: new Range(range) };
  } catch {
    return undefined;
  }
}

/** Whether a client is one of those; one that does not say its version is in no range. */
export function isAmong(ranges: readonly ClientRange[], { name, version }: Client): boolean {
  return ranges.some((one) => {
    if (one.name !== name) return false;
    if (one.range === undefined) return true;
    const parsed = parseVersion(version);
    return parsed !== null && satisfies(parsed, one.range);
  });
}
