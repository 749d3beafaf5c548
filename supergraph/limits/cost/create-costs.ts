// Owns what operations of one BFF cost: by the words of its supergraph, within the bound of its declaration.
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { type LimitsDeclaration, usualLimits } from '../../declaration/limits-declaration.ts';
import { clientError } from '../../foundation/errors.ts';
import type { CanonicalOperation } from '../../planner/canonical/canonical-operation.ts';
import { actualCost } from './actual-cost.ts';
import { amountIn, type Reckoning } from './amount.ts';
import { readCostDirectives } from './cost-directives.ts';
import { CostHistogram } from './cost-histogram.ts';
import { CostedFields, type CostRules } from './costed-fields.ts';
import { estimateCost } from './estimate-cost.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Costs are whole numbers. Variables are coerced, and go by the client's names. */
export interface OperationCost {
  /** Before it runs. Throws BAD_USER_INPUT where the size of a list has to be given, and is not, where costs are bounded. */
  estimate: (variables: Variables) => number;
  /** After it, by the data of its answer; undefined where there is too much of it to find out. */
  actual: (variables: Variables, data: unknown) => number | undefined;
}

export interface Costs {
  /** Once for one operation: what comes of it is to be remembered with that. */
  of: (canonical: CanonicalOperation) => OperationCost;
  /** Throws COST_LIMIT_EXCEEDED where that is too much. */
  demandAffordable: (estimated: number) => void;
  /** Hears of each operation that a client has run. */
  count: (estimated: number) => void;
}

export interface BffCosts {
  /** By what clients see of the supergraph. */
  within: (apiSchema: GraphQLSchema) => Costs;
  /** Left out where costs are not bounded. */
  limit?: number;
  /** What is counted, in Prometheus' text format. */
  metrics: () => string;
}

export interface CostsOptions {
  bff: { name: string; limits?: LimitsDeclaration | undefined };
  supergraph: { document: DocumentNode };
}

export function createCosts({ bff, supergraph }: CostsOptions): BffCosts {
  const { cost: most = usualLimits.cost, assumedListSize = usualLimits.assumedListSize } = bff.limits ?? {};
  const isBounded = Number.isFinite(most);
  const directives = readCostDirectives(supergraph.document);
  const histogram = new CostHistogram(bff.name);
  const demandAffordable = (estimated: number): void => {
    if (estimated <= most) return;
    throw clientError('COST_LIMIT_EXCEEDED', {
      reason: `The operation may cost ${estimated}, and no more than ${most} is answered.`,
    });
  };
  return {
    within(schema) {
      const rules = { schema, directives, assumedListSize, isStrict: isBounded };
      return {
        of: (canonical) => operationCost(canonical, rules),
        demandAffordable,
        count: (estimated) => histogram.count(estimated),
      };
    },
    ...(isBounded && { limit: most }),
    metrics: () => histogram.text(),
  };
}

function operationCost(canonical: CanonicalOperation, rules: CostRules): OperationCost {
  const fields = new CostedFields(rules, canonical.variables);
  const estimated = estimateCost(canonical, fields);
  const constant = typeof estimated === 'number' ? Math.ceil(estimated) : undefined;
  let number = 0;
  const reckon = (variables: Variables): Reckoning => ({ number: ++number, variables });
  return {
    estimate: (variables) => constant ?? Math.ceil(amountIn(estimated, reckon(variables))),
    actual(variables, data) {
      const cost = actualCost(canonical, fields, data, reckon(variables));
      return cost === undefined ? undefined : Math.ceil(cost);
    },
  };
}
