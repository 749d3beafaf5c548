// Owns answering what is kept before Fastify hears of it: of a whole answer that lies ready, that would be most of the work.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { requestId } from './create-app.ts';
import type { GraphQLHttpRequest, HttpAnswer } from './handle-request.ts';

/** A request that came by GET. */
export type ReadRequest = Pick<GraphQLHttpRequest, 'method' | 'headers' | 'rawHeaders' | 'search' | 'json'>;

/** undefined for what cannot be answered without waiting for anything. */
export type AnswerAtOnce = (request: ReadRequest) => HttpAnswer | undefined;

/** By the paths of their routes. Takes effect when it is called; the app must have all of its routes only later. */
export function answerAtOnce(app: FastifyInstance, doors: ReadonlyMap<string, AnswerAtOnce>): void {
  const { server } = app;
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
    if (found === undefined) return false;
    const search = url.slice(found.beginning.length - 1);
    const kept = found.door({ method, headers, rawHeaders, search, json: undefined });
    if (kept === undefined) return false;
    send(response, kept, requestId(headers));
    return true;
  }

  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (answer(request, response)) return;
    for (const listener of listeners) listener.call(server, request, response);
  });
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer, id: string): void {
  const lines = ['x-request-id', id];
  // What a page may read depends on where it is from, also where none has asked.
  for (const [name, value] of headers) lines.push(name, name === 'vary' ? `Origin, ${value}` : value);
  if (body !== undefined) lines.push('content-length', String(Buffer.byteLength(body)));
  response.writeHead(status, lines);
  response.end(body);
}
