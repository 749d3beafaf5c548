// Owns how one request was answered: what was kept, how old it was, and what had to be asked for.
import type { Freshness } from '../foundation/freshness.ts';
import type { CacheCounts, Level } from './cache-counts.ts';
import type { Kept } from './kept.ts';
import type { Shelf } from './shelf.ts';

interface Part {
  hits: number;
  stale: number;
  misses: number;
  failed: boolean;
  oldest: number;
  freshUntil: number;
  staleWhileRevalidate: number;
  staleIfError: number;
  isPublic: boolean;
  marks: (readonly string[])[];
}

export class Reading {
  readonly now: number;
  readonly #subgraph: string;
  readonly #parts = new Map<string, Part>();
  readonly #levels: { of: string; level: Level; result: 'hit' | 'stale' | 'miss' }[] = [];

  constructor(subgraph: string, now: number) {
    this.#subgraph = subgraph;
    this.now = now;
  }

  /** Whether anything was answered at all. */
  hasAnswer = false;

  take(kept: Kept, level: Level): void {
    const part = this.#partOf(kept.shelf.of);
    const result = kept.freshUntil > this.now ? 'hit' : 'stale';
    if (result === 'hit') part.hits += 1;
    else part.stale += 1;
    this.#add(part, kept);
    this.#levels.push({ of: kept.shelf.of, level, result });
  }

  /** In place of what the subgraph could not answer. */
  takeInstead(kept: Kept): void {
    const part = this.#partOf(kept.shelf.of);
    part.stale += 1;
    part.failed = true;
    this.#add(part, kept);
    this.#levels.push({ of: kept.shelf.of, level: 'process', result: 'stale' });
  }

  /** What another request had asked for already. */
  join(kept: Kept): void {
    const part = this.#partOf(kept.shelf.of);
    part.hits += 1;
    this.#add(part, kept);
    this.#levels.push({ of: kept.shelf.of, level: 'flight', result: 'hit' });
  }

  /** What was asked for; `kept` where it is kept now. */
  miss(shelf: Shelf | undefined, kept: Kept | undefined, isAnswered: boolean): void {
    this.hasAnswer ||= isAnswered;
    const of = shelf?.of ?? '';
    const part = this.#partOf(of);
    part.misses += 1;
    if (kept) this.#add(part, kept);
    else {
      part.freshUntil = 0;
      part.isPublic = false;
    }
    if (shelf) this.#levels.push({ of, level: 'process', result: 'miss' });
  }

  tell(freshness: Freshness, counts: CacheCounts): void {
    for (const { of, level, result } of this.#levels) counts.count(of, level, result);
    for (const [of, part] of this.#parts) {
      const { hits, stale, misses, failed, oldest, marks, isPublic } = part;
      freshness.tell({
        ...{ subgraph: this.#subgraph, of, hits, stale, misses, failed, isPublic },
        age: Math.max(0, this.now - oldest),
        maxAge: Math.max(0, part.freshUntil - this.now),
        staleWhileRevalidate: part.staleWhileRevalidate,
        staleIfError: part.staleIfError,
        marks: () => marks.flat(),
      });
    }
  }

  #add(part: Part, kept: Kept): void {
    this.hasAnswer = true;
    this.#narrow(part, kept);
  }

  #narrow(part: Part, { readAt, freshUntil, staleUntil, errorUntil, shelf, marks }: Kept): void {
    part.oldest = Math.min(part.oldest, readAt);
    part.freshUntil = Math.min(part.freshUntil, freshUntil);
    part.staleWhileRevalidate = Math.min(part.staleWhileRevalidate, Math.max(0, staleUntil - freshUntil));
    part.staleIfError = Math.min(part.staleIfError, Math.max(0, errorUntil - freshUntil));
    part.isPublic &&= shelf.rule.scope === 'public';
    part.marks.push(marks);
  }

  #partOf(of: string): Part {
    let part = this.#parts.get(of);
    if (part === undefined) {
      const never = Number.POSITIVE_INFINITY;
      part = {
        ...{ hits: 0, stale: 0, misses: 0, failed: false, isPublic: true, marks: [] },
        ...{ oldest: this.now, freshUntil: never, staleWhileRevalidate: never, staleIfError: never },
      };
      this.#parts.set(of, part);
    }
    return part;
  }
}
