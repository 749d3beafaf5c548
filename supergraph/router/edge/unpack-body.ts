// Owns bodies that clients send packed: how they are unpacked, and no further than a body may be long.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';
import type { FastifyInstance, RequestPayload } from 'fastify';
import { GraphQLError } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import { readBody } from './read-body.ts';

// Whole rather than in a stream (as @fastify/compress does it): what is bounded to a body's length needs none, zlib
// itself stops at the bound, and nothing of a body that is too large waits between two streams.
type Unpack = (packed: Buffer, options: ZlibOptions) => Promise<Buffer>;
const unpackers: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

const bodyEncodings = [...unpackers.keys()].join(', ');

/** For all routes of this part of the app; `most` bytes, packed or not. Whoever asks before sending is told to go on here. */
export function unpackBodies(app: FastifyInstance, most: number): void {
  app.addHook('preParsing', (request, reply, payload, done) => {
    const { headers } = request;
    const encoding = headers['content-encoding'];
    if (encoding === undefined && headers.expect === undefined) return done(null, payload);
    const length = Number(headers['content-length'] ?? 0);
    if (length > most) return done(clientError('BODY_TOO_LARGE'));
    const name = encoding?.trim().toLowerCase() ?? 'identity';
    const unpack = unpackers.get(name);
    if (unpack === undefined && name !== 'identity') {
      reply.header('accept-encoding', bodyEncodings);
      const reason = `Send the body unpacked, or packed as one of ${bodyEncodings}.`;
      return done(clientError('UNSUPPORTED_MEDIA_TYPE', { reason }));
    }
    if (headers.expect !== undefined) reply.raw.writeContinue();
    if (unpack === undefined) return done(null, payload);
    unpackAll(request.raw, unpack, most).then((body) => done(null, body), done);
    return undefined;
  });
}

async function unpackAll(request: IncomingMessage, unpack: Unpack, most: number): Promise<RequestPayload> {
  const packed = await readAll(request, most);
  const body = await unpack(packed, { maxOutputLength: most }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw clientError('BODY_TOO_LARGE');
    throw clientError('BAD_REQUEST', { reason: 'The body cannot be unpacked.' });
  });
  const stream: RequestPayload = Readable.from(body.length === 0 ? [] : [body]);
  stream.receivedEncodedLength = packed.length;
  return stream;
}

function readAll(request: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    readBody(request, most, (read) => (read instanceof GraphQLError ? reject(read) : resolve(read)));
  });
}
