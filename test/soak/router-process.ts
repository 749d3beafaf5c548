// Starts a router as a process of its own over small graphs, to be watched from outside: its memory, its pauses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../supergraph/foundation/environment.ts';
import { startChild } from '../supergraph/fixtures/child-process.ts';

export interface RouterProcess {
  origin: string;
  ask: (query: string, variables?: object) => Promise<{ status: number; body: unknown; took: number }>;
  /** MB of resident memory. */
  memory: () => number;
  stop: () => Promise<void>;
}

/** Lives for 60 s unless `lifetime` (in ms) says otherwise. */
export async function startRouterProcess(
  supergraphSdl: string,
  { lifetime = 60_000 }: { lifetime?: number } = {},
): Promise<RouterProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, supergraphSdl);
  // What is asked here is more than clients may ask anywhere else.
  const bff = join(folder, 'bff.ts');
  const index = new URL('../../supergraph/index.ts', import.meta.url).href;
  writeFileSync(
    bff,
    `import { defineBff } from '${index}';
export const soaked = defineBff({ name: 'router', port: 0, limits: { aliases: 1_000 } });
`,
  );
  const logLevel: Environment['logLevel'] = 'silent';
  const child = startChild(new URL('../../supergraph/main.ts', import.meta.url), {
    args: ['--bff', bff, '--supergraph', file, '--port', '0'],
    environment: { LOG_LEVEL: logLevel, NODE_ENV: 'production' },
    lifetime,
  });
  const [, origin = ''] = await child.says(/router answers on (http:\/\/\S+)\/graphql/);
  return {
    origin,
    ask: async (query, variables) => {
      const began = performance.now();
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const body: unknown = await response.json();
      return { status: response.status, body, took: performance.now() - began };
    },
    memory: () => {
      const status = readFileSync(`/proc/${child.process.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    stop: async () => {
      child.process.kill('SIGTERM');
      await child.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The value below which this share of the others lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
