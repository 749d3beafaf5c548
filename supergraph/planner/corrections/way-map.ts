// Owns what ways have in common: requests, places where a subgraph is entered, and fetches that are one because the ways
// to them begin alike.
import type { Conditions, Edge, Path, Rounds, Way } from './way.ts';

/** All fetches that ask one subgraph in one round. */
export interface Request {
  subgraph: string;
  round: number;
}

/** A place of the operation from which on a subgraph is asked; there may be several ways to come there. */
export interface Stop {
  /** Fields from the root. */
  depth: number;
}

/** One of the ways to come to a stop. */
export interface Fetch {
  stop: Stop;
  /** Options that take it. */
  uses: number;
}

/** One way to one selection. */
export interface Option<T> {
  candidate: T;
  requests: ReadonlySet<Request>;
  /** In the order in which they are taken. */
  fetches: ReadonlySet<Fetch>;
  /** Steps, those of conditions too. */
  size: number;
}

/** A place on the way through the graph; what begins alike is the same. */
interface Step {
  next: Map<Edge | null, Map<unknown, Step>>;
  fetch?: Fetch;
}

/** A place of the operation, whatever subgraph one is in there. */
interface Place {
  next: Map<unknown, Place>;
  stops: Map<string, Stop>;
  depth: number;
}

/** Makes requests, fetches and stops that are the same one object. */
export class WayMap {
  private readonly start: Step = { next: new Map() };
  private readonly root: Place = { next: new Map(), stops: new Map(), depth: 0 };
  private readonly rounds: Map<string, Request>[] = [];

  optionOf<T extends { paths: Way }>(candidate: T): Option<T> {
    const requests = new Set<Request>();
    const fetches = new Set<Fetch>();
    const size = candidate.paths.reduce((sum, path) => sum + this.follow(path, requests, fetches), 0);
    for (const fetch of fetches) fetch.uses += 1;
    return { candidate, requests, fetches, size };
  }

  /** Those that occur. */
  known(rounds: Rounds): Request[] {
    return rounds.flatMap((subgraphs, round) =>
      [...subgraphs].flatMap((subgraph) => this.rounds[round]?.get(subgraph) ?? []),
    );
  }

  private follow(path: Path, requests: Set<Request>, fetches: Set<Fetch>): number {
    let step = this.start;
    let place = this.root;
    let round = 0;
    let size = 0;
    for (const [edge, trigger, conditions] of path) {
      const name = nameOf(trigger);
      if (name !== undefined) {
        const { depth } = place;
        place = known(place.next, name, () => ({ next: new Map(), stops: new Map(), depth: depth + 1 }));
      }
      step = known(known(step.next, edge, newMap<unknown, Step>), name, newStep);
      size += 1 + (conditions ? sizeOf(conditions) : 0);
      if (!edge?.changesSubgraph()) continue;
      const { source } = edge.tail;
      const { depth } = place;
      step.fetch ??= { stop: known(place.stops, source, () => ({ depth })), uses: 0 };
      fetches.add(step.fetch);
      requests.add(this.request(source, round));
      round += 1;
    }
    return size;
  }

  private request(subgraph: string, round: number): Request {
    this.rounds[round] ??= new Map();
    return known(this.rounds[round] as Map<string, Request>, subgraph, () => ({ subgraph, round }));
  }
}

export function known<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function newMap<Key, Value>(): Map<Key, Value> {
  return new Map();
}

function newStep(): Step {
  return { next: new Map() };
}

/** Of a field or a fragment; what else is on a path has none. */
function nameOf(trigger: unknown): string | undefined {
  if (typeof trigger !== 'object' || trigger === null) return undefined;
  return 'key' in trigger && typeof trigger.key === 'function' ? String(trigger.key()) : undefined;
}

/** A jump weighs as much as ten fields. */
function sizeOf(conditions: Conditions): number {
  let size = 0;
  for (const [edge, , inner, rest] of conditions.childElements()) {
    size += (edge?.changesSubgraph() ? 10 : 1) + (inner ? sizeOf(inner) : 0) + sizeOf(rest);
  }
  return size;
}
