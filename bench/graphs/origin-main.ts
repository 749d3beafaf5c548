// Runs the subgraphs of a small graph in one process, each at /<name>/graphql: `node … origin-main.ts <graph>`. Says its
// port to its parent, and ends with it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import { smallGraphs } from './small-graphs.ts';
import type { SubgraphSource } from './subgraph-source.ts';

const [name = ''] = process.argv.slice(2);
const subgraphs = smallGraphs[name]?.() ?? [];
const handlers = new Map(subgraphs.map((source) => [`/${source.name}/graphql`, handlerOf(source)]));

const server = createServer((request, response) => {
  const handle = handlers.get(request.url ?? '');
  if (handle === undefined) return void response.writeHead(404).end();
  handle(request, response).catch((error: unknown) => response.destroy(error as Error));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());

function handlerOf({ sdl, resolvers }: SubgraphSource) {
  return createHandler({ schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers }) });
}
