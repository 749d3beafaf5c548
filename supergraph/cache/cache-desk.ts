// Owns what can be asked of a BFF's cache from outside: what it holds, and that it drop it.
import type { Change } from './changes.ts';

/** One thing that is held. */
export interface HeldEntry {
  level: 'process' | 'responses';
  subgraph: string;
  /** A type of entities, a root field's coordinate, or of whole answers the operation's name. */
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
  /** What said how long: `declared`, `schema`, `subgraph`, or `absent` for what is not there. */
  why: string;
  marks: readonly string[];
  /** About. */
  bytes: number;
}

export interface CacheDesk {
  /** What has this mark (`Product:p1`, `Product`, `#tag`, `*`), the most recently used first, so many at most. */
  held: (mark: string, most: number) => Promise<HeldEntry[]>;
  /** Here and on all replicas; how much was dropped here, and whether it is certain that the others were told. */
  drop: (change: Change) => Promise<{ dropped: number; told: boolean }>;
  /** Of this process, in Prometheus' text format. */
  metrics: () => string;
}
