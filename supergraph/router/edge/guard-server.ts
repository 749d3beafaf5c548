// Owns what Node's server does with a request before Fastify hears of it: how many there may be, and what is expected of it.
import type { Server } from 'node:http';
import { errorBody } from '../../foundation/errors.ts';
import { boundConnections } from './bound-connections.ts';
import type { HeaderLine } from './safe-headers.ts';
import { mostHeaders } from './server-limits.ts';

/** `headers` are those of all answers. */
export function guardServer(
  server: Server,
  { maxConnections, headers }: { maxConnections: number; headers: readonly HeaderLine[] },
): void {
  server.maxConnections = maxConnections;
  // Node leaves out silently what is over this; so that it is seen, one more comes through.
  server.maxHeadersCount = mostHeaders + 1;
  boundConnections(server, headers);
  // Whether a body is wanted is known where it is read.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('checkExpectation', (_request, response) => {
    const body = JSON.stringify(errorBody('BAD_REQUEST', 'Only "100-continue" can be expected here.'));
    const type = ['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)];
    response.writeHead(417, [...headers.flat(), ...type, 'connection', 'close']).end(body);
  });
}
