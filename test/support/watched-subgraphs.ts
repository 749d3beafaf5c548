// Stands between a router and its subgraphs, hands on everything as it is, and writes down what subgraphs are asked for.
import { once } from 'node:events';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Kind, parse } from 'graphql';

/** One request that a subgraph received. */
export interface WatchedRequest {
  subgraph: string;
  /** Names of its root fields; `_entities` is one. */
  fields: readonly string[];
  /** Type names of its representations. */
  representations: readonly string[];
}

export interface WatchedSubgraphs {
  /** Where to ask in place of a subgraph's own address. */
  urlOf: (subgraph: string) => string | undefined;
  /** In the order of their coming; tests may empty it. */
  requests: WatchedRequest[];
  stop: () => void;
}

/** `urlOf` says where a subgraph really is. */
export async function watchSubgraphs(
  names: readonly string[],
  urlOf: (subgraph: string) => string | undefined,
): Promise<WatchedSubgraphs> {
  const requests: WatchedRequest[] = [];
  const urls = new Map<string, string>();
  const servers: Server[] = [];
  for (const subgraph of names) {
    const target = urlOf(subgraph);
    if (target === undefined) throw new Error(`Nobody knows where ${subgraph} is.`);
    const server = createServer(async (request, response) => {
      const { method, headers } = request;
      const body = await buffer(request);
      if (method === 'POST') requests.push({ subgraph, ...told(body) });
      const further = ask(target, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      further.on('error', () => response.destroy());
      further.end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    const { port } = server.address() as AddressInfo;
    urls.set(subgraph, `http://127.0.0.1:${port}${new URL(target).pathname}`);
  }
  return {
    urlOf: (subgraph) => urls.get(subgraph),
    requests,
    stop() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function told(body: Buffer): Omit<WatchedRequest, 'subgraph'> {
  const { query, variables = {} } = JSON.parse(body.toString()) as {
    query: string;
    variables?: Record<string, unknown>;
  };
  const fields = parse(query).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
  );
  const given = Object.values(variables).filter(Array.isArray).flat() as ({ __typename?: unknown } | null)[];
  return {
    fields: fields.flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : [])),
    representations: given.flatMap((one) => (typeof one?.__typename === 'string' ? [one.__typename] : [])),
  };
}
