// Owns counters inside this process: bounded in number for each group, those that were not asked for the longest go first.
import { LRUCache } from 'lru-cache';
import type { CountersHere, Take, Taken } from './counters.ts';

interface Options {
  /** Keys of a group that are counted at once. */
  most?: number;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

interface Count {
  /** Points; of a bucket, those for which room has not come back yet, at `at`. */
  taken: number;
  /** When its window ends, or when its bucket was looked at. */
  at: number;
}

/** Parts of a point that come of adding fractions are none. */
const tolerance = 1e-6;

/**
 * Answers at once. rate-limiter-flexible's own has a timer for each key, none of its keys goes before its time, and a time of
 * more than 24 days is none to it.
 */
export function createMemoryCounters({
  most = 50_000,
  now = () => performance.now(),
}: Options = {}): CountersHere {
  const groups = new Map<string, LRUCache<string, Count>>();

  function countsOf({ group }: Take): LRUCache<string, Count> {
    const counts = groups.get(group) ?? new LRUCache<string, Count>({ max: most });
    groups.set(group, counts);
    return counts;
  }

  function takeFromWindow(take: Take, at: number): Taken {
    const { key, points, limit, window } = take;
    const counts = countsOf(take);
    const before = counts.get(key);
    const count = before !== undefined && before.at > at ? before : { taken: 0, at: at + window };
    count.taken += points;
    counts.set(key, count);
    const isAllowed = count.taken <= limit;
    return { isAllowed, remaining: Math.max(0, limit - count.taken), wait: whole(count.at - at) };
  }

  function takeFromBucket(take: Take, at: number): Taken {
    const { key, points, limit, window } = take;
    const counts = countsOf(take);
    const { taken, at: before } = counts.get(key) ?? { taken: 0, at };
    const left = Math.max(0, taken - ((at - before) * limit) / window);
    const after = left + points;
    const isAllowed = after <= limit + tolerance;
    if (!isAllowed) return { isAllowed, remaining: 0, wait: whole(((after - limit) * window) / limit) };
    counts.set(key, { taken: after, at });
    const remaining = Math.max(0, Math.floor(limit - after + tolerance));
    return { isAllowed, remaining, wait: whole((after * window) / limit) };
  }

  return {
    take(takes) {
      const at = now();
      return takes.map((take) =>
        take.kind === 'bucket' ? takeFromBucket(take, at) : takeFromWindow(take, at),
      );
    },
  };
}

/** Milliseconds, as Redis counts them. */
function whole(wait: number): number {
  return Math.max(0, Math.ceil(wait - tolerance));
}
