// Owns the choice of one way to each selection where there are too many plans to compare: first the few requests that
// lead everywhere, then the few fetches within them.
import { arriveOnce } from './arrive-once.ts';
import { priceOf, type Rounds, type Way } from './way.ts';
import { type Fetch, known, type Option, type Request, WayMap } from './way-map.ts';

/** Of each list one. `likely` are requests that may be enough. */
export function chooseWays<T extends { paths: Way }>(
  candidates: readonly (readonly T[])[],
  likely: Rounds,
): T[] {
  const map = new WayMap();
  const selections = candidates.map((options) => options.map((candidate) => map.optionOf(candidate)));
  const chosen = chooseRequests(selections, map.known(likely));
  const isIn = ({ requests }: Option<T>): boolean => [...requests].every((request) => chosen.has(request));
  const left = arriveOnce(selections, isIn).map((options) => {
    const within = options.filter(isIn);
    return within.length > 0 ? within : options;
  });
  return chooseFetches(left).map(({ candidate }) => candidate);
}

/** Enough for one option of each selection: from those that are likely, or from none, whichever ends cheaper. */
function chooseRequests<T>(
  selections: readonly (readonly Option<T>[])[],
  likely: readonly Request[],
): Set<Request> {
  const priced = [likely, []].map((first) => {
    const requests = withoutNeedless(enough(selections, first), selections);
    return { requests, price: [...requests].reduce((sum, { round }) => sum + priceOf(round), 0) };
  });
  return priced.reduce((one, other) => (other.price < one.price ? other : one)).requests;
}

/** Those that make most selections possible for their price come first. */
function enough<T>(selections: readonly (readonly Option<T>[])[], first: readonly Request[]): Set<Request> {
  const chosen = new Set(first);
  let open = selections;
  while (open.length > 0) {
    const bundles = new Map<string, { requests: Request[]; price: number; gain: number; last?: unknown }>();
    open = open.filter((options) => {
      const missing = options.map(({ requests }) => [...requests].filter((request) => !chosen.has(request)));
      if (missing.some(({ length }) => length === 0)) return false;
      for (const requests of missing) {
        const price = requests.reduce((sum, { round }) => sum + priceOf(round), 0);
        const key = requests.map(({ subgraph, round }) => `${round} ${subgraph}`).join();
        const bundle = known(bundles, key, () => ({ requests, price, gain: 0, last: undefined as unknown }));
        if (bundle.last !== options) bundle.gain += 1;
        bundle.last = options;
      }
      return true;
    });
    const all = [...bundles.values()];
    if (all.length === 0) break;
    const best = all.reduce((one, other) => (other.gain * one.price > one.gain * other.price ? other : one));
    for (const request of best.requests) chosen.add(request);
  }
  return chosen;
}

/** What came first may be needless because of what came later. */
function withoutNeedless<T>(
  chosen: Set<Request>,
  selections: readonly (readonly Option<T>[])[],
): Set<Request> {
  const isEnough = (): boolean =>
    selections.every((options) =>
      options.some(({ requests }) => [...requests].every((request) => chosen.has(request))),
    );
  for (const request of [...chosen].sort((one, other) => other.round - one.round)) {
    chosen.delete(request);
    if (!isEnough()) chosen.add(request);
  }
  return chosen;
}

/** Selections that can be had in few ways come first, as the others can follow them. */
function chooseFetches<T>(selections: readonly (readonly Option<T>[])[]): Option<T>[] {
  const taken = new Set<Fetch>();
  const chosen = new Map<readonly Option<T>[], Option<T>>();
  for (const options of [...selections].sort((one, other) => one.length - other.length)) {
    const ranked = options.map((option) => {
      const added = [...option.fetches].filter((fetch) => !taken.has(fetch));
      const uses = added.reduce((sum, fetch) => sum + fetch.uses, 0);
      return { option, rank: [added.length, -uses, option.fetches.size, option.size] };
    });
    const { option } = ranked.reduce((one, other) => (isBefore(other.rank, one.rank) ? other : one));
    for (const fetch of option.fetches) taken.add(fetch);
    chosen.set(options, option);
  }
  return selections.flatMap((options) => chosen.get(options) ?? []);
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const index = one.findIndex((value, position) => value !== other[position]);
  return index >= 0 && (one[index] ?? 0) < (other[index] ?? 0);
}
