// Owns refusing operations whose plans ask subgraphs too often, before anything is asked.
import { clientError } from '../../foundation/errors.ts';
import type { PlanNode, QueryPlan } from '../../planner/plan.ts';
import type { OperationLimits } from './operation-limits.ts';

/** Throws FETCH_LIMIT_EXCEEDED. */
export function checkFetches({ node }: QueryPlan, { fetches }: Pick<OperationLimits, 'fetches'>): void {
  const needed = node ? fetchesIn(node) : 0;
  if (needed <= fetches) return;
  throw clientError('FETCH_LIMIT_EXCEEDED', {
    reason: `The operation needs ${needed} questions to the services behind, and may have ${fetches}.`,
  });
}

function fetchesIn(node: PlanNode): number {
  if (node.kind === 'fetch') return 1;
  let sum = 0;
  for (const inner of node.nodes) sum += fetchesIn(inner);
  return sum;
}
