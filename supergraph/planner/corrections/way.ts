// Owns how ways through the graph look, as far as they are weighed here: the planner's own paths, and the requests that
// come of them.

/** Leads from one type of a subgraph to another, by a field, by a fragment or into another subgraph. */
export interface Edge {
  tail: { index: number; source: string };
  changesSubgraph: () => boolean;
}

/** What must be fetched before an edge can be taken. */
export interface Conditions {
  childElements: () => Iterable<readonly [Edge | null, unknown, Conditions | null, Conditions, ...unknown[]]>;
}

/** The second of each step is what it is taken for: a field, a fragment, or nothing of the operation. */
export interface Path extends Iterable<readonly [Edge | null, unknown, Conditions | null, ...unknown[]]> {
  tail: { index: number };
  subgraphJumps: () => number;
}

/** Paths that are taken at once. */
export type Way = readonly Path[];

/**
 * Subgraphs that are asked, by the number of answers that must be there before. Fetches that ask one subgraph in the same
 * round can be one request.
 */
export type Rounds = Set<string>[];

/** Of one request. What must wait longer costs more. */
export function priceOf(round: number): number {
  return 1 + 0.3 * round;
}

/** What requests cost that are not among others; both begin in round `first`. */
export function priceBeside(others: Rounds, wanted: Rounds, first: number): number {
  let price = 0;
  for (const [index, subgraphs] of wanted.entries()) {
    for (const subgraph of subgraphs) if (!others[index]?.has(subgraph)) price += priceOf(first + index);
  }
  return price;
}

export function addRounds(to: Rounds, wanted: Rounds): void {
  for (const [index, subgraphs] of wanted.entries()) {
    const there = to[index];
    if (there === undefined) to[index] = new Set(subgraphs);
    else for (const subgraph of subgraphs) there.add(subgraph);
  }
}

/** How many requests of a path are not among those. */
export function straysOf(path: Path, rounds: Rounds): number {
  let round = 0;
  let strays = 0;
  for (const [edge] of path) {
    if (!edge?.changesSubgraph()) continue;
    if (!rounds[round]?.has(edge.tail.source)) strays += 1;
    round += 1;
  }
  return strays;
}
