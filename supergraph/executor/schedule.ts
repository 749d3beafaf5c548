// Owns the order of a plan's fetches, and which of them become one request: entity fetches that one subgraph can be asked
// at the same time.
import type { FetchNode, PlanNode, RequiredSelection } from '../planner/plan.ts';

/** One request: a root fetch, or entity fetches of one subgraph. */
export interface ScheduledRequest {
  subgraph: string;
  kind: 'root' | 'entities';
  nodes: FetchNode[];
  /** Indexes of the requests whose answers it needs; all of them lie before it. */
  after: readonly number[];
}

export type Schedule = readonly ScheduledRequest[];

/**
 * How fetches are joined: those that become ready by the same answers, or all that are equally many answers away from the
 * start; then one that nothing waits for goes with the last request to its subgraph. The second makes fewer requests, but
 * one that is ready may have to wait for what another needs.
 */
export type Joining = 'when-ready' | 'by-level';

interface PlannedFetch {
  node: FetchNode;
  after: readonly PlannedFetch[];
  level: number;
}

export function schedule(plan: PlanNode, joining: Joining): Schedule {
  const fetches: PlannedFetch[] = [];
  addFetches(plan, [], fetches);
  if (joining === 'by-level') delayLast(fetches);
  const requests: (ScheduledRequest & { after: number[] })[] = [];
  const places = new Map<PlannedFetch, number>();
  const joined = new Map<string, number>();
  // What lies before a fetch has a lower level, so its place is known.
  for (const fetch of fetches.toSorted((a, b) => a.level - b.level)) {
    const { node, level } = fetch;
    const after = inOrder(fetch.after.map((before) => places.get(before) ?? 0));
    const key = `${node.subgraph} ${joining === 'by-level' ? level : after}`;
    const known = isJoinable(node) ? joined.get(key) : undefined;
    const request = known === undefined ? undefined : requests[known];
    if (request) {
      request.nodes.push(node);
      request.after = inOrder([...request.after, ...after]);
    } else {
      const { subgraph, requires } = node;
      requests.push({ subgraph, kind: requires ? 'entities' : 'root', nodes: [node], after });
      if (isJoinable(node)) joined.set(key, requests.length - 1);
    }
    places.set(fetch, known ?? requests.length - 1);
  }
  return requests;
}

/** The fetches that are over last, when those in `after` are over at the start. */
function addFetches(
  plan: PlanNode,
  after: readonly PlannedFetch[],
  fetches: PlannedFetch[],
): readonly PlannedFetch[] {
  if (plan.kind === 'fetch') {
    const needed = neededOf(plan, after);
    const level = Math.max(-1, ...needed.map((before) => before.level)) + 1;
    const fetch = { node: plan, after: needed, level };
    fetches.push(fetch);
    // What it need not wait for others may have to.
    return [fetch, ...after.filter((before) => before.node.apart && !needed.includes(before))];
  }
  if (plan.kind === 'parallel') {
    const last = plan.nodes.flatMap((node) => addFetches(node, after, fetches));
    return last.length > 0 ? [...new Set(last)] : after;
  }
  return plan.nodes.reduce((before, node) => addFetches(node, before, fetches), after);
}

/** Of those that come before, without those that are apart and not read; what these needed is needed instead. */
function neededOf(node: FetchNode, before: readonly PlannedFetch[]): readonly PlannedFetch[] {
  if (before.every((one) => !one.node.apart || reads(node, one.node))) return before;
  const needed = before.flatMap((one) =>
    !one.node.apart || reads(node, one.node) ? [one] : neededOf(node, one.after),
  );
  return [...new Set(needed)];
}

/** Whether a fetch is about objects that another alone brings, or sends something of them. */
function reads({ path, requires = [], contexts }: FetchNode, { path: at, apart = [] }: FetchNode): boolean {
  // Values from contexts may lie anywhere around.
  if (contexts) return true;
  const own = keysIn(path);
  const places = [own, ...requiredPaths(requires).map((below) => [...own, ...below])];
  const start = keysIn(at);
  return places.some(
    (place) => start.every((key, index) => place[index] === key) && apart.includes(place[start.length] ?? ''),
  );
}

function requiredPaths(selections: readonly RequiredSelection[]): string[][] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'fragment') return requiredPaths(selection.selections);
    const below = selection.selections ? requiredPaths(selection.selections) : [];
    return [[selection.name], ...below.map((path) => [selection.name, ...path])];
  });
}

function keysIn(path: readonly string[]): string[] {
  return path.filter((step) => step !== '@' && !step.startsWith('... on '));
}

function delayLast(fetches: readonly PlannedFetch[]): void {
  const needed = new Set(fetches.flatMap(({ after }) => after));
  const lastLevels = new Map<string, number>();
  for (const { node, level } of fetches) {
    if (isJoinable(node)) {
      lastLevels.set(node.subgraph, Math.max(level, lastLevels.get(node.subgraph) ?? 0));
    }
  }
  for (const fetch of fetches) {
    const { node, level } = fetch;
    if (isJoinable(node) && !needed.has(fetch)) fetch.level = lastLevels.get(node.subgraph) ?? level;
  }
}

// Variables from contexts differ from entity to entity, and what is apart may take as long as it likes.
function isJoinable({ requires, contexts, apart }: FetchNode): boolean {
  return requires !== undefined && contexts === undefined && apart === undefined;
}

function inOrder(indexes: readonly number[]): number[] {
  return [...new Set(indexes)].sort((a, b) => a - b);
}
