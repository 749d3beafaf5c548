// Owns putting one BFF's router together, all but the server it listens with: from a declaration and a supergraph to a way of requests.
import { ApolloServer } from '@apollo/server';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../auth/clock.ts';
import { configuredIdentity } from '../auth/configured-identity.ts';
import { createIdentity } from '../auth/create-identity.ts';
import { demandUsable } from '../declaration/check-bff.ts';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { Environment } from '../foundation/environment.ts';
import { maskError } from '../foundation/mask-errors.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { readSupergraphFacts, type SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { keyValueCache } from '../store/key-value-cache.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { createGateway, type LoadedGateway } from './create-gateway.ts';
import { createDocumentStore } from './document-store.ts';
import type { Engine } from './engine.ts';
import { createRequestHandler, type HandleRequest, type ServerContext } from './handle-request.ts';
import { answerText } from './lazy-data.ts';
import { serverPlugins } from './server-plugins.ts';
import { createClients, forwardedHeaders, policyTimeout, trustedSubgraphs } from './subgraph-clients.ts';
import { openSubgraphConnections } from './subgraph-connections.ts';

/** What one BFF is made of. */
export interface BffParts {
  bff: BffDeclaration;
  /** The file or folder of the declaration, for messages. */
  declaredIn?: string;
  /** SDL, and the words by which messages call it. */
  supergraph: { sdl: string; from: string };
  /** Operations that the explorers show. */
  samples?: string;
  /** Operations that clients are known to send: they are planned before the router serves. */
  documents?: string;
}

export interface RouterSurroundings {
  environment: Environment;
  /** By which tokens and keys are judged. */
  clock: Clock;
  log: FastifyBaseLogger;
}

/** A BFF that can answer; what it is called over HTTP is another's matter. */
export interface Router {
  name: string;
  handle: HandleRequest;
  /** By subgraph, for whoever asks whether they are there: impatient. */
  probes: ReadonlyMap<string, SubgraphClient>;
  /** Operations that the explorers show. */
  samples: string;
  /** Whether subgraphs are to hear clients' network addresses. */
  tellsAddress: boolean;
  /** Ends what is under way. */
  close: () => Promise<void>;
}

const probeTimeout = 1000;

/** Throws a StartupProblem with everything that is wrong with the declaration, or with the supergraph. */
export async function createRouter(parts: BffParts, surroundings: RouterSurroundings): Promise<Router> {
  const { bff } = parts;
  const { environment, clock, log } = surroundings;
  const supergraph = readSupergraphFacts(parts.supergraph.sdl, parts.supergraph.from);
  demandUsable(bff, supergraph, parts.declaredIn);
  const addresses = { ...environment.identity, production: environment.production };
  const believed = configuredIdentity(bff.identity, environment.identity, addresses);
  const { subgraphs } = supergraph;
  const connections = await openSubgraphConnections({ bff, subgraphs, environment, log });
  const store = await createStore(environment, log);
  // Closed one after the other: what was opened last is needed by nobody any more.
  const opened: (() => Promise<unknown>)[] = [() => store.close(), () => connections.close()];
  const close = async (): Promise<void> => {
    for (const one of opened.reverse()) await one().catch((err) => log.error({ err }, 'stopping'));
  };
  try {
    const { authenticate, stop } = createIdentity({
      identity: believed,
      addresses,
      dispatcher: connections.usual,
      clock,
      log,
    });
    opened.push(async () => stop());
    const asking = { bff, supergraph, environment, connections };
    const clients = createClients(asking, policyTimeout);
    const { server, engine } = await startServer(parts, surroundings, { supergraph, clients, store });
    opened.push(() => server.stop());
    const handle = createRequestHandler({
      server,
      // A plugin may want to see each request, and it is Apollo Server that runs plugins.
      engine: bff.plugins?.length ? undefined : engine,
      authenticate,
      forwarded: forwardedHeaders(bff),
      passing: new Set(bff.forward?.answerHeaders?.map((name) => name.toLowerCase())),
      log,
    });
    const probes = createClients(asking, () => probeTimeout);
    const tellsAddress = bff.forward?.clientAddress === true;
    return { name: bff.name, handle, probes, samples: parts.samples ?? '', tellsAddress, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface ServerParts {
  supergraph: SupergraphFacts;
  clients: ReadonlyMap<string, SubgraphClient>;
  store: Store;
}

/** The server stops its gateway with itself. */
async function startServer(
  { bff, documents = '', supergraph: { sdl, from } }: BffParts,
  { environment, log }: RouterSurroundings,
  { supergraph, clients, store }: ServerParts,
): Promise<{ server: ApolloServer<ServerContext>; engine?: Engine }> {
  let loaded: LoadedGateway | undefined;
  try {
    const trusted = trustedSubgraphs(bff, supergraph);
    loaded = await createGateway({ bff, environment, supergraph, sdl, documents, clients, trusted, log });
    const { gateway, ...engine } = loaded;
    const server = new ApolloServer<ServerContext>({
      gateway,
      stringifyResult: answerText,
      documentStore: createDocumentStore(),
      introspection: true,
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      logger: log,
      formatError: maskError,
      persistedQueries: { cache: keyValueCache(store) },
      plugins: [...serverPlugins(log), ...(bff.plugins ?? [])],
    });
    await server.start();
    return { server, ...engine };
  } catch (error) {
    await loaded?.gateway.stop();
    throw new StartupProblem(`${from} cannot be served: ${error instanceof Error ? error.message : error}`);
  }
}

async function createStore({ redisUrl }: Environment, log: FastifyBaseLogger): Promise<Store> {
  if (redisUrl === undefined) return createMemoryStore();
  // Loaded for those alone who have a Redis: in ioredis a class extends String, and from then on V8 looks up the methods
  // of strings slowly, in the whole process.
  const { createRedisStore } = await import('../store/redis-store.ts');
  return createRedisStore({ url: redisUrl, prefix: 'tributary:', log });
}
