// Starts a GraphQL route before two raw subgraphs, so that a test sees what passes between a client and both of them.
import { ApolloServer } from '@apollo/server';
import fastify from 'fastify';
import { compose } from '../../../supergraph/composition/compose.ts';
import { maskError } from '../../../supergraph/foundation/mask-errors.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import { serveGraphQL } from '../../../supergraph/router/graphql-route.ts';
import { createStockEngine } from '../../../supergraph/router/stock-engine.ts';
import { createConnections, createHttpClient } from '../../../supergraph/transport/http-client.ts';
import type { RequestContext } from '../../../supergraph/transport/subgraph-client.ts';
import { libraryTypeDefs, postTypeDefs, schemaOf } from '../fixtures/fixture-graph.ts';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';

export interface RouteUnderTest {
  url: string;
  /** Answers `{ books { id title } }`, or what a test tells it to. */
  library: RawServer;
  /** Answers `reservations` of two entities, or what a test tells it to. */
  post: RawServer;
  stop: () => Promise<void>;
}

/** What both subgraphs have to say, with `headers`. */
export const libraryAnswer =
  '{"data":{"books":[{"__typename":"Book","id":"1","title":"A"},{"__typename":"Book","id":"2","title":"B"}]}}';
export const postAnswer = '{"data":{"_entities":[{"reservations":1},{"reservations":2}]}}';

export async function startRoute(answerHeaders?: readonly string[]): Promise<RouteUnderTest> {
  const library = await startRawServer((_, response) => response.end(libraryAnswer));
  const post = await startRawServer((_, response) => response.end(postAnswer));
  const supergraph = readSupergraphFacts(
    compose([schemaOf('library', libraryTypeDefs), schemaOf('post', postTypeDefs)]),
    'The supergraph of the test',
  );
  const dispatcher = createConnections();
  const options = { forward: [], timeout: 2000, dispatcher };
  const clients = new Map([
    ['library', createHttpClient({ ...options, url: library.url })],
    ['post', createHttpClient({ ...options, url: post.url })],
  ]);
  const app = fastify().addHook('onRequest', async (_, reply) => {
    reply.header('vary', 'Origin');
  });
  const server = new ApolloServer<RequestContext>({
    gateway: createStockEngine({ supergraph, clients, log: app.log }),
    formatError: maskError,
    stopOnTerminationSignals: false,
    logger: app.log,
  });
  await server.start();
  serveGraphQL(app, server, answerHeaders);
  return {
    url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`,
    library,
    post,
    stop: async () => {
      app.server.closeAllConnections();
      await app.close();
      await server.stop();
      await dispatcher.destroy();
      await library.stop();
      await post.stop();
    },
  };
}
