// Starts a router as a process of its own over a small graph, for tests that look at its memory, its log or its pauses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../../supergraph/fixtures/child-process.ts';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';

export interface RouterProcess {
  graph: FixtureGraph;
  child: Child;
  origin: string;
  ask: (query: string, headers?: Record<string, string>) => Promise<Response>;
  /** Megabytes; 0 where /proc does not tell. */
  residentMemory: () => number;
  stop: () => Promise<void>;
}

export async function startRouterProcess(environment: Record<string, string> = {}): Promise<RouterProcess> {
  const graph = await startFixtureGraph();
  const folder = mkdtempSync(join(tmpdir(), 'router-process-'));
  writeFileSync(join(folder, 'supergraph.graphql'), graph.supergraphSdl);
  const child = startChild(new URL('../../../supergraph/main.ts', import.meta.url), {
    args: ['--supergraph', join(folder, 'supergraph.graphql'), '--port', '0'],
    environment,
    lifetime: 180_000,
  });
  const [, origin = ''] = await child.says(/router answers on (http:\/\/\S+)\/graphql/);
  return {
    graph,
    child,
    origin,
    ask: (query, headers) =>
      fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(20_000),
      }),
    residentMemory() {
      if (process.platform !== 'linux') return 0;
      const status = readFileSync(`/proc/${child.process.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
    },
    async stop() {
      child.process.kill('SIGTERM');
      await child.ended;
      await graph.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
