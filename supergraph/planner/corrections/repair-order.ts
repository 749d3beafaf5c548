// Owns putting fetches in an order in which each has what it sends: the planner loses some dependencies when it merges.
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan, RequiredSelection } from '../plan.ts';
import { join } from '../translate-plan.ts';

interface Step {
  fetch: FetchNode;
  /** Steps that the plan puts before it. */
  before: Set<Step>;
  /** Places in the answer that it fills, and those that it reads; lists and types left out. */
  fills: ReadonlySet<string>;
  reads: ReadonlySet<string>;
}

/** The plan itself where its order is right. */
export function repairOrder(plan: QueryPlan): QueryPlan {
  if (plan.node === undefined || plan.node.kind === 'fetch') return plan;
  const steps: Step[] = [];
  collect(plan.node, new Set(), steps);
  let isRight = true;
  for (const step of steps) {
    for (const place of step.reads) {
      if ([...step.before].some(({ fills }) => fills.has(place))) continue;
      const late = steps.filter(
        (other) => other.fills.has(place) && other !== step && !precedes(step, other),
      );
      for (const other of late) step.before.add(other);
      if (late.length > 0) isRight = false;
    }
  }
  if (isRight) return plan;
  const levels: Step[][] = [];
  const depths = new Map<Step, number>();
  for (const step of steps) {
    const depth = depthOf(step, depths);
    levels[depth] = [...(levels[depth] ?? []), step];
  }
  const node = join(
    'sequence',
    levels.flatMap(
      (level) =>
        join(
          'parallel',
          level.map(({ fetch }) => fetch),
        ) ?? [],
    ),
  );
  return node === undefined ? {} : { node };
}

/** Adds the steps of a node; answers those that are done when it is. */
function collect(node: PlanNode, before: ReadonlySet<Step>, steps: Step[]): Set<Step> {
  if (node.kind === 'fetch') {
    const step = { fetch: node, before: new Set(before), fills: filledBy(node), reads: readBy(node) };
    steps.push(step);
    return new Set([step]);
  }
  const done = new Set<Step>();
  for (const inner of node.nodes) {
    const earlier = node.kind === 'sequence' ? new Set([...before, ...done]) : before;
    for (const step of collect(inner, earlier, steps)) done.add(step);
  }
  return done;
}

/** Whether one must be over before the other begins. */
function precedes(one: Step, other: Step): boolean {
  return other.before.has(one) || [...other.before].some((between) => precedes(one, between));
}

function depthOf(step: Step, known: Map<Step, number>): number {
  const before = known.get(step);
  if (before !== undefined) return before;
  const depth = Math.max(-1, ...[...step.before].map((earlier) => depthOf(earlier, known))) + 1;
  known.set(step, depth);
  return depth;
}

function filledBy({ document, path, requires }: FetchNode): Set<string> {
  const places = new Set<string>();
  const walk = (set: SelectionSetNode, at: string): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, at);
      else {
        const place = `${at}/${(selection.alias ?? selection.name).value}`;
        places.add(place);
        if (selection.selectionSet) walk(selection.selectionSet, place);
      }
    }
  };
  const [operation] = parse(document, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return places;
  const [entities] = operation.selectionSet.selections;
  if (requires === undefined) walk(operation.selectionSet, placeOf(path));
  else if (entities?.kind === Kind.FIELD && entities.selectionSet) walk(entities.selectionSet, placeOf(path));
  return places;
}

function readBy({ path, requires = [] }: FetchNode): Set<string> {
  const places = new Set<string>();
  const walk = (selections: readonly RequiredSelection[], at: string): void => {
    for (const selection of selections) {
      if (selection.kind === 'fragment') walk(selection.selections, at);
      // Whoever asks for anything of an object of unknown type asks for its type.
      else if (selection.name !== '__typename') {
        const place = `${at}/${selection.name}`;
        places.add(place);
        walk(selection.selections ?? [], place);
      }
    }
  };
  walk(requires, placeOf(path));
  return places;
}

function placeOf(path: readonly string[]): string {
  return path
    .filter((step) => step !== '@' && !step.startsWith('... on '))
    .map((step) => `/${step}`)
    .join('');
}
