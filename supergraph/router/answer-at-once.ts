// Owns answering what is kept before Fastify hears of it: of a whole answer that lies ready, that would be most of the work.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { requestId } from './create-app.ts';
import { objectToRequest } from './edge/object-to-request.ts';
import { type AnswerPacker, packedHeaders } from './edge/pack-answer.ts';
import type { HeaderLine } from './edge/safe-headers.ts';
import type { GraphQLHttpRequest, HttpAnswer } from './handle-request.ts';

/** A request that came by GET. */
export type ReadRequest = Pick<GraphQLHttpRequest, 'method' | 'headers' | 'rawHeaders' | 'search' | 'json'>;

/** undefined for what cannot be answered without waiting for anything. */
export type AnswerAtOnce = (request: ReadRequest) => HttpAnswer | undefined;

export interface AtOnceOptions {
  /** By the paths of their routes. */
  doors: ReadonlyMap<string, AnswerAtOnce>;
  /** Of all answers. */
  headers: readonly HeaderLine[];
  packer: AnswerPacker;
}

/** Takes effect when it is called; the app must have all of its routes only later. */
export function answerAtOnce(app: FastifyInstance, { doors, headers: ofAll, packer }: AtOnceOptions): void {
  const { server } = app;
  const alwaysSaid = ofAll.flat();
  const listeners = server.listeners('request') as ((...given: unknown[]) => void)[];
  const beginnings = [...doors].map(([path, door]) => ({ beginning: `${path}/graphql?`, door }));
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });

  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '', headers, rawHeaders } = request;
    // What pages of other sites may read is Fastify's to say.
    if (method !== 'GET' || headers.origin !== undefined || isClosing) return false;
    const found = beginnings.find(({ beginning }) => url.startsWith(beginning));
    if (found === undefined || objectToRequest(request)) return false;
    const search = url.slice(found.beginning.length - 1);
    const kept = found.door({ method, headers, rawHeaders, search, json: undefined });
    if (kept === undefined) return false;
    const before = ['x-request-id', requestId(headers), ...alwaysSaid];
    const packing = kept.body && packer.pack(headers['accept-encoding'], kept.body, kept.isKept);
    if (packing) {
      const { status } = kept;
      void packing.then((packed) => {
        if (!packed) return send(response, kept, before);
        send(response, { status, headers: packedHeaders(kept.headers, packed), body: packed.body }, before);
      });
    } else send(response, kept, before);
    return true;
  }

  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (answer(request, response)) return;
    for (const listener of listeners) listener.call(server, request, response);
  });
}

function send(
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
  before: readonly string[],
): void {
  const lines = [...before];
  // What a page may read depends on where it is from, also where none has asked.
  for (const [name, value] of headers) lines.push(name, name === 'vary' ? `Origin, ${value}` : value);
  if (body !== undefined) lines.push('content-length', String(Buffer.byteLength(body)));
  response.writeHead(status, lines);
  response.end(body);
}
