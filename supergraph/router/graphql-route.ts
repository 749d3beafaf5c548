// Owns `/graphql` over HTTP: Fastify in, Fastify out; what is refused before GraphQL sees it leaves in words of the table.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { clientError, type ErrorCode, errorBody, errorRow, errorTable } from '../foundation/errors.ts';
import type { OperationLimits } from '../limits/operation/operation-limits.ts';
import { isStillComing, leaveUnread } from './edge/leave-unread.ts';
import { type AnswerPacker, packedHeaders } from './edge/pack-answer.ts';
import { forgetBodies, readBody } from './edge/read-body.ts';
import { unpackBodies } from './edge/unpack-body.ts';
import type { GraphQLHttpRequest, HandleRequest, HttpAnswer } from './handle-request.ts';
import { JsonBodies } from './json-bodies.ts';
import { checkJson } from './resolve-within.ts';

export interface GraphQLRouteOptions {
  /** So that subgraphs hear the client's address. */
  tellsAddress: boolean;
  /** Of a body, packed or not. */
  limits: Pick<OperationLimits, 'body' | 'variableDepth'>;
  packer: AnswerPacker;
}

/** Serves the root of this part of the app. */
export function serveGraphQL(
  app: FastifyInstance,
  handle: HandleRequest,
  { tellsAddress, limits, packer }: GraphQLRouteOptions,
): void {
  unpackBodies(app, limits.body);
  readJsonBodies(app, limits);
  app.route<{ Body: GraphQLHttpRequest['json'] | string | null }>({
    method: ['GET', 'POST'],
    url: '',
    bodyLimit: limits.body,
    async handler(request, reply) {
      const { id, method, headers, url, body } = request;
      const queryStart = url.indexOf('?');
      const search = queryStart === -1 ? '' : url.slice(queryStart);
      // Plain text is read too, and refused by Apollo Server in words of its own.
      const json = typeof body === 'object' && body !== null ? body : undefined;
      const whenGone = (listener: () => void) => onHangUp(reply, listener);
      const { rawHeaders } = request.raw;
      const address = () => addressOf(request);
      const clientAddress = tellsAddress ? address() : undefined;
      const asked = { id, method, headers, rawHeaders, clientAddress, address, search, json, whenGone };
      const answer = await handle(asked);
      reply.code(answer.status);
      const accepted = headers['accept-encoding'];
      const packing =
        answer.body === undefined ? undefined : packer.pack(accepted, answer.body, answer.isKept);
      const packed = packing && (await packing);
      writeHeaders(reply, packed ? packedHeaders(answer.headers, packed) : answer.headers);
      if (packed) return packed.body;
      return answer.body === undefined ? reply.send() : answer.body;
    },
  });
}

function writeHeaders(reply: FastifyReply, headers: HttpAnswer['headers']): void {
  for (const [name, value] of headers) {
    // Of these there may be several: CORS has said before what else the answer depends on.
    const before = lists.has(name) ? reply.getHeader(name) : undefined;
    reply.header(name, before === undefined ? value : `${before}, ${value}`);
  }
}

/** Headers that say more where they are said again. */
const lists: ReadonlySet<string> = new Set(['vary', 'link']);

/** For all that no route answers, or that goes wrong in one. */
export function refuseTheRest(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'ROUTE_NOT_FOUND'));
  app.setErrorHandler(answerFailure);
}

/** Fastify's own reading of JSON, with its guards, for each text that is new. */
function readJsonBodies(app: FastifyInstance, limits: GraphQLRouteOptions['limits']): void {
  const bodies = new JsonBodies();
  const readJson = app.getDefaultJsonParser('error', 'error');
  // Plain text, which nobody is told of.
  forgetBodies(app, limits.body);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', (request, payload, done) => {
    readBody(payload, limits.body, (read) => {
      if (read instanceof GraphQLError) return done(read);
      const text = read.toString();
      const known = bodies.find(text);
      const problem = known ? undefined : checkJson(text, limits);
      if (known) return done(null, known);
      if (problem) return done(problem);
      void readJson(request, text, (error, value) =>
        done(error, error ? undefined : bodies.add(text, value)),
      );
    });
  });
}

/** Whoever has gone before it was asked for has none. */
function addressOf(request: FastifyRequest): string {
  if (request.raw.socket.remoteAddress === undefined) throw clientError('REQUEST_CANCELLED');
  return request.ip;
}

function onHangUp({ raw }: FastifyReply, listener: () => void): void {
  // It may have gone while its body was looked at.
  if (raw.destroyed) listener();
  else
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
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  if (errorRow(code) !== undefined && code !== 'INTERNAL_SERVER_ERROR') {
    return refuse(reply, code as ErrorCode, error.message);
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
  if (isStillComing(reply.request.raw)) leaveUnread(reply);
  return reply.code(errorTable[code].status).send(errorBody(code, reason));
}
