// Owns what is told to operators of what a process keeps.
import type { HeldEntry } from './cache-desk.ts';
import { endOf, type Kept } from './kept.ts';
import type { LevelOne } from './level-one.ts';

/** So many at most, the most recently used first; what is over is left out. */
export function describeHeld(levelOne: LevelOne, mark: string, most: number, now: number): HeldEntry[] {
  const held: HeldEntry[] = [];
  for (const kept of levelOne.having(mark)) {
    if (held.length >= most) break;
    if (endOf(kept) > now) held.push(described(kept, now));
  }
  return held;
}

function described(kept: Kept, now: number): HeldEntry {
  const { shelf, readAt, freshUntil, staleUntil, errorUntil, why, marks, bytes } = kept;
  const { subgraph, of, selection, rule } = shelf;
  const { scope } = rule;
  return {
    level: shelf.number < 0 ? 'responses' : 'process',
    ...{ subgraph, of, selection, why, marks, bytes },
    scope: typeof scope === 'string' ? scope : `claim ${scope.claim}`,
    age: now - readAt,
    freshFor: freshUntil - now,
    staleWhileRevalidate: Math.max(0, staleUntil - freshUntil),
    staleIfError: Math.max(0, errorUntil - freshUntil),
  };
}
