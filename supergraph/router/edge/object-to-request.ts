// Owns refusing requests that Node reads and others on the way may read otherwise, or that have too many headers.
import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import { mostHeaders } from './server-limits.ts';

/**
 * undefined for a request that can be read in one way alone. Node has refused most of the others by then: both a length and
 * a transfer encoding, two lengths, folded headers, line ends that are half of one.
 */
export function objectToRequest({
  rawHeaders,
  headers,
  httpVersionMajor,
  httpVersionMinor,
}: IncomingMessage): GraphQLError | undefined {
  if (rawHeaders.length > 2 * mostHeaders) return clientError('HEADERS_TOO_LARGE');
  if (httpVersionMajor !== 1) return badRequest('Send it as HTTP/1.1.');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (httpVersionMinor === 0 || coding.toLowerCase() !== 'chunked'))
    return badRequest('No other transfer encoding is read than "chunked", in HTTP/1.1.');
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersionMinor > 0))
    return badRequest('There must be one "host" header.');
  return undefined;
}

const badRequest = (reason: string): GraphQLError => clientError('BAD_REQUEST', { reason });

/** Of several Node keeps the first alone, and says nothing. */
function countHosts(rawHeaders: readonly string[]): number {
  let found = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') found += 1;
  }
  return found;
}
