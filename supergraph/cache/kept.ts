// Owns one thing that is kept: a value as a subgraph answered it, from when it is, and for how long it can be served.
import type { Shelf } from './shelf.ts';

export interface Kept {
  /** null for what is not there. It is others' too, and nobody changes it. */
  readonly value: unknown;
  readonly shelf: Shelf;
  /** About, with what is remembered of it. */
  readonly bytes: number;
  /** When the read of it began, in milliseconds since 1970, like the three below. */
  readonly readAt: number;
  /** As good as new until then. */
  readonly freshUntil: number;
  /** Served until then while it is read anew. */
  readonly staleUntil: number;
  /** Served until then when its subgraph fails. */
  readonly errorUntil: number;
  /** By which it is dropped. */
  readonly marks: readonly string[];
  /** What said how long: see HeldEntry. */
  readonly why: string;
}

/** Milliseconds. */
export interface Lifetime {
  maxAge: number;
  staleWhileRevalidate: number;
  staleIfError: number;
}

/**
 * What many routers have read at once is not over at once: up to a tenth is taken off, `random` (0 to 1) of it. What was read
 * together stays together, to be read together again.
 */
export function lifetimeFrom(
  readAt: number,
  { maxAge, staleWhileRevalidate, staleIfError }: Lifetime,
  random: number,
): Pick<Kept, 'readAt' | 'freshUntil' | 'staleUntil' | 'errorUntil'> {
  const freshUntil = readAt + maxAge - Math.floor((maxAge / 10) * random);
  return {
    readAt,
    freshUntil,
    staleUntil: freshUntil + staleWhileRevalidate,
    errorUntil: staleIfError > 0 ? readAt + maxAge + staleIfError : freshUntil,
  };
}

/** About, in memory: of so many characters of JSON, and of the marks by which it is found. Its key is counted where it is kept. */
export function bytesOf(characters: number, marks: number): number {
  // Objects take about twice the memory of their text.
  return 500 + characters * 4 + marks * 100;
}

/** When nothing can be done with it any more. */
export function endOf({ freshUntil, staleUntil, errorUntil }: Kept): number {
  return Math.max(freshUntil, staleUntil, errorUntil);
}
