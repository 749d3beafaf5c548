// Owns `/metrics`, on a port of its own: what clients use is nothing for clients to see.
import fastify from 'fastify';
import type { Environment } from '../foundation/environment.ts';
import type { Router } from './create-router.ts';
import { answerBrokenRequests } from './edge/answer-broken-requests.ts';
import { boundConnections } from './edge/bound-connections.ts';
import { safeHeaders } from './edge/safe-headers.ts';
import { patientApp } from './edge/server-limits.ts';

type Counted = Pick<Router, 'metrics'>;

/** Serves Prometheus' text format where METRICS_PORT says so; what it gives ends that. */
export async function serveMetrics(
  counted: readonly Counted[],
  { host, metricsPort }: Pick<Environment, 'host' | 'metricsPort'>,
): Promise<() => Promise<void>> {
  if (metricsPort === undefined) return async () => {};
  const app = fastify({
    ...patientApp,
    forceCloseConnections: true,
    clientErrorHandler: answerBrokenRequests(safeHeaders(false)),
  });
  boundConnections(app.server, safeHeaders(false));
  // Nothing is read of what is sent here.
  app.removeAllContentTypeParsers();
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(together(counted)),
  );
  await app.listen({ host, port: metricsPort });
  return () => app.close();
}

/** The lines of a metric stand together, and it is described once, whoever has it. */
function together(counted: readonly Counted[]): string {
  const metrics = new Map<string, Set<string>>();
  for (const line of counted.flatMap((one) => one.metrics().split('\n'))) {
    const name = /^(?:# (?:HELP|TYPE) )?([\w:]+)/.exec(line)?.[1];
    if (name !== undefined) metrics.set(name, (metrics.get(name) ?? new Set()).add(line));
  }
  return `${[...metrics.values()].flatMap((lines) => [...lines]).join('\n')}\n`;
}
