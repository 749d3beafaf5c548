// Owns the HTTP server that routers are served with: what it takes, what it calls a request, and what it logs.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Environment } from '../foundation/environment.ts';
import type { TlsTexts } from '../foundation/tls-files.ts';
import { edgeOptions } from './edge-tls.ts';
import { answerFailure } from './graphql-route.ts';

/** With TLS where there are texts. It listens to nothing yet. */
export function createApp(
  { logLevel, trustedProxies }: Environment,
  tls: TlsTexts | undefined,
): FastifyInstance {
  const app = fastify({
    https: tls ? edgeOptions(tls) : null,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    logger: { level: logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestId(headers),
    frameworkErrors: answerFailure,
  }).addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  // Which of Node's servers it is makes a difference to nobody who answers.
  return app as unknown as FastifyInstance;
}

/** What a client sends lands in the logs of every subgraph: letters only, and not endlessly many. */
export function requestId({ 'x-request-id': given }: IncomingHttpHeaders): string {
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}
