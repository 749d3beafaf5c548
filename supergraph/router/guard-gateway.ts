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
import { clientError } from '../foundation/errors.ts';
import { anonymous } from '../foundation/viewer.ts';
import { operationSchema } from '../planner/canonical/canonical-operation.ts';
import type { Gateway } from './engine-gateway.ts';
import type { ServerContext } from './handle-request.ts';
import { prepareOperation } from './prepare-operation.ts';

export interface GuardOptions {
  rules: (apiSchema: GraphQLSchema) => RuleOf;
  /** The supergraph. */
  document: DocumentNode;
}

/** Our own engine leaves denied fields out and answers the rest; another's plan cannot be asked for that. */
export function guardGateway(gateway: Gateway, { rules, document }: GuardOptions): Gateway {
  let guard: Guard | undefined;
  return {
    onSchemaLoadOrUpdate(listener) {
      return gateway.onSchemaLoadOrUpdate((loaded) => {
        guard = guardOf(loaded.apiSchema, rules(loaded.apiSchema), document);
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
          return errors.length > 0 ? { errors } : executor(request);
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

function guardOf(apiSchema: GraphQLSchema, ruleOf: RuleOf, supergraph: DocumentNode): Guard {
  const schema = operationSchema(apiSchema, supergraph);
  return async (document, operation, variables, { viewer = anonymous }) => {
    const { coerced = {} } = getVariableValues(apiSchema, operation.variableDefinitions ?? [], variables);
    const prepared = prepareOperation(document, operation);
    // Whether a field without a decided condition is asked for is the other's matter, and it may be.
    const open = prepared.conditions.find((name) => typeof coerced[name] !== 'boolean');
    if (open !== undefined) {
      return [clientError('BAD_USER_INPUT', { reason: `The variable "$${open}" must be true or false.` })];
    }
    const { checks } = new GuardedOperation(schema, prepared, coerced, ruleOf);
    const verdicts = await decide(checks, { viewer }, coerced);
    return verdicts.flatMap((denied) =>
      denied ? [new GraphQLError(denied.message, { extensions: { code: denied.code } })] : [],
    );
  };
}
