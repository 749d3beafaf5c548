// Owns saying what operations of a BFF may cost, and how much its graph says of that.
import type { BffDeclaration } from '../declaration/define-bff.ts';
import { usualLimits } from '../declaration/limits-declaration.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { readCostDirectives } from '../limits/cost/cost-directives.ts';

/** Rows of what is said, and of where it comes from. */
export function explainCosts(
  { limits = {} }: BffDeclaration,
  { document }: SupergraphFacts,
): (readonly [key: string, value: string, from: string])[] {
  const { cost, assumedListSize } = limits;
  const { weights, listSizes } = readCostDirectives(document).said;
  return [
    cost === undefined
      ? ['limits.cost', 'not bounded', 'default']
      : ['limits.cost', String(cost), 'declared'],
    assumedListSize === undefined
      ? ['limits.assumedListSize', String(usualLimits.assumedListSize), 'default']
      : ['limits.assumedListSize', String(assumedListSize), 'declared'],
    ['costs', `${weights} by @cost, ${listSizes} lists by @listSize`, 'supergraph'],
  ];
}
