// Owns what can be asked of a BFF's cache from outside: what it holds, and that it drop it.
import type { Change } from './changes.ts';

/** One thing that is held. */
export interface HeldEntry {
  level: 'process' | 'responses';
  subgraph: string;
  /** A type of entities, a root field's coordinate, or of whole answers the operation's name, or `(no name)`. */
  of: string;
  /** For whom: `public`, `viewer`, or `claim tenant`. */
  scope: string;
  /** GraphQL text of what was asked. */
  selection: string;
  /** Milliseconds since it was read. */
  age: number;
  /** Milliseconds for which it is as good as new; below 0 when that is over. */
  freshFor: number;
  /** Milliseconds after that. */
  staleWhileRevalidate: number;
  staleIfError: number;
  /** What said how long: `declared`, `schema`, `subgraph`, or `absent` for what is not there; of whole answers, of the shortest part. */
  why: string;
  marks: readonly string[];
  /** The mark by which it is dropped with what was looked for: that itself, or `Product:*` of what may hold the product. */
  by: string;
  /** About. */
  bytes: number;
}

/** Which other processes: `none` where there is no Redis to tell them by, `unsure` where they may not have heard. */
export type Told = 'all' | 'none' | 'unsure';

export interface CacheDesk {
  /**
   * What is dropped with this mark (`Product:p1`, `Product`, `#tag`, `*`), so many at most: first what has it, then what may
   * hold it, of both the most recently used first.
   */
  held: (mark: string, most: number) => Promise<HeldEntry[]>;
  /** Here and on all replicas; how much was dropped here, and who else was told. */
  drop: (change: Change) => Promise<{ dropped: number; told: Told }>;
  /** A sentence about a mark that nothing can have, because its type or field is not in the supergraph. */
  doubt: (mark: string) => string | undefined;
  /** Of this process, in Prometheus' text format. */
  metrics: () => string;
}
