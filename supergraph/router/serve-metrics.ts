// Owns `/metrics`, on a port of its own: what clients use is nothing for clients to see.
import fastify from 'fastify';
import type { Environment } from '../foundation/environment.ts';
import type { Router } from './create-router.ts';

/** Serves Prometheus' text format where METRICS_PORT says so; what it gives ends that. */
export async function serveMetrics(
  routers: readonly Router[],
  { host, metricsPort }: Pick<Environment, 'host' | 'metricsPort'>,
): Promise<() => Promise<void>> {
  if (metricsPort === undefined) return async () => {};
  const app = fastify({ forceCloseConnections: true });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(together(routers)),
  );
  await app.listen({ host, port: metricsPort });
  return () => app.close();
}

/** A metric is described once, whoever has it. */
function together(routers: readonly Router[]): string {
  const lines = routers.flatMap(({ metrics }) => metrics().split('\n'));
  return `${[...new Set(lines)].filter((line) => line !== '').join('\n')}\n`;
}
