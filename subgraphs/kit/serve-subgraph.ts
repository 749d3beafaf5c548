// Owns one subgraph as an HTTP server: schema, context of a request, health, errors; the process around it is run-subgraph.ts'.
import './environment.ts';
import { readFile } from 'node:fs/promises';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
  type RouteHandlerMethod,
} from 'fastify';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, Kind, parse } from 'graphql';
import { type Kysely, sql } from 'kysely';
import { answerInTime } from './calls/answer-in-time.ts';
import { callReader } from './calls/call-reader.ts';
import { remoteKeySet } from './calls/caller.ts';
import { readTls, renewTls, serverOptions, type TlsPaths } from './calls/tls.ts';
import { type ChangeBus, type ChangePublisher, publishChanges } from './changes/publish-changes.ts';
import { tellOfMutations } from './changes/tell-of-mutations.ts';
import { checkRepresentations } from './check-representations.ts';
import type { DatabaseAddress, OpenDatabase } from './database/open-database.ts';
import { prepareDatabase } from './database/prepare-database.ts';
import type { SubgraphContext, SubgraphDefinition } from './define-subgraph.ts';
import { errorLogging } from './error-logging.ts';
import { renewLoadersAroundMutations } from './fresh-loaders.ts';
import { refuseLargeOperation } from './operation-size.ts';
import { addErasures } from './personal-data/erasures-route.ts';
import { auditStaffChanges } from './rules/audit-staff-changes.ts';
import { guardSchema } from './rules/guard-schema.ts';
import { scalarsDeclaredIn } from './scalars.ts';

export interface ServeOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Either way it is closed when the subgraph stops. */
  database: OpenDatabase | DatabaseAddress;
  jwksUrl: string;
  issuer: string;
  audience: string;
  /** Shared with the routers; without it no signed call can be believed. */
  callerSecret?: string | undefined;
  /** Whether calls that no router has signed are refused. */
  production?: boolean;
  /** Without it plain HTTP is spoken. */
  tls?: TlsPaths | undefined;
  /** To whom it is told what changes; it is the caller's, and stays open. Without it nobody is told. */
  changes?: ChangeBus | undefined;
  /** pino's word for what goes to stderr. */
  logLevel?: string;
  /** Hears the SQL of each statement; only when the database is given by its address. */
  onStatement?: (sql: string) => void;
}

export interface RunningSubgraph {
  /** Of the GraphQL endpoint. */
  url: string;
  /** Answers what is in flight, then closes everything. */
  stop: () => Promise<void>;
}

/** Apollo's own name for it is not exported. */
type ResolverMap = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']
>;

const BODY_BYTES = 1024 * 1024;
const READY_MS = 1_000;
/** Milliseconds; whoever sends headers or a body more slowly is cut off. Node looks once in a second, and not once in 30. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 13_000, connectionsCheckingInterval: 1_000 };
/** PostgreSQL's word for a text with U+0000. */
const UNSTORABLE_CHARACTER = '22021';

/**
 * Serves `/graphql`, `/health/live` and `/health/ready`. Throws when the schema and resolvers do not fit, the database
 * is unreachable, or the port is taken; then nothing stays open.
 */
export async function serveSubgraph(
  definition: SubgraphDefinition,
  options: ServeOptions,
): Promise<RunningSubgraph> {
  const { database, onStatement } = options;
  const { db, close } =
    'db' in database ? database : await prepareDatabase(definition, database, { onStatement });
  const cleanUps = [close];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  };
  try {
    const url = await listen(definition, db, options, cleanUps);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen(
  definition: SubgraphDefinition,
  db: Kysely<unknown>,
  options: ServeOptions,
  cleanUps: (() => Promise<void>)[],
): Promise<string> {
  const { host, port, jwksUrl, issuer, audience, logLevel = 'warn' } = options;
  const tls = options.tls && (await readTls(options.tls));
  const server = Fastify({
    ...{ http: PATIENCE, requestTimeout: PATIENCE.requestTimeout },
    https: tls ? { ...PATIENCE, ...serverOptions(tls) } : null,
    bodyLimit: BODY_BYTES,
    logController: new LogController({ disableRequestLogging: true }),
    logger: { name: definition.name, level: logLevel, stream: process.stderr, ...errorLogging },
  });
  // Which of Node's servers it is makes a difference to nobody who answers.
  const http = server as unknown as FastifyInstance;
  cleanUps.push(() => http.close());
  if (options.tls && tls) {
    const stopRenewing = renewTls({ server: server.server, paths: options.tls, texts: tls, log: http.log });
    cleanUps.push(async () => stopRenewing());
  }
  const publisher = publishChanges(options.changes, http.log);
  // After the requests that publish.
  cleanUps.splice(1, 0, () => publisher.stop());
  const changed: SubgraphContext<unknown, unknown>['changed'] = (entities) =>
    void publisher.publish(entities);
  const apollo = new ApolloServer<SubgraphContext<unknown, unknown>>({
    schema: await executableSchema(definition, publisher, http.log),
    introspection: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => maskUnexpected(formatted, error, http.log),
    plugins: [
      fastifyApolloDrainPlugin(http),
      ApolloServerPluginInlineTraceDisabled(),
      // Its own way is `no-store` of all that has no hints, which would forbid what routers declare.
      ApolloServerPluginCacheControl({ calculateHttpHeaders: 'if-cacheable' }),
      boundedOperations(),
    ],
  });
  await apollo.start();
  cleanUps.push(() => apollo.stop());
  http.setErrorHandler<FastifyError>(async (error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) http.log.error(error);
    return reply.code(status).send({ errors: [requestError(error, status)] });
  });
  addHealth(http, db);
  const extras = await definition.start?.({ db, http, changed });
  // After the requests that may use it, before the database that it may use.
  if (extras?.stop) cleanUps.splice(2, 0, extras.stop);
  const keySet = extras?.keySet ?? remoteKeySet(jwksUrl);
  const whoCalls = callReader(definition.name, options, { keySet, issuer, audience });
  keepTexts(http);
  // Who knows nobody says so: silence would be taken for a domain that is away.
  const { name: subgraph, personalData = [] } = definition;
  addErasures(http, { db, subgraph, personalData, rules: options, publisher });
  const answer = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const { caller, clientAddress } = await whoCalls(request);
      return { db, loaders: definition.loaders(db, caller), caller, changed, clientAddress };
    },
  });
  // Its routes have a type of their own, which says no more.
  http.post('/graphql', answerInTime(answer as RouteHandlerMethod));
  return `${await http.listen({ host, port })}/graphql`;
}

/** Keeps the text of JSON bodies: it is what a router has signed. */
function keepTexts(http: FastifyInstance): void {
  const readJson = http.getDefaultJsonParser('error', 'error');
  http.decorateRequest('text', '');
  http.removeContentTypeParser('application/json');
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    request.text = text;
    void readJson(request, text, done);
  });
}

function boundedOperations(): ApolloServerPlugin<SubgraphContext<unknown, unknown>> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
          if (!operation) return;
          const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
          refuseLargeOperation(schema, operation, fragments, variables);
        },
      };
    },
  };
}

async function executableSchema(
  definition: SubgraphDefinition,
  publisher: ChangePublisher,
  log: FastifyBaseLogger,
): Promise<GraphQLSchema> {
  const typeDefs = parse(await readFile(new URL('schema.graphql', definition.folder), 'utf8'));
  const resolvers = { ...scalarsDeclaredIn(typeDefs), ...definition.resolvers } as ResolverMap;
  const schema = buildSubgraphSchema({ typeDefs, resolvers });
  renewLoadersAroundMutations(schema, ({ db, caller }) => definition.loaders(db, caller));
  tellOfMutations(schema, publisher);
  guardSchema(schema, definition.permissions, { report: (error) => log.error(error) });
  checkRepresentations(schema);
  // Outermost, so that what is forbidden is recorded too.
  return auditStaffChanges(schema, {
    info: (details, message) => log.info(details, message),
    error: (error) => log.error(error),
  });
}

function addHealth(http: FastifyInstance, db: Kysely<unknown>): void {
  http.get('/health/live', async () => ({ status: 'live' }));
  http.get('/health/ready', async (_request, reply) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The database does not answer.')), READY_MS);
    });
    try {
      await Promise.race([sql`select 1`.execute(db), late]);
      return { status: 'ready' };
    } catch (error) {
      http.log.warn(error);
      return reply.code(503).send({ status: 'the database does not answer' });
    } finally {
      clearTimeout(timer);
    }
  });
}

/** GraphQL errors with a code are meant for clients; anything else may carry SQL or rows, so it goes to the log only. */
function maskUnexpected(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: FastifyBaseLogger,
): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  const code = formatted.extensions?.['code'];
  if (cause instanceof GraphQLError && code !== 'INTERNAL_SERVER_ERROR') return formatted;
  const isTheirs = cause instanceof Error && 'code' in cause && cause.code === UNSTORABLE_CHARACTER;
  if (!isTheirs) log.error(cause);
  return {
    message: isTheirs
      ? 'A text contains the character U+0000, which nothing here can contain.'
      : 'Something went wrong here. It has been logged.',
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions: { code: isTheirs ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR' },
  };
}

/** Requests that never become GraphQL: broken JSON, another content type, a body that is too large. */
function requestError(error: FastifyError, status: number): GraphQLFormattedError {
  const isTheirs = status < 500;
  return {
    message: isTheirs ? error.message : 'Something went wrong here. It has been logged.',
    extensions: { code: isTheirs ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR' },
  };
}
