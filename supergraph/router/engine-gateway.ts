// Owns the place of our engine behind Apollo Server: to the server it is a gateway like Apollo's own.
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Freshness } from '../foundation/freshness.ts';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import { namesInPlan } from '../planner/drawing/draw-names.ts';
import { drawPlanText } from '../planner/drawing/draw-plan-text.ts';
import type { QueryPlan } from '../planner/plan.ts';
import { deprecatedUses } from '../usage/deprecated-uses.ts';
import { degradedForClient } from './degraded-for-client.ts';
import type { Engine } from './engine.ts';
import type { ServerContext } from './handle-request.ts';
import { lazyData } from './lazy-data.ts';
import { withStatus } from './with-status.ts';

export type Gateway = ApolloServerOptionsWithGateway<ServerContext>['gateway'];

export interface EngineGatewayOptions {
  engine: Engine;
  supergraphSdl: string;
  /** Whether clients may ask how an answer came about: `x-query-plan: 1` for the plan, `x-cache: 1` for what was kept. */
  tellsPlans: boolean;
  /** Told with what an operation has cost, where costs are bounded. */
  costLimit?: number | undefined;
  log: { error: (details: object, message: string) => void };
  stop: () => Promise<void>;
}

/** In characters: what a longer answer has cost is not told, because reading it would keep others waiting. */
const longestCosted = 1_000_000;

/** Answers carry lazy data: see lazyData and answerText. */
export function engineGateway(options: EngineGatewayOptions): Gateway {
  const { engine, supergraphSdl, tellsPlans, costLimit: limit, log, stop } = options;
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
          const { data, errors, degraded, plan, canonical, isForAll } = await engine.run({
            document,
            operation,
            variables,
            context,
            ...(context.charge && { charge: (cost) => context.charge?.({ document, operation }, cost) }),
          });
          context.ran?.(
            { document, operation },
            { failed: errors.length > 0 || degraded !== undefined, isForAll },
          );
          const json = data.toString();
          return {
            data: json === 'null' ? null : lazyData(json),
            ...(errors.length > 0 && { errors }),
            ...extensionsOf({
              ...(degraded && { degraded: degradedForClient(degraded) }),
              ...(tellsPlans &&
                context.headers['x-query-plan'] === '1' && { queryPlan: told(plan, canonical) }),
              ...(tellsPlans &&
                context.headers['x-cache'] === '1' && { cache: cacheReport(context.freshness) }),
              ...(context.headers['x-deprecations'] === '1' && {
                deprecations: deprecatedUses(engine.apiSchema, document, operation),
              }),
              ...(context.headers['x-cost'] === '1' && {
                cost: {
                  ...engine.costOf(
                    { document, operation, variables, context },
                    json.length <= longestCosted ? json : undefined,
                  ),
                  ...(limit !== undefined && { limit }),
                },
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

/** By fetch, times in seconds. */
function cacheReport(freshness: Freshness | undefined) {
  const now = freshness?.now() ?? 0;
  return (freshness?.parts ?? []).map(
    ({ subgraph, of, hits, stale, misses, failed, readAt, freshUntil, isPublic }) => {
      const maxAge = Math.max(0, freshUntil - now);
      return {
        subgraph,
        ...(of !== '' && { of }),
        ...{ hits, stale, misses },
        ...(failed && { failed }),
        age: Math.round(Math.max(0, now - readAt) / 1000),
        maxAge: Number.isFinite(maxAge) ? Math.floor(maxAge / 1000) : 0,
        ...(maxAge > 0 && { scope: isPublic ? 'public' : 'private' }),
      };
    },
  );
}

function told(plan: QueryPlan, canonical: CanonicalOperation) {
  return { text: drawPlanText(plan), names: namesInPlan(canonical), plan };
}
