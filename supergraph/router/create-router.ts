// Owns putting one BFF's router together, all but the server it listens with: from a declaration and a supergraph to a way of requests.
import type { FastifyBaseLogger } from 'fastify';
import { configuredIdentity } from '../auth/configured-identity.ts';
import { createIdentity } from '../auth/create-identity.ts';
import { protectedFields } from '../auth/rules/bff-rules.ts';
import type { CacheDesk } from '../cache/cache-desk.ts';
import { type Cache, createCache, demandNothingShared } from '../cache/create-cache.ts';
import { tokenKey } from '../cache/write-token.ts';
import { createClientGate } from '../clients/client-gate.ts';
import { demandUsable } from '../declaration/check-bff.ts';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import { resolveFallbacks } from '../declaration/resolved-fallbacks.ts';
import { lastKnownTimes } from '../fallback/last-known.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Environment } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { readSupergraphFacts, type SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { type OperationLimits, operationLimits } from '../limits/operation/operation-limits.ts';
import { schemaReaders } from '../limits/operation/schema-readers.ts';
import { createRates } from '../limits/rates/create-rates.ts';
import type { ManifestPlaces } from '../persisted-documents/manifest-places.ts';
import { CallCounts } from '../resilience/call-counts.ts';
import { createFields, type Fields } from '../resilience/fields/create-fields.ts';
import { requestTimeout } from '../resilience/resilience-terms.ts';
import type { Bus } from '../store/bus.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { createUsage } from '../usage/create-usage.ts';
import { type BffViews, createViews } from '../views/create-views.ts';
import type { LoadedViews } from '../views/load-views.ts';
import type { AnswerAtOnce } from './answer-at-once.ts';
import { answerBatches } from './answer-batches.ts';
import { connectViews } from './connect-views.ts';
import { createRequestHandler, type HandleRequest } from './handle-request.ts';
import { openRouterDocuments } from './open-documents.ts';
import { openStandIns } from './open-stand-ins.ts';
import { createMakeKeepable, revalidate } from './revalidate.ts';
import { openSharedMemory, type SharedMemory } from './shared-memory.ts';
import { startApolloServer } from './start-apollo-server.ts';
import { createClients, createProbes, forwardedHeaders } from './subgraph-clients.ts';
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
  /** What stands in the folder of its views. */
  views?: LoadedViews;
  /** Where its registered operations are, where its declaration has documents. */
  manifests?: ManifestPlaces;
}

export interface RouterSurroundings {
  environment: Environment;
  /** By which tokens and keys are judged. */
  clock: Clock;
  /** By which routers of this process, and subgraphs in it, hear of changes where there is no Redis. */
  changes: Bus;
  log: FastifyBaseLogger;
}

/** A BFF that can answer; what it is called over HTTP is another's matter. */
export interface Router {
  name: string;
  handle: HandleRequest;
  /** What it keeps is answered by, where it keeps anything. */
  atOnce: AnswerAtOnce | undefined;
  /** By subgraph, for whoever asks whether they are there: impatient. */
  probes: ReadonlyMap<string, SubgraphClient>;
  /** Operations that the explorers show. */
  samples: string;
  /** What it keeps of subgraphs' answers, where it keeps anything. */
  cache: CacheDesk | undefined;
  /** What is counted of it, in Prometheus' text format. */
  metrics: () => string;
  limits: OperationLimits;
  /** Whether the schema can be read by those who say nothing of themselves. */
  tellsSchema: boolean;
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
  const limits = operationLimits(bff.limits);
  const mayReadSchema = schemaReaders(bff, environment);
  const addresses = { ...environment.identity, production: environment.production };
  const believed = configuredIdentity(bff.identity, environment.identity, addresses);
  const views = await openViews(parts, supergraph, surroundings);
  const subgraphs = new Map(supergraph.subgraphs);
  // They run in here: there is no address, no connection and nobody to sign for.
  if (views) subgraphs.delete(views.subgraph);
  const connections = await openSubgraphConnections({ bff, subgraphs, environment, log });
  const memory = await openSharedMemory(environment, surroundings.changes, log);
  const { store, shared } = memory;
  // Closed one after the other: what was opened last is needed by nobody any more.
  const opened: (() => Promise<unknown>)[] = [() => memory.close(), () => connections.close()];
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
    const documents = await openRouterDocuments({
      declared: bff.documents,
      places: parts.manifests,
      production: environment.production,
      log,
    });
    opened.push(async () => documents.stop());
    const usage = createUsage({ bff: bff.name, folder: environment.usageFolder, log });
    opened.push(() => usage.stop());
    const asking = { bff, supergraph, environment, connections, views };
    const calls = new CallCounts(bff.name);
    const clients = createClients(asking, calls, log);
    const declared = resolveFallbacks({ bff, supergraph: supergraph.document });
    const cache = openCache(parts, { supergraph, surroundings, memory, views, declared });
    if (cache) opened.push(cache.stop);
    const fields = openFields({ bff, supergraph, views: views?.subgraph, log }, environment);
    // The views answer in the client's language.
    const forwarded = [...forwardedHeaders(bff), ...(views ? ['accept-language'] : [])];
    const standIns = openStandIns({ bff, supergraph, declared, shared, forwarded, now: clock.now, log });
    // A plugin may want to see each request, and it is Apollo Server that runs plugins.
    const hasPlugins = (bff.plugins ?? []).length > 0;
    const { server, engine, schema, metrics } = await startApolloServer({
      ...{ bff, supergraph, clients, environment, log },
      decorate: decorateClients(cache, fields),
      planApart: fields?.planApart,
      text: parts.supergraph,
      // Each by itself: versions of a client have other fragments under the same names.
      known: documents.all().map(({ body }) => body),
      hashes: documents.automatic ? store : undefined,
      // One in this process would hold nothing that its planner's memory does not.
      shared,
      standIns: standIns?.make,
      ...{ limits, mayReadSchema },
    });
    opened.push(() => server.stop());
    if (views) await connectViews(views, { server, schema, engine, log });
    const tellsClients = bff.clients !== undefined;
    const makeKeepable = createMakeKeepable({ forwarded, tellsClients, keeps: cache !== undefined });
    const rates = createRates({
      bff: bff.name,
      declared: bff.limits?.rates,
      counters: memory.counters,
      secret: environment.callerSecret,
      schema: () => schema,
      log,
    });
    const handler = createRequestHandler({
      server,
      engine: hasPlugins ? undefined : engine,
      gate: createClientGate(bff.clients ?? {}, clock),
      authenticate,
      rates,
      resolve: documents.resolve,
      whenReplaced: documents.whenReplaced,
      used: (client, { document, operation }) =>
        usage.used(client, { name: operation.name?.value, document, operation, schema }),
      counterOf: ({ document, operation }) =>
        usage.counterOf({ name: operation.name?.value, document, operation, schema }),
      cache: cache && { ...cache, keeps: hasPlugins ? 'never' : (bff.responseCache ?? 'public') },
      ...{ limits, mayReadSchema },
      name: bff.name,
      makeKeepable,
      forwarded,
      timeout: requestTimeout(bff),
      passing: new Set(bff.forward?.answerHeaders?.map((name) => name.toLowerCase())),
      log,
    });
    const handle = answerBatches(revalidate(handler.handle, makeKeepable), bff.documents?.batch ?? 1);
    const probes = createProbes(asking, probeTimeout);
    const tellsAddress = bff.forward?.clientAddress === true;
    return {
      name: bff.name,
      handle,
      atOnce: cache && handler.atOnce,
      probes,
      samples: parts.samples ?? '',
      cache: cache?.desk,
      metrics: () =>
        `${usage.text()}${calls.text()}${metrics?.() ?? ''}${cache?.desk.metrics() ?? ''}${standIns?.metrics() ?? ''}${fields?.metrics() ?? ''}${rates?.metrics() ?? ''}`,
      limits,
      tellsSchema: mayReadSchema({}),
      tellsAddress,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nothing is kept of views: they run in here, and may depend on anything. */
function openCache(
  { bff }: BffParts,
  { supergraph, surroundings, memory, views, declared }: CacheSurroundings,
): Cache | undefined {
  const { environment, clock, log } = surroundings;
  if (bff.cache === undefined) return undefined;
  const isProtected = protectedFields(bff, supergraph);
  demandNothingShared(bff, supergraph, isProtected);
  // What @apollo/gateway gets from subgraphs it changes.
  if (environment.engine === 'apollo') return undefined;
  return createCache({
    ...{ bff, supergraph, store: memory.shared, bus: memory.bus, clock, log, isProtected },
    tokenKey: tokenKey(environment.callerSecret, environment.production),
    bytes: environment.cacheMegabytes * 1_000_000,
    without: new Set(views ? [views.subgraph] : []),
    lastKnown: lastKnownTimes(declared),
  });
}

/** What is kept stands before what is left out: of what is not asked for nothing can be learned. */
function decorateClients(
  cache: Cache | undefined,
  fields: Fields | undefined,
): ((subgraph: string, client: SubgraphClient) => SubgraphClient) | undefined {
  if (cache === undefined || fields === undefined) return cache?.decorate ?? fields?.decorate;
  return (subgraph, client) => cache.decorate(subgraph, fields.decorate(subgraph, client));
}

/** @apollo/gateway plans and asks as it does, and knows no failures but those of whole requests. */
function openFields(
  options: Parameters<typeof createFields>[0],
  { engine }: Environment,
): Fields | undefined {
  return engine === 'apollo' ? undefined : createFields(options);
}

interface CacheSurroundings {
  supergraph: SupergraphFacts;
  surroundings: RouterSurroundings;
  memory: SharedMemory;
  views: BffViews | undefined;
  /** What stands in, by coordinate. */
  declared: ReturnType<typeof resolveFallbacks>;
}

async function openViews(
  { bff, views }: BffParts,
  supergraph: SupergraphFacts,
  { clock: { now }, log }: RouterSurroundings,
): Promise<BffViews | undefined> {
  if (views !== undefined) return createViews({ bff: bff.name, views, supergraph, now, log });
  if (bff.views === undefined) return undefined;
  throw new StartupProblem(
    `The BFF "${bff.name}" declares views in "${bff.views}", and they were not loaded.`,
  );
}
