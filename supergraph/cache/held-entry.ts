// Owns what is told to operators of what a process keeps.
import type { HeldEntry } from './cache-desk.ts';
import { changeOf, marksOf } from './changes.ts';
import { endOf, type Kept } from './kept.ts';
import type { LevelOne } from './level-one.ts';

/** All that a change of the mark drops, so many at most; see CacheDesk. What is over is left out. */
export function describeHeld(levelOne: LevelOne, mark: string, most: number, now: number): HeldEntry[] {
  const held: HeldEntry[] = [];
  const told = new Set<Kept>();
  for (const by of marksOf(changeOf([mark]))) {
    for (const kept of levelOne.having(by)) {
      if (held.length >= most) return held;
      if (told.has(kept) || endOf(kept) <= now) continue;
      told.add(kept);
      held.push(described(kept, by, now));
    }
  }
  return held;
}

function described(kept: Kept, by: string, now: number): HeldEntry {
  const { shelf, readAt, freshUntil, staleUntil, errorUntil, why, marks, bytes } = kept;
  const { subgraph, of, selection, rule } = shelf;
  const { scope } = rule;
  const isWhole = shelf.number < 0;
  return {
    level: isWhole ? 'responses' : 'process',
    of: isWhole && of.trim() === '' ? '(no name)' : of,
    ...{ subgraph, selection, why, marks, by, bytes },
    scope: typeof scope === 'string' ? scope : `claim ${scope.claim}`,
    age: now - readAt,
    freshFor: freshUntil - now,
    staleWhileRevalidate: Math.max(0, staleUntil - freshUntil),
    staleIfError: Math.max(0, errorUntil - freshUntil),
  };
}
