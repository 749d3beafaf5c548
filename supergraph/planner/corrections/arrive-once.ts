// Owns that a place of an operation is entered in one subgraph by one way alone. Where selections come there by several,
// the planner makes them one fetch that waits for all, and with it everything behind.
import type { Fetch, Option, Stop } from './way-map.ts';

type Options<T> = readonly Option<T>[];

/** What is left of each list, of which none gets empty: of those that are preferred as many as can be. */
export function arriveOnce<T>(
  selections: readonly Options<T>[],
  isPreferred: (option: Option<T>) => boolean,
): Options<T>[] {
  const preferred = new Set(selections.flatMap((options) => options.filter(isPreferred)));
  const left = [...selections];
  for (const [stop, indexes] of stopsOf(selections)) {
    const touched = [...indexes].map((index) => left[index] ?? []);
    const arrivals = arrivalsAt(stop, touched);
    if (arrivals.size < 2) continue;
    const ranked = [...arrivals].map(([arrival, before]) => ({
      arrival,
      rank: rankOf(arrival, before, touched, preferred),
    }));
    const { arrival } = ranked.reduce((one, other) => (other.rank < one.rank ? other : one));
    for (const index of indexes) {
      const rest = (left[index] ?? []).filter((option) => arrives(option, arrival));
      if (rest.length > 0) left[index] = rest;
    }
  }
  return left;
}

/** With the selections that may come there; those next to the root first. */
function stopsOf<T>(selections: readonly Options<T>[]): [Stop, Set<number>][] {
  const stops = new Map<Stop, Set<number>>();
  for (const [index, options] of selections.entries()) {
    for (const { fetches } of options) {
      for (const { stop } of fetches) {
        const indexes = stops.get(stop);
        if (indexes) indexes.add(index);
        else stops.set(stop, new Set([index]));
      }
    }
  }
  return [...stops].sort(([one], [other]) => one.depth - other.depth);
}

/** With the number of fetches before them. */
function arrivalsAt<T>(stop: Stop, selections: readonly Options<T>[]): Map<Fetch, number> {
  const arrivals = new Map<Fetch, number>();
  for (const { fetches } of selections.flat()) {
    for (const [before, fetch] of [...fetches].entries())
      if (fetch.stop === stop) arrivals.set(fetch, before);
  }
  return arrivals;
}

/** Not by another way. */
function arrives<T>({ fetches }: Option<T>, arrival: Fetch): boolean {
  for (const fetch of fetches) if (fetch.stop === arrival.stop && fetch !== arrival) return false;
  return true;
}

/** The less the better: selections that would be lost, then those whose preferred options would, then the wait. */
function rankOf<T>(
  arrival: Fetch,
  before: number,
  selections: readonly Options<T>[],
  preferred: ReadonlySet<Option<T>>,
): number {
  let lost = 0;
  let worse = 0;
  let users = 0;
  for (const options of selections) {
    const rest = options.filter((option) => arrives(option, arrival));
    const best = rest.filter((option) => preferred.has(option));
    if (rest.length === 0) lost += 1;
    else if (best.length === 0 && options.some((option) => preferred.has(option))) worse += 1;
    if (best.some(({ fetches }) => fetches.has(arrival))) users += 1;
  }
  return lost * 1e9 + worse * 1e6 + before * 1e4 - users;
}
