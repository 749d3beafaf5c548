// Owns the place of our engine behind Apollo Server: to the server it is a gateway like Apollo's own.
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { errorRow } from '../foundation/errors.ts';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import { namesInPlan } from '../planner/drawing/draw-names.ts';
import { drawPlanText } from '../planner/drawing/draw-plan-text.ts';
import type { QueryPlan } from '../planner/plan.ts';
import { deprecatedUses } from '../usage/deprecated-uses.ts';
import type { Engine } from './engine.ts';
import type { ServerContext } from './handle-request.ts';
import { lazyData } from './lazy-data.ts';

export type Gateway = ApolloServerOptionsWithGateway<ServerContext>['gateway'];

export interface EngineGatewayOptions {
  engine: Engine;
  supergraphSdl: string;
  /** Whether clients may ask for the plan of their operation, with the header `x-query-plan: 1`. */
  tellsPlans: boolean;
  log: { error: (details: object, message: string) => void };
  stop: () => Promise<void>;
}

/** Answers carry lazy data: see lazyData and answerText. */
export function engineGateway(options: EngineGatewayOptions): Gateway {
  const { engine, supergraphSdl, tellsPlans, log, stop } = options;
  return {
    onSchemaLoadOrUpdate(listener) {
      listener({ apiSchema: engine.apiSchema, coreSupergraphSdl: supergraphSdl });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, operation, request, context: given }) => {
        // Apollo Server hands our own context through; its types only know it as a record.
        const context = given as ServerContext;
        const { variables = {} } = request;
        try {
          const { data, errors, plan, canonical } = await engine.run({
            document,
            operation,
            variables,
            context,
          });
          context.ran?.({ document, operation }, errors.length > 0);
          const json = data.toString();
          return {
            data: json === 'null' ? null : lazyData(json),
            ...(errors.length > 0 && { errors }),
            ...extensionsOf({
              ...(tellsPlans &&
                context.headers['x-query-plan'] === '1' && { queryPlan: told(plan, canonical) }),
              ...(context.headers['x-deprecations'] === '1' && {
                deprecations: deprecatedUses(engine.apiSchema, document, operation),
              }),
            }),
          };
        } catch (error) {
          if (!(error instanceof GraphQLError)) throw error;
          if (error.cause !== undefined)
            log.error({ err: error.cause }, `${context.requestId}: ${error.message}`);
          return { errors: [withStatus(error)] };
        } finally {
          if (operation.operation === 'mutation') context.changed?.();
        }
      },
    }),
    stop,
  };
}

function extensionsOf(extensions: object) {
  return Object.keys(extensions).length === 0 ? {} : { extensions };
}

function told(plan: QueryPlan, canonical: CanonicalOperation) {
  return { text: drawPlanText(plan), names: namesInPlan(canonical), plan };
}

/** Nothing was run, so the whole request has the status that the table gives the error. */
function withStatus(error: GraphQLError): GraphQLError {
  const row = errorRow(error.extensions['code']);
  if (row) Object.assign(error.extensions, { http: { status: row.status } });
  return error;
}
