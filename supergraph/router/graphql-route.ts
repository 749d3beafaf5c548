// Owns the road of a GraphQL request over HTTP: Fastify in, Apollo Server, Fastify out; errors leave in words of the table.
import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientError, type ErrorCode, errorBody, errorTable } from '../foundation/errors.ts';
import { collectAnswerHeaders } from '../transport/collect-answer-headers.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';

/**
 * Serves `/graphql`, and answers in GraphQL's shape wherever Fastify refuses a request before GraphQL sees it. Clients get
 * those headers of subgraphs' answers that are in `answerHeaders`.
 */
export function serveGraphQL(
  app: FastifyInstance,
  server: ApolloServer<RequestContext>,
  answerHeaders: readonly string[] = [],
): void {
  const passing = new Set(answerHeaders.map((name) => name.toLowerCase()));
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      const told = passing.size > 0 ? collectAnswerHeaders(passing) : undefined;
      const signal = hangUp(reply);
      const queryStart = request.url.indexOf('?');
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headerMap(request.headers),
          search: queryStart === -1 ? '' : request.url.slice(queryStart),
          body: request.body,
        },
        context: async () => ({
          requestId: request.id,
          headers: request.headers,
          signal,
          ...(told && { answerHeader: told.take }),
        }),
      });
      reply.code(answer.status ?? 200);
      for (const [name, value] of answer.headers) reply.header(name, value);
      for (const [name, value] of told?.lines() ?? []) {
        // CORS has said before what else the answer depends on.
        const before = name === 'vary' ? reply.getHeader('vary') : undefined;
        reply.header(name, before === undefined ? value : `${before}, ${value}`);
      }
      // The gateway gives whole answers only; the parts of incremental delivery never come this way.
      if (answer.body.kind !== 'complete') return refuse(reply, 'INTERNAL_SERVER_ERROR');
      return answer.body.string;
    },
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'ROUTE_NOT_FOUND'));
  app.setErrorHandler(answerFailure);
}

/** Aborts when the client is gone before it has its answer. */
function hangUp({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(clientError('REQUEST_CANCELLED'));
  });
  return controller.signal;
}

/** Puts a failure that happened outside of GraphQL into the table's words. */
export function answerFailure(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
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

function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
