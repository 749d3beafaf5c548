// Owns how one request was answered: what was kept, how old it was, and what had to be asked for.
import type { Freshness, FreshPart } from '../foundation/freshness.ts';
import type { CacheCounts, Level } from './cache-counts.ts';
import type { Kept } from './kept.ts';
import type { Shelf } from './shelf.ts';

/** Of one type, or one root field. */
class Part {
  hits: Record<Level, number> = { process: 0, redis: 0, flight: 0, responses: 0 };
  stale = 0;
  misses = 0;
  failed = false;
  /** Whether something in it may not be kept. */
  isOpen = false;
  readonly kept: Kept[] = [];
}

export class Reading {
  readonly now: number;
  /** Whether anything was answered at all. */
  hasAnswer = false;
  readonly #subgraph: string;
  readonly #parts = new Map<string, Part>();
  #lastOf: string | undefined;
  #last = new Part();

  constructor(subgraph: string, now: number) {
    this.#subgraph = subgraph;
    this.now = now;
  }

  take(kept: Kept, level: Level): void {
    const part = this.#partOf(kept.shelf.of);
    if (kept.freshUntil > this.now) part.hits[level] += 1;
    else part.stale += 1;
    part.kept.push(kept);
    this.hasAnswer = true;
  }

  /** In place of what the subgraph could not answer. */
  takeInstead(kept: Kept): void {
    const part = this.#partOf(kept.shelf.of);
    part.stale += 1;
    part.failed = true;
    part.kept.push(kept);
    this.hasAnswer = true;
  }

  /** What another request had asked for already. */
  join(kept: Kept): void {
    const part = this.#partOf(kept.shelf.of);
    part.hits.flight += 1;
    part.kept.push(kept);
    this.hasAnswer = true;
  }

  /** What was asked for; `kept` where it is kept now. */
  miss(shelf: Shelf | undefined, kept: Kept | undefined, isAnswered: boolean): void {
    const part = this.#partOf(shelf?.of ?? '');
    part.misses += 1;
    if (kept) part.kept.push(kept);
    else part.isOpen = true;
    this.hasAnswer ||= isAnswered;
  }

  tell(freshness: Freshness, counts: CacheCounts): void {
    for (const [of, part] of this.#parts) {
      for (const level of ['process', 'redis', 'flight'] as const) {
        if (part.hits[level] > 0) counts.count(of, level, 'hit', part.hits[level]);
      }
      if (part.stale > 0) counts.count(of, 'process', 'stale', part.stale);
      if (part.misses > 0 && of !== '') counts.count(of, 'process', 'miss', part.misses);
      freshness.tell(told(this.#subgraph, of, part));
    }
  }

  #partOf(of: string): Part {
    // Most requests are about one type.
    if (of === this.#lastOf) return this.#last;
    let part = this.#parts.get(of);
    if (part === undefined) {
      part = new Part();
      this.#parts.set(of, part);
    }
    this.#lastOf = of;
    this.#last = part;
    return part;
  }
}

function told(subgraph: string, of: string, part: Part): FreshPart {
  const { hits, stale, misses, failed, isOpen, kept } = part;
  let [readAt, freshUntil] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [staleWhileRevalidate, staleIfError] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let isPublic = !isOpen;
  let why = '';
  for (const one of kept) {
    if (one.readAt < readAt) readAt = one.readAt;
    if (one.freshUntil < freshUntil) {
      freshUntil = one.freshUntil;
      why = one.why;
    }
    staleWhileRevalidate = Math.min(staleWhileRevalidate, Math.max(0, one.staleUntil - one.freshUntil));
    staleIfError = Math.min(staleIfError, Math.max(0, one.errorUntil - one.freshUntil));
    isPublic &&= one.shelf.rule.scope === 'public';
  }
  return {
    ...{ subgraph, of, stale, misses, failed, isPublic, staleWhileRevalidate, staleIfError, why },
    hits: hits.process + hits.redis + hits.flight,
    readAt,
    freshUntil: isOpen ? 0 : freshUntil,
    marks: () => kept.flatMap(({ marks }) => marks),
  };
}
