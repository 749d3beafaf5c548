// Runs stock's gateway as its documentation sets it up: `node … apollo-main.ts <supergraph> <port>`.
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';

interface Context {
  authorization?: string | undefined;
}

class ForwardingDataSource extends RemoteGraphQLDataSource<Context> {
  // No subgraph here says how long its answers may be kept, so there is nothing to work out from them.
  override honorSubgraphCacheControlHeader = false;

  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['willSendRequest']>>[0]): void {
    if (context.authorization !== undefined)
      request.http?.headers.set('authorization', context.authorization);
  }
}

const [supergraph = '', port = ''] = process.argv.slice(2);
const server = new ApolloServer<Context>({
  gateway: new ApolloGateway({
    supergraphSdl: readFileSync(supergraph, 'utf8'),
    buildService: ({ url = '' }) => new ForwardingDataSource({ url }),
  }),
  // As above: it would walk through every answer and find nothing.
  plugins: [ApolloServerPluginCacheControlDisabled()],
});
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(port) },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
