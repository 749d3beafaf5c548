// Owns asking stock's planner, as it is, which subgraphs it would ask.
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { type PlanNode, QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';

/** The subgraph of each fetch of the plan. */
export function stockPlan(supergraph: string, query: string): string[] {
  const built = Supergraph.build(supergraph);
  const { node } = new QueryPlanner(built).buildQueryPlan(
    operationFromDocument(built.apiSchema(), parse(query)),
  );
  if (node?.kind === 'Subscription') throw new Error('A subscription has no plan to count.');
  return fetchesBelow(node);
}

function fetchesBelow(node: PlanNode | undefined): string[] {
  switch (node?.kind) {
    case 'Fetch':
      return [node.serviceName];
    case 'Flatten':
      return fetchesBelow(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesBelow);
    default:
      return [];
  }
}
