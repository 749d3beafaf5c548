// Owns the HTTP server that routers are served with: what it takes, what it calls a request, and what it logs.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Environment } from '../foundation/environment.ts';
import { clientError } from '../foundation/errors.ts';
import type { TlsTexts } from '../foundation/tls-files.ts';
import { answerBrokenRequests } from './edge/answer-broken-requests.ts';
import { guardServer } from './edge/guard-server.ts';
import { leaveUnread } from './edge/leave-unread.ts';
import { objectToRequest } from './edge/object-to-request.ts';
import { forgetBodies } from './edge/read-body.ts';
import { safeHeaders } from './edge/safe-headers.ts';
import { patientApp, patientServer } from './edge/server-limits.ts';
import { edgeOptions } from './edge-tls.ts';
import { answerFailure } from './graphql-route.ts';

/** With TLS where there are texts. It listens to nothing yet. */
export function createApp(
  { logLevel, trustedProxies, maxConnections }: Environment,
  tls: TlsTexts | undefined,
): FastifyInstance {
  const refused = new WeakSet<Socket>();
  // Whether there is one is looked at below, and said in words.
  const server = { ...patientServer, requireHostHeader: false };
  const headers = safeHeaders(tls !== undefined);
  const app = fastify({
    ...{ ...patientApp, http: server },
    https: tls ? { ...server, ...edgeOptions(tls) } : null,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    logger: { level: logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: ({ headers }) => requestId(headers),
    frameworkErrors(error, request, reply) {
      // No hook has seen those.
      for (const [name, value] of headers) reply.header(name, value);
      answerFailure(error, request, reply);
    },
    clientErrorHandler: answerBrokenRequests(headers),
  }).addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    for (const [name, value] of headers) reply.header(name, value);
    const objection = refused.has(request.raw.socket)
      ? clientError('BAD_REQUEST')
      : objectToRequest(request.raw);
    if (objection) {
      // Where one request ends and the next begins is not certain any more.
      refused.add(request.raw.socket);
      leaveUnread(reply);
    }
    done(objection);
  });
  // Which of Node's servers it is makes a difference to nobody who answers.
  const served = app as unknown as FastifyInstance;
  guardServer(served.server, { maxConnections, headers });
  forgetBodies(served, served.initialConfig.bodyLimit ?? 0);
  return served;
}

/** What a client sends lands in the logs of every subgraph: letters only, and not endlessly many. */
export function requestId({ 'x-request-id': given }: IncomingHttpHeaders): string {
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}
