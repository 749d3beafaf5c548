// Owns rules in front of a gateway that knows none: an operation of which the viewer may not ask for a part is not run.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { decide } from '../auth/rules/decide.ts';
import { GuardedOperation, type RuleOf } from '../auth/rules/guarded-operation.ts';
import { type Bounds, boundArguments, boundVariables } from '../clients/bound-arguments.ts';
import type { Client } from '../foundation/client-version.ts';
import { clientError } from '../foundation/errors.ts';
import { anonymous } from '../foundation/viewer.ts';
import { operationSchema } from '../planner/canonical/operation-schema.ts';
import type { Gateway } from './engine-gateway.ts';
import type { ServerContext } from './handle-request.ts';
import { prepareOperation } from './prepare-operation.ts';

export interface GuardOptions {
  rules: (apiSchema: GraphQLSchema) => RuleOf;
  /** The supergraph. */
  document: DocumentNode;
  /** Of the arguments that a client gives. */
  boundsOf: (client: Client) => Bounds | undefined;
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
          const errors = (await guard?.(request.document, operation, asked.variables ?? {}, context)) ?? [
            new GraphQLError('The graph is not loaded yet.'),
          ];
          if (errors.length > 0) return { errors };
          const answer = await executor(request);
          const failed = (answer.errors ?? []).length > 0;
          context.ran?.({ document: request.document, operation }, { failed, isForAll: false });
          return answer;
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
) => Promise<GraphQLError[]>;

function guardOf(apiSchema: GraphQLSchema, { rules, document: supergraph, boundsOf }: GuardOptions): Guard {
  const schema = operationSchema(apiSchema, supergraph);
  const ruleOf = rules(apiSchema);
  return async (document, operation, variables, { viewer = anonymous, client = {} }) => {
    const prepared = prepareOperation(document, operation);
    const tooMuch = beyondBounds(apiSchema, boundsOf(client), { document, operation }, variables);
    if (tooMuch) return [tooMuch];
    const { coerced = {} } = getVariableValues(apiSchema, operation.variableDefinitions ?? [], variables);
    // Whether a field without a decided condition is asked for is the other's matter, and it may be.
    const open = prepared.conditions.find((name) => typeof coerced[name] !== 'boolean');
    if (open !== undefined) {
      return [clientError('BAD_USER_INPUT', { reason: `The variable "$${open}" must be true or false.` })];
    }
    const { checks } = new GuardedOperation(schema, prepared, coerced, ruleOf);
    const verdicts = await decide(checks, { viewer, client }, coerced);
    return verdicts.flatMap((denied) =>
      denied ? [new GraphQLError(denied.message, { extensions: { code: denied.code } })] : [],
    );
  };
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
