// Starts a subgraph that speaks HTTPS alone, with the certificates it is given, and writes down what reaches it.
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { compose } from '../../../supergraph/composition/compose.ts';
import { schemaOf } from '../../supergraph/fixtures/fixture-graph.ts';

export interface SecureSubgraph {
  port: number;
  /** Requests whose head and body it could read. */
  received: { headers: IncomingHttpHeaders; body: string }[];
  /** How many connections were ever opened, and of those how many went as far as an end of the handshake. */
  opened: () => { tcp: number; secure: number };
  /** The serial numbers of certificates that clients showed, in order. */
  shown: string[];
  /** Closes connections that wait for a next request. */
  hangUp: () => void;
  stop: () => Promise<void>;
}

const sdl = 'type Query { word: String  other: String } type Mutation { say(word: String): String }';

/** A graph of this subgraph alone, under that name; it answers `word` with "said". */
export function supergraphOver(port: number, { host = '127.0.0.1', name = 'words', scheme = 'https' } = {}) {
  return compose([schemaOf(name, sdl, `${scheme}://${host}:${port}/graphql`)]);
}

export async function startSecureSubgraph(options: ServerOptions): Promise<SecureSubgraph> {
  const received: SecureSubgraph['received'] = [];
  const shown: string[] = [];
  const opened = { tcp: 0, secure: 0 };
  const server = createServer(options, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ data: body.includes('word') ? { word: 'said' } : { __typename: 'Query' } }),
    );
  });
  server.on('connection', () => {
    opened.tcp += 1;
  });
  server.on('secureConnection', (socket) => {
    opened.secure += 1;
    shown.push(socket.getPeerCertificate().serialNumber);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received,
    opened: () => ({ ...opened }),
    shown,
    hangUp: () => server.closeIdleConnections(),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
