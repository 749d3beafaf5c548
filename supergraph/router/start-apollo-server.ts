// Owns the Apollo Server of a router: what it is made with, and that it has loaded its graph.
import { ApolloServer } from '@apollo/server';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { Environment } from '../foundation/environment.ts';
import { maskError } from '../foundation/mask-errors.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { checkText } from '../limits/operation/check-text.ts';
import type { OperationLimits } from '../limits/operation/operation-limits.ts';
import type { MayReadSchema } from '../limits/operation/schema-readers.ts';
import type { QueryPlan } from '../planner/plan.ts';
import { type KeyValueCache, keyValueCache } from '../store/key-value-cache.ts';
import type { Store } from '../store/store.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { createGateway, type LoadedGateway } from './create-gateway.ts';
import { createDocumentStore } from './document-store.ts';
import type { MakeStandIns } from './engine.ts';
import type { ServerContext } from './handle-request.ts';
import { answerText } from './lazy-data.ts';
import { serverPlugins } from './server-plugins.ts';
import { trustedSubgraphs } from './subgraph-clients.ts';

export interface ApolloServerParts {
  bff: BffDeclaration;
  supergraph: SupergraphFacts;
  /** SDL, and the words by which messages call it. */
  text: { sdl: string; from: string };
  /** GraphQL texts of operations that are planned before anything is served. */
  known: readonly string[];
  /** Keeps texts by their hashes; without it there are no automatic persisted queries. */
  hashes: Store | undefined;
  /** Put before each client, if anything is. */
  decorate: ((subgraph: string, client: SubgraphClient) => SubgraphClient) | undefined;
  /** Changes each plan before it is compiled, if anything does. */
  planApart: ((plan: QueryPlan) => QueryPlan) | undefined;
  /** Where replicas find each other's plans, where there are any. */
  shared: Store | undefined;
  /** What stands in for fields that have failed, if anything does. */
  standIns: MakeStandIns | undefined;
  limits: OperationLimits;
  mayReadSchema: MayReadSchema;
  clients: ReadonlyMap<string, SubgraphClient>;
  environment: Environment;
  log: FastifyBaseLogger;
}

export interface StartedApolloServer extends LoadedGateway {
  /** It stops its gateway with itself. */
  server: ApolloServer<ServerContext>;
  /** What clients see. */
  schema: GraphQLSchema;
}

/** Throws a StartupProblem when the supergraph cannot be served. */
export async function startApolloServer(parts: ApolloServerParts): Promise<StartedApolloServer> {
  const { bff, supergraph, text, known, hashes, decorate, planApart, shared, standIns } = parts;
  const { clients, environment, limits, mayReadSchema, log } = parts;
  let loaded: LoadedGateway | undefined;
  try {
    const trusted = trustedSubgraphs(bff, supergraph);
    const { sdl } = text;
    loaded = await createGateway({
      ...{
        bff,
        environment,
        supergraph,
        sdl,
        texts: known,
        clients,
        trusted,
        decorate,
        planApart,
        shared,
        standIns,
        limits,
        mayReadSchema,
        log,
      },
    });
    const { gateway } = loaded;
    const server = new ApolloServer<ServerContext>({
      gateway,
      stringifyResult: answerText,
      documentStore: createDocumentStore(),
      // Who may is decided for each request.
      introspection: true,
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      logger: log,
      formatError: maskError,
      persistedQueries: hashes ? { cache: boundedTexts(keyValueCache(hashes), limits) } : false,
      plugins: [...serverPlugins(log, mayReadSchema), ...(bff.plugins ?? [])],
    });
    let schema: GraphQLSchema | undefined;
    gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
      schema = apiSchema;
    });
    await server.start();
    if (schema === undefined) throw new Error('it was not loaded');
    return { ...loaded, server, schema };
  } catch (error) {
    await loaded?.gateway.stop();
    const why = error instanceof Error ? error.message : error;
    throw new StartupProblem(`${text.from} cannot be served: ${why}`);
  }
}

/** What others have kept there was within their limits: what is beyond ours counts as not known. */
function boundedTexts(texts: KeyValueCache, limits: OperationLimits): KeyValueCache {
  return {
    ...texts,
    async get(key) {
      const text = await texts.get(key);
      return text === undefined || checkText(text, limits) ? undefined : text;
    },
  };
}
