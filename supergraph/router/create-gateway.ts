// Owns which engine stands behind Apollo Server: our own, or @apollo/gateway as what it is compared with.
import type { FastifyBaseLogger } from 'fastify';
import type { Environment } from '../foundation/environment.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { createPlanner } from '../planner/create-planner.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { createEngine } from './engine.ts';
import { engineGateway, type Gateway } from './engine-gateway.ts';
import { logFailures } from './log-failures.ts';

interface GatewayOptions {
  environment: Environment;
  supergraph: SupergraphFacts;
  sdl: string;
  clients: ReadonlyMap<string, SubgraphClient>;
  log: FastifyBaseLogger;
}

/** Rejects when the supergraph cannot be loaded; with the stock engine it is the server's start that rejects then. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { environment, supergraph, sdl, log } = options;
  const clients = new Map(
    [...options.clients].map(([name, client]) => [name, logFailures(name, client, log)]),
  );
  if (environment.engine === 'apollo') {
    // Loaded only here: it brings the planner's memory into this thread.
    const { createStockEngine } = await import('./stock-engine.ts');
    return createStockEngine({ supergraph, clients, log });
  }
  const planner = await createPlanner({ supergraph: supergraph.document, log });
  return engineGateway({
    engine: createEngine({ supergraph, clients, planner }),
    supergraphSdl: sdl,
    tellsPlans: !environment.production,
    stop: () => planner.close(),
  });
}
