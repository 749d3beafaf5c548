// Owns `/graphql` over HTTP: Fastify in, Fastify out; what is refused before GraphQL sees it leaves in words of the table.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { type ErrorCode, errorBody, errorTable } from '../foundation/errors.ts';
import type { GraphQLHttpRequest, HandleRequest } from './handle-request.ts';
import { JsonBodies } from './json-bodies.ts';

/** Serves `/graphql`; `tellsAddress`: so that subgraphs hear the client's address. */
export function serveGraphQL(
  app: FastifyInstance,
  handle: HandleRequest,
  { tellsAddress = false } = {},
): void {
  readJsonBodies(app);
  app.route<{ Body: GraphQLHttpRequest['json'] | string | null }>({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      const { id, method, headers, url, body } = request;
      const queryStart = url.indexOf('?');
      const search = queryStart === -1 ? '' : url.slice(queryStart);
      // Plain text is read too, and refused by Apollo Server in words of its own.
      const json = typeof body === 'object' && body !== null ? body : undefined;
      const whenGone = (listener: () => void) => onHangUp(reply, listener);
      const { rawHeaders } = request.raw;
      const clientAddress = tellsAddress ? request.ip : undefined;
      const answer = await handle({ id, method, headers, rawHeaders, clientAddress, search, json, whenGone });
      reply.code(answer.status);
      for (const [name, value] of answer.headers) {
        // Of these there may be several: CORS has said before what else the answer depends on.
        const before = lists.has(name) ? reply.getHeader(name) : undefined;
        reply.header(name, before === undefined ? value : `${before}, ${value}`);
      }
      return answer.body === undefined ? reply.send() : answer.body;
    },
  });
}

/** Headers that say more where they are said again. */
const lists: ReadonlySet<string> = new Set(['vary', 'link']);

/** For all that no route answers, or that goes wrong in one. */
export function refuseTheRest(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'ROUTE_NOT_FOUND'));
  app.setErrorHandler(answerFailure);
}

/** Fastify's own reading of JSON, with its guards, for each text that is new. */
function readJsonBodies(app: FastifyInstance): void {
  const bodies = new JsonBodies();
  const readJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    const known = bodies.find(text);
    if (known) done(null, known);
    else
      void readJson(request, text, (error, value) =>
        done(error, error ? undefined : bodies.add(text, value)),
      );
  });
}

function onHangUp({ raw }: FastifyReply, listener: () => void): void {
  raw.once('close', () => {
    if (!raw.writableFinished) listener();
  });
}

/** Puts a failure that happened outside of GraphQL into the table's words. */
export function answerFailure(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof GraphQLError && error.extensions['code'] === 'REQUEST_CANCELLED') {
    return refuse(reply, 'REQUEST_CANCELLED');
  }
  const refusals: Record<string, ErrorCode> = {
    FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  };
  const known = refusals[error.code];
  if (known !== undefined) return refuse(reply, known);
  if (error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return refuse(reply, 'BAD_REQUEST', 'The body is not valid JSON.');
  }
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return refuse(reply, 'BAD_REQUEST', 'The body is empty.');
  if (error.statusCode !== undefined && error.statusCode < 500) return refuse(reply, 'BAD_REQUEST');
  request.log.error({ err: error }, 'a request failed outside of GraphQL');
  return refuse(reply, 'INTERNAL_SERVER_ERROR');
}

function refuse(reply: FastifyReply, code: ErrorCode, reason?: string): FastifyReply {
  return reply.code(errorTable[code].status).send(errorBody(code, reason));
}
