// Owns putting a router together from a declaration, a supergraph and the environment, and taking it down again.
import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import cors from '@fastify/cors';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { type Clock, systemClock } from '../auth/clock.ts';
import { configuredIdentity } from '../auth/configured-identity.ts';
import { createIdentity } from '../auth/create-identity.ts';
import { signCalls } from '../auth/sign-calls.ts';
import { checkBff } from '../declaration/check-bff.ts';
import type { BffDeclaration, SubgraphPolicy } from '../declaration/define-bff.ts';
import { milliseconds } from '../foundation/duration.ts';
import type { Environment } from '../foundation/environment.ts';
import { maskError } from '../foundation/mask-errors.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { readSupergraphFacts, type SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { readTlsFiles, type TlsTexts } from '../foundation/tls-files.ts';
import { keyValueCache } from '../store/key-value-cache.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createHttpClient, type SignCall } from '../transport/http-client.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { createGateway, type LoadedGateway } from './create-gateway.ts';
import { createDocumentStore } from './document-store.ts';
import { edgeOptions, endConnections, renewEdge } from './edge-tls.ts';
import type { Engine } from './engine.ts';
import { answerFailure, serveGraphQL } from './graphql-route.ts';
import { createRequestHandler, type ServerContext } from './handle-request.ts';
import { serveHealth } from './health.ts';
import { answerText } from './lazy-data.ts';
import { servePages } from './serve-pages.ts';
import { serverPlugins } from './server-plugins.ts';
import { openSubgraphConnections, type SubgraphConnections } from './subgraph-connections.ts';

export interface RouterOptions {
  bff: BffDeclaration;
  /** SDL, and the words by which messages call it. */
  supergraph: { sdl: string; from: string };
  /** Operations that the explorers show. */
  samples?: string;
  /** Operations that clients are known to send: they are planned before the router serves. */
  documents?: string;
  environment: Environment;
  /** By which tokens and keys are judged; the system's unless told. */
  clock?: Clock;
}

export interface RunningRouter {
  name: string;
  /** Of `/graphql`. */
  url: string;
  /** Takes no new requests, lets running ones end for up to 3 s, and closes everything. May be called again. */
  stop: () => Promise<void>;
}

const apolloExplorers = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];
const policyTimeout = ({ timeout }: SubgraphPolicy): number => milliseconds(timeout ?? '5s');
const readyTimeout = 1000;
const patience = 3000;

/**
 * Starts a router; subgraphs may come later. Throws a StartupProblem with everything that is wrong with the
 * declaration and the supergraph; a port that is taken rejects with EADDRINUSE.
 */
export async function startRouter(options: RouterOptions): Promise<RunningRouter> {
  const { bff, environment, clock = systemClock } = options;
  const supergraph = readSupergraphFacts(options.supergraph.sdl, options.supergraph.from);
  const problems = checkBff(bff, supergraph);
  if (problems.length > 0) {
    throw new StartupProblem(
      `The declaration of the BFF "${bff.name}" cannot be used:\n- ${problems.join('\n- ')}`,
    );
  }
  const addresses = { ...environment.identity, production: environment.production };
  const believed = configuredIdentity(bff.identity, environment.identity, addresses);
  const tls = environment.tls && (await readTlsFiles(environment.tls));
  const app = createApp(environment, tls);
  const endAll = tls ? endConnections(app) : () => app.server.closeAllConnections();
  const { subgraphs } = supergraph;
  const connections = await openSubgraphConnections({ bff, subgraphs, environment, log: app.log });
  const store = await createStore(environment, app);
  const clientsWith = (timeout: (policy: SubgraphPolicy) => number) =>
    createClients({ bff, supergraph, environment, connections, timeout });
  // Closed one after the other: what was opened last is needed by nobody any more.
  const opened: (() => Promise<unknown>)[] = [() => store.close(), () => connections.close()];
  if (environment.tls && tls) {
    const stopRenewing = renewEdge(app, environment.tls, tls);
    opened.push(async () => stopRenewing());
  }
  const { authenticate, stop: stopIdentity } = createIdentity({
    identity: believed,
    addresses,
    dispatcher: connections.usual,
    clock,
    log: app.log,
  });
  opened.push(async () => stopIdentity());
  async function release(): Promise<void> {
    await app.close();
    for (const close of opened.reverse()) await close().catch((err) => app.log.error({ err }, 'stopping'));
  }

  try {
    const { server, engine } = await startServer(
      options,
      supergraph,
      clientsWith(policyTimeout),
      store,
      app.log,
    );
    opened.push(() => server.stop());
    await app.register(cors, { origin: allowedOrigins(environment), methods: ['GET', 'POST'], maxAge: 600 });
    const handle = createRequestHandler({
      server,
      // A plugin may want to see each request, and it is Apollo Server that runs plugins.
      engine: bff.plugins?.length ? undefined : engine,
      authenticate,
      forwarded: forwardedHeaders(bff),
      passing: new Set(bff.forward?.answerHeaders?.map((name) => name.toLowerCase())),
      log: app.log,
    });
    serveGraphQL(app, handle, { tellsAddress: bff.forward?.clientAddress === true });
    serveHealth(
      app,
      clientsWith(() => readyTimeout),
    );
    servePages(app, { title: bff.name, samples: options.samples ?? '' });
    const address = await app.listen({ host: environment.host, port: environment.port ?? bff.port });
    let stopping: Promise<void> | undefined;
    return {
      name: bff.name,
      url: `${address}/graphql`,
      stop: () => {
        stopping ??= withPatience(app, { release, endAll });
        return stopping;
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The server stops its gateway with itself. */
async function startServer(
  { bff, environment, documents = '', supergraph: { sdl, from } }: RouterOptions,
  supergraph: SupergraphFacts,
  clients: ReadonlyMap<string, SubgraphClient>,
  store: Store,
  log: FastifyBaseLogger,
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

function createApp({ logLevel, trustedProxies }: Environment, tls: TlsTexts | undefined): FastifyInstance {
  const app = fastify({
    https: tls ? edgeOptions(tls) : null,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    logger: { level: logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000,
    requestIdHeader: false,
    // What a client sends lands in the logs of every subgraph: letters only, and not endlessly many.
    genReqId: ({ headers: { 'x-request-id': given } }) =>
      typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID(),
    frameworkErrors: answerFailure,
  }).addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  // Which of Node's servers it is makes a difference to nobody who answers.
  return app as unknown as FastifyInstance;
}

async function createStore({ redisUrl }: Environment, app: FastifyInstance): Promise<Store> {
  if (redisUrl === undefined) return createMemoryStore();
  // Loaded for those alone who have a Redis: in ioredis a class extends String, and from then on V8 looks up the methods
  // of strings slowly, in the whole process.
  const { createRedisStore } = await import('../store/redis-store.ts');
  return createRedisStore({ url: redisUrl, prefix: 'tributary:', log: app.log });
}

function createClients(parts: {
  bff: BffDeclaration;
  supergraph: SupergraphFacts;
  environment: Environment;
  connections: SubgraphConnections;
  timeout: (policy: SubgraphPolicy) => number;
}): Map<string, SubgraphClient> {
  const { bff, supergraph, environment, connections } = parts;
  const forward = forwardedHeaders(bff);
  const clients = new Map<string, SubgraphClient>();
  for (const name of supergraph.subgraphs.keys()) {
    const policy = policyFor(bff, name);
    const timeout = parts.timeout(policy);
    const sign = policy.signed ? callSigner(bff, name, environment) : undefined;
    clients.set(name, createHttpClient({ ...connections.routeTo(name), timeout, forward, sign }));
  }
  return clients;
}

/** undefined while there is no secret, which production does not allow. */
function callSigner(
  { name: router }: BffDeclaration,
  subgraph: string,
  { callerSecret: secret, production }: Environment,
): SignCall | undefined {
  if (secret !== undefined) return signCalls({ secret, router, subgraph });
  if (!production) return undefined;
  throw new StartupProblem(`CALLER_SECRET must be given: calls to "${subgraph}" are to be signed.`);
}

function policyFor({ subgraphs }: BffDeclaration, name: string): SubgraphPolicy {
  return { ...subgraphs?.every, ...subgraphs?.[name] };
}

function trustedSubgraphs(bff: BffDeclaration, { subgraphs }: SupergraphFacts): Set<string> {
  return new Set([...subgraphs.keys()].filter((name) => policyFor(bff, name).trusted === true));
}

function forwardedHeaders({ forward }: BffDeclaration): string[] {
  return ['authorization', ...(forward?.headers ?? []).map((header) => header.toLowerCase())];
}

function allowedOrigins({ production, corsOrigins }: Environment): string[] {
  return production ? [...corsOrigins] : [...apolloExplorers, ...corsOrigins];
}

async function withPatience(
  app: FastifyInstance,
  { release, endAll }: { release: () => Promise<void>; endAll: () => void },
): Promise<void> {
  // Closing ends only connections that are idle at that moment; those that become idle later would be kept alive.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
  const impatient = setTimeout(endAll, patience);
  try {
    await release();
  } finally {
    clearInterval(sweep);
    clearTimeout(impatient);
  }
}
