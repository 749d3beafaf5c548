// Owns the place of our engine behind Apollo Server: to the server it is a gateway like Apollo's own.
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { drawPlanText } from '../planner/drawing/draw-plan-text.ts';
import type { QueryPlan } from '../planner/plan.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import type { Engine } from './engine.ts';
import { lazyData } from './lazy-data.ts';

export type Gateway = ApolloServerOptionsWithGateway<RequestContext>['gateway'];

export interface EngineGatewayOptions {
  engine: Engine;
  supergraphSdl: string;
  /** Whether clients may ask for the plan of their operation, with the header `x-query-plan`. */
  tellsPlans: boolean;
  stop: () => Promise<void>;
}

/** Answers carry lazy data: see lazyData and answerText. */
export function engineGateway({ engine, supergraphSdl, tellsPlans, stop }: EngineGatewayOptions): Gateway {
  return {
    onSchemaLoadOrUpdate(listener) {
      listener({ apiSchema: engine.apiSchema, coreSupergraphSdl: supergraphSdl });
      return () => {};
    },
    load: async () => ({
      executor: async ({ source, document, operation, request, context: given }) => {
        // Apollo Server hands our own context through; its types only know it as a record.
        const context = given as RequestContext;
        const { variables = {} } = request;
        try {
          const { json, errors, plan } = await engine.run({
            source,
            document,
            operation,
            variables,
            context,
          });
          return {
            data: json === 'null' ? null : lazyData(json),
            ...(errors.length > 0 && { errors }),
            ...(tellsPlans && 'x-query-plan' in context.headers && { extensions: { queryPlan: told(plan) } }),
          };
        } catch (error) {
          if (error instanceof GraphQLError) return { errors: [error] };
          throw error;
        }
      },
    }),
    stop,
  };
}

function told(plan: QueryPlan): { text: string; plan: QueryPlan } {
  return { text: drawPlanText(plan), plan };
}
