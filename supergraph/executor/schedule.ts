// Owns the order of a plan's fetches, and which of them become one request: entity fetches that one subgraph can be
// asked at the same time.
import type { FetchNode, PlanNode } from '../planner/plan.ts';

export type Schedule =
  | { kind: 'sequence'; steps: Schedule[] }
  | { kind: 'parallel'; steps: Schedule[] }
  | { kind: 'root'; node: FetchNode }
  | { kind: 'entities'; nodes: FetchNode[] };

export function schedule(node: PlanNode): Schedule {
  if (node.kind === 'fetch')
    return node.requires ? { kind: 'entities', nodes: [node] } : { kind: 'root', node };
  const nodes = node.nodes.flatMap((inner) => (inner.kind === node.kind ? inner.nodes : [inner]));
  return node.kind === 'sequence' ? sequence(nodes.map(schedule)) : parallel(nodes);
}

function parallel(nodes: readonly PlanNode[]): Schedule {
  const steps: Schedule[] = [];
  /** Branches that begin with a fetch that may be joined with others, by subgraph. */
  const joinable = new Map<string, { first: FetchNode; rest: PlanNode[] }[]>();
  for (const node of nodes) {
    const [first, ...rest] = node.kind === 'sequence' ? node.nodes : [node];
    if (first?.kind !== 'fetch' || !first.requires || first.contexts) {
      steps.push(schedule(node));
      continue;
    }
    const branches = joinable.get(first.subgraph);
    if (branches) branches.push({ first, rest });
    else joinable.set(first.subgraph, [{ first, rest }]);
  }
  for (const branches of joinable.values()) {
    const together: Schedule = { kind: 'entities', nodes: branches.map(({ first }) => first) };
    const rests = branches.filter(({ rest }) => rest.length > 0).map(({ rest }) => asNode(rest));
    steps.push(rests.length === 0 ? together : sequence([together, parallel(rests)]));
  }
  return steps.length === 1 && steps[0] ? steps[0] : { kind: 'parallel', steps };
}

function sequence(steps: Schedule[]): Schedule {
  const flat = steps.flatMap((step) => (step.kind === 'sequence' ? step.steps : [step]));
  return flat.length === 1 && flat[0] ? flat[0] : { kind: 'sequence', steps: flat };
}

function asNode(nodes: PlanNode[]): PlanNode {
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'sequence', nodes };
}
