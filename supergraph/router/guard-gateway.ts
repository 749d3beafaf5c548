// Owns rules in front of a gateway that knows none: an operation of which the viewer may not ask for a part is not run.
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { decide } from '../auth/rules/decide.ts';
import { GuardedOperation, type RuleOf } from '../auth/rules/guarded-operation.ts';
import { type Bounds, boundArguments, boundVariables } from '../clients/bound-arguments.ts';
import type { Client } from '../foundation/client-version.ts';
import { clientError } from '../foundation/errors.ts';
import { anonymous } from '../foundation/viewer.ts';
import type { BffCosts } from '../limits/cost/create-costs.ts';
import { checkVariables } from '../limits/operation/check-variables.ts';
import { coerceVariables } from '../limits/operation/coerce-variables.ts';
import type { OperationLimits } from '../limits/operation/operation-limits.ts';
import type { MayReadSchema } from '../limits/operation/schema-readers.ts';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import { operationSchema } from '../planner/canonical/operation-schema.ts';
import type { Gateway } from './engine-gateway.ts';
import type { ServerContext } from './handle-request.ts';
import { prepareOperation } from './prepare-operation.ts';
import { withStatus } from './with-status.ts';

export interface GuardOptions {
  rules: (apiSchema: GraphQLSchema) => RuleOf;
  /** The supergraph. */
  document: DocumentNode;
  /** Of the arguments that a client gives. */
  boundsOf: (client: Client) => Bounds | undefined;
  limits: OperationLimits;
  costs: BffCosts;
  mayReadSchema: MayReadSchema;
}

/** Our own engine leaves denied fields out and answers the rest; another's plan cannot be asked for that. */
export function guardGateway(gateway: Gateway, options: GuardOptions): Gateway {
  let guard: Guard | undefined;
  return {
    onSchemaLoadOrUpdate(listener) {
      return gateway.onSchemaLoadOrUpdate((loaded) => {
        guard = guardOf(loaded.apiSchema, options);
        listener(loaded);
      });
    },
    async load(options) {
      const { executor } = await gateway.load(options);
      if (executor === null) return { executor };
      return {
        executor: async (request) => {
          const { operation, request: asked } = request;
          const context = request.context as ServerContext;
          // Without a schema nothing is known of rules.
          const { variables = {} } = asked;
          const { errors, cost } = (await guard?.(request.document, operation, variables, context)) ?? {
            errors: [new GraphQLError('The graph is not loaded yet.')],
          };
          if (errors.length > 0) return { errors };
          const refused = await context.charge?.({ document: request.document, operation }, cost?.estimated);
          if (refused) return { errors: [withStatus(refused)] };
          cost?.begun();
          const answer = await executor(request);
          const failed = (answer.errors ?? []).length > 0;
          context.ran?.({ document: request.document, operation }, { failed, isForAll: false });
          if (context.headers['x-cost'] !== '1' || cost === undefined) return answer;
          return { ...answer, extensions: { ...answer.extensions, cost: cost.told(answer.data) } };
        },
      };
    },
    stop: () => gateway.stop(),
  };
}

type Guard = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  context: ServerContext,
) => Promise<Judgement>;

interface Judgement {
  /** Where there are any, nothing is run. */
  errors: GraphQLError[];
  cost?: JudgedCost;
}

interface JudgedCost {
  estimated: number;
  /** To be called when it is run. */
  begun: () => void;
  /** What a client is told of it, by the data of the answer. */
  told: (data: unknown) => object;
}

function guardOf(apiSchema: GraphQLSchema, options: GuardOptions): Guard {
  const { rules, document: supergraph, boundsOf, limits, costs, mayReadSchema } = options;
  const judgeCost = costJudge(apiSchema, costs);
  const schema = operationSchema(apiSchema, supergraph);
  const ruleOf = rules(apiSchema);
  return async (document, operation, variables, { viewer = anonymous, client = {} }) => {
    const prepared = withinLimits(() => {
      const within = prepareOperation(document, operation, limits);
      if (within.readsSchema && !mayReadSchema(client)) throw clientError('INTROSPECTION_DISABLED');
      checkVariables(operation, variables, limits);
      return within;
    });
    if (prepared instanceof GraphQLError) return { errors: [withStatus(prepared)] };
    const tooMuch = beyondBounds(apiSchema, boundsOf(client), { document, operation }, variables);
    if (tooMuch) return { errors: [tooMuch] };
    // The other would look for all mistakes, and say each.
    const coerced = withinLimits(() => coerceVariables(apiSchema, operation, variables));
    if (coerced instanceof GraphQLError) return { errors: [withStatus(coerced)] };
    // Whether a field without a decided condition is asked for is the other's matter, and it may be.
    const open = prepared.conditions.find((name) => typeof coerced[name] !== 'boolean');
    if (open !== undefined) {
      const reason = `The variable "$${open}" must be true or false.`;
      return { errors: [clientError('BAD_USER_INPUT', { reason })] };
    }
    const guarded = new GuardedOperation(schema, prepared, coerced, ruleOf);
    const cost = withinLimits(() => judgeCost(guarded.canonical([]), coerced));
    if (cost instanceof GraphQLError) return { errors: [withStatus(cost)] };
    const verdicts = await decide(guarded.checks, { viewer, client }, coerced);
    const errors = verdicts.flatMap((denied) =>
      denied ? [new GraphQLError(denied.message, { extensions: { code: denied.code } })] : [],
    );
    return { errors, cost };
  };
}

type JudgeCost = (canonical: CanonicalOperation, variables: Readonly<Record<string, unknown>>) => JudgedCost;

/** Throws COST_LIMIT_EXCEEDED. */
function costJudge(apiSchema: GraphQLSchema, { within, limit }: BffCosts): JudgeCost {
  const costs = within(apiSchema);
  return (canonical, variables) => {
    const cost = costs.of(canonical);
    const estimated = cost.estimate(variables);
    costs.demandAffordable(estimated);
    const told = (data: unknown) => ({
      estimated,
      actual: cost.actual(variables, data),
      ...(limit !== undefined && { limit }),
    });
    return { estimated, told, begun: () => costs.count(estimated) };
  };
}

function withinLimits<Result>(work: () => Result): Result | GraphQLError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** What a client leaves out cannot be put into an operation that is another's to plan, but it can be held to its bounds. */
function beyondBounds(
  schema: GraphQLSchema,
  bounds: Bounds | undefined,
  asked: { document: DocumentNode; operation: OperationDefinitionNode },
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | undefined {
  if (bounds === undefined) return undefined;
  try {
    boundVariables(boundArguments(schema, bounds, asked), variables);
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
