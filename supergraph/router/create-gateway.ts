// Owns which engine stands behind Apollo Server: our own, or @apollo/gateway as what it is compared with.
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { bffRules } from '../auth/rules/bff-rules.ts';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { Client } from '../foundation/client-version.ts';
import type { Environment } from '../foundation/environment.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { createCosts } from '../limits/cost/create-costs.ts';
import type { OperationLimits } from '../limits/operation/operation-limits.ts';
import type { MayReadSchema } from '../limits/operation/schema-readers.ts';
import { createPlanner } from '../planner/create-planner.ts';
import type { QueryPlan } from '../planner/plan.ts';
import { createPlanCache } from '../planner/plan-cache.ts';
import type { Store } from '../store/store.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { createEngine, type Engine, type MakeStandIns } from './engine.ts';
import { engineGateway, type Gateway } from './engine-gateway.ts';
import { logFailures } from './log-failures.ts';
import { planMetrics } from './plan-metrics.ts';

interface GatewayOptions {
  bff: BffDeclaration;
  environment: Environment;
  supergraph: SupergraphFacts;
  sdl: string;
  /** GraphQL texts of operations that clients are known to send: they are planned before anything is served. */
  texts: readonly string[];
  clients: ReadonlyMap<string, SubgraphClient>;
  /** Subgraphs whose answers may go to clients unread. */
  trusted: ReadonlySet<string>;
  /** Put before each client, if anything is. */
  decorate: ((subgraph: string, client: SubgraphClient) => SubgraphClient) | undefined;
  /** Changes each plan before it is compiled, if anything does. */
  planApart: ((plan: QueryPlan) => QueryPlan) | undefined;
  /** Where replicas find each other's plans; without it each makes its own. */
  shared: Store | undefined;
  /** What stands in for fields that have failed, if anything does. */
  standIns: MakeStandIns | undefined;
  limits: OperationLimits;
  mayReadSchema: MayReadSchema;
  log: FastifyBaseLogger;
}

export interface LoadedGateway {
  gateway: Gateway;
  /** What runs operations behind the gateway, if it is our own. */
  engine?: Engine;
  /** What is counted of its plans and costs, in Prometheus' text format. */
  metrics?: () => string;
}

/** Rejects when the supergraph cannot be loaded; with the stock engine it is the server's start that rejects then. */
export async function createGateway(options: GatewayOptions): Promise<LoadedGateway> {
  const { bff, environment, supergraph, sdl, texts, trusted, decorate, planApart, shared, standIns, log } =
    options;
  const { limits, mayReadSchema } = options;
  const clients = new Map(
    [...options.clients].map(([name, given]) => {
      const client = logFailures(name, given, log);
      return [name, decorate ? decorate(name, client) : client];
    }),
  );
  const rules = (apiSchema: GraphQLSchema) => {
    const { ruleOf, unknownPolicies } = bffRules(bff, supergraph, apiSchema);
    for (const policy of unknownPolicies) {
      log.warn(
        `The graph asks for the policy "${policy}", of which the declaration says nothing: it denies.`,
      );
    }
    return ruleOf;
  };
  const { clients: declared = {} } = bff;
  const boundsOf = ({ name }: Client) => own(declared, name)?.arguments;
  const costs = createCosts({ bff, supergraph });
  if (environment.engine === 'apollo') {
    // Loaded only here: it brings the planner's memory into this thread.
    const { createStockEngine } = await import('./stock-engine.ts');
    return {
      gateway: createStockEngine({
        ...{ supergraph, clients, rules, boundsOf, limits, costs, mayReadSchema, log },
      }),
      metrics: costs.metrics,
    };
  }
  const planner = await createPlanner({ supergraph: supergraph.document, log });
  const { planFolder } = environment;
  const plans = createPlanCache({
    ...{ planner, log },
    ...(planFolder !== undefined && { folder: planFolder }),
    ...(shared && { store: shared }),
  });
  const stop = async () => {
    await plans.close();
    await planner.close();
  };
  try {
    const { apiSchemaSdl } = planner;
    const engine = createEngine({
      ...{ supergraph, clients, apiSchemaSdl, trusted, rules, boundsOf, limits, mayReadSchema },
      costs: costs.within,
      plans: planApart ? { ...plans, plan: async (text) => planApart(await plans.plan(text)) } : plans,
      ...(standIns && { standIns }),
    });
    await warm(engine, texts, log);
    const tellsPlans = !environment.production;
    return {
      gateway: engineGateway({
        ...{ engine, supergraphSdl: sdl, tellsPlans, log, stop },
        costLimit: costs.limit,
      }),
      engine,
      metrics: () => `${planMetrics(plans.counts(), bff.name)}${costs.metrics()}`,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Plans what clients are known to send. What is wrong with it is told, and is no reason not to serve. */
async function warm(engine: Engine, texts: readonly string[], log: FastifyBaseLogger): Promise<void> {
  for (const { operation, error } of await engine.warm(texts)) {
    log.warn({ err: error }, `there is no plan for the operation ${operation}`);
  }
}

/** A client may call itself `constructor`. */
function own<Value>(entries: Readonly<Record<string, Value>>, name: string | undefined): Value | undefined {
  return name !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}
