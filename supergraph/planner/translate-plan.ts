// Owns the translation of plans made by Apollo's planner into our own plan types.
import type {
  FetchNode as ApolloFetch,
  PlanNode as ApolloNode,
  QueryPlan as ApolloPlan,
  FetchDataRewrite,
  QueryPlanSelectionNode,
} from '@apollo/query-planner';
import type { FetchNode, PlanNode, QueryPlan, RequiredSelection, Rewrite } from './plan.ts';

/** Throws on what plans of canonical operations do not hold: conditions, deferred parts, subscriptions. */
export function translatePlan({ node }: ApolloPlan): QueryPlan {
  if (node === undefined) return {};
  if (node.kind === 'Subscription') throw new Error('Plans of subscriptions are not translated yet.');
  const translated = translateNode(node, []);
  return translated === undefined ? {} : { node: translated };
}

function translateNode(node: ApolloNode, path: readonly string[]): PlanNode | undefined {
  switch (node.kind) {
    case 'Fetch':
      return translateFetch(node, path);
    case 'Flatten':
      return translateNode(node.node, [...path, ...node.path.map(pathStep)]);
    case 'Sequence':
    case 'Parallel': {
      const kind = node.kind === 'Sequence' ? 'sequence' : 'parallel';
      return join(
        kind,
        node.nodes.flatMap((inner) => translateNode(inner, path) ?? []),
      );
    }
    case 'Condition':
    case 'Defer':
      throw new Error(`A plan of a canonical operation has no ${node.kind} nodes.`);
  }
}

/** One node of several; nodes of the same kind within it dissolve, and one alone stays as it is. */
export function join(kind: 'sequence' | 'parallel', nodes: readonly PlanNode[]): PlanNode | undefined {
  const flat = nodes.flatMap((node) => (node.kind === kind ? node.nodes : node));
  return flat.length > 1 ? { kind, nodes: flat } : flat[0];
}

function pathStep(step: string | number): string {
  // `items|[Book,Film]` is written only by a planner that is told to fetch by type, which ours is not.
  if (typeof step === 'number' || step.includes('|[')) throw new Error(`Unknown step in a path: ${step}`);
  return step;
}

function translateFetch(fetch: ApolloFetch, path: readonly string[]): FetchNode {
  const contexts = (fetch.contextRewrites ?? []).map(({ path: from, renameKeyTo }) => ({
    variable: renameKeyTo,
    path: from,
  }));
  const isOurs = new Set(['representations', ...contexts.map(({ variable }) => variable)]);
  return {
    kind: 'fetch',
    subgraph: fetch.serviceName,
    operation: fetch.operationKind,
    document: fetch.operation,
    variables: (fetch.variableUsages ?? []).filter((name) => !isOurs.has(name)),
    path: [...path],
    ...(fetch.requires && { requires: fetch.requires.map(translateRequired) }),
    ...(fetch.inputRewrites?.length && { inputRewrites: translateRewrites(fetch.inputRewrites) }),
    ...(fetch.outputRewrites?.length && { outputRewrites: translateRewrites(fetch.outputRewrites) }),
    ...(contexts.length > 0 && { contexts }),
  };
}

function translateRequired(selection: QueryPlanSelectionNode): RequiredSelection {
  const selections = selection.selections?.map(translateRequired);
  if (selection.kind === 'Field') {
    return { kind: 'field', name: selection.alias ?? selection.name, ...(selections && { selections }) };
  }
  if (selection.typeCondition === undefined) throw new Error('A fragment of required fields names no type.');
  return { kind: 'fragment', typeCondition: selection.typeCondition, selections: selections ?? [] };
}

/** The planner repeats some. */
function translateRewrites(rewrites: readonly FetchDataRewrite[]): Rewrite[] {
  const distinct = new Map(rewrites.map((rewrite) => [JSON.stringify(rewrite), rewrite]));
  return [...distinct.values()].map(translateRewrite);
}

function translateRewrite(rewrite: FetchDataRewrite): Rewrite {
  return rewrite.kind === 'ValueSetter'
    ? { kind: 'set', path: rewrite.path, value: rewrite.setValueTo }
    : { kind: 'rename', path: rewrite.path, to: rewrite.renameKeyTo };
}
