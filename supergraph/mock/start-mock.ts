// Owns a mock as a server: GraphQL over HTTP, registered operations by their ids, the explorers.
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import fastify from 'fastify';
import { servePages } from '../router/serve-pages.ts';
import type { RunningServer } from '../router/start-router.ts';
import { keyValueCache } from '../store/key-value-cache.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { mockSchema } from './mock-schema.ts';
import type { MockedBff } from './read-mocked-bff.ts';

export interface MockOptions {
  host: string;
  port: number;
  /** The same makes the same data. */
  seed: number;
}

/** Whoever asks is answered, whatever the token: a mock keeps nothing that were worth a guard. */
export async function startMock(bff: MockedBff, { host, port, seed }: MockOptions): Promise<RunningServer> {
  const app = fastify({ forceCloseConnections: true });
  const apollo = new ApolloServer({
    schema: mockSchema(bff.schema, seed),
    persistedQueries: { cache: textsById(bff.registered) },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginLandingPageDisabled(), fastifyApolloDrainPlugin(app)],
  });
  await apollo.start();
  await app.register(cors, { origin: true, methods: ['GET', 'POST'] });
  await app.register(fastifyApollo(apollo), { path: '/graphql', method: ['GET', 'POST'] });
  const page = { path: '', title: `${bff.name}, mocked`, samples: bff.samples, tellsSchema: true };
  await app.register(async (pages) => servePages(pages, page));
  const address = await app.listen({ host, port });
  let stopping: Promise<void> | undefined;
  return {
    serves: [{ name: `${bff.name}, mocked with seed ${seed},`, url: `${address}/graphql` }],
    stop: () => {
      stopping ??= apollo.stop().then(() => app.close());
      return stopping;
    },
  };
}

/** Where Apollo Server looks an operation's text up that came as an id: registered ones are always there. */
function textsById(registered: ReadonlyMap<string, string>): ReturnType<typeof keyValueCache> {
  const sent = keyValueCache(createMemoryStore());
  return { ...sent, get: async (key) => registered.get(key.replace(/^apq:/, '')) ?? sent.get(key) };
}
