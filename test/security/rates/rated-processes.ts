// Starts routers as processes of their own with the same rates over one small graph, as replicas are.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RateLimit } from '../../../supergraph/declaration/limits-declaration.ts';
import { type Child, startChild } from '../../supergraph/fixtures/child-process.ts';
import { startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';

export interface RatedProcesses {
  /** Addresses of `/graphql`. */
  urls: readonly string[];
  children: readonly Child[];
  stop: () => Promise<void>;
}

const door = new URL('../../../supergraph/index.ts', import.meta.url).href;

export async function startRatedProcesses(
  count: number,
  rates: { readonly [name: string]: RateLimit },
  environment: Record<string, string>,
): Promise<RatedProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'rates-'));
  const graph = await startFixtureGraph();
  const declaration = join(folder, 'bff.ts');
  const supergraph = join(folder, 'supergraph.graphql');
  const limits = JSON.stringify({ rates });
  writeFileSync(supergraph, graph.supergraphSdl);
  writeFileSync(
    declaration,
    `import { defineBff } from '${door}';\nexport const bff = defineBff({ name: 'rated', port: 0, limits: ${limits} });\n`,
  );
  const children = Array.from({ length: count }, () =>
    startChild(new URL('../../../supergraph/main.ts', import.meta.url), {
      args: ['--bff', declaration, '--supergraph', supergraph, '--port', '0'],
      environment: { LOG_LEVEL: 'warn', TRUSTED_PROXIES: '127.0.0.1', ...environment },
    }),
  );
  const said = await Promise.all(children.map((child) => child.says(/answers on (http:\S+\/graphql)/)));
  return {
    urls: said.map(([, url = '']) => url),
    children,
    async stop() {
      for (const { process } of children) process.kill('SIGTERM');
      await Promise.all(children.map(({ ended }) => ended));
      await graph.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Timed {
  status: number;
  headers: Headers;
  text: string;
  /** Milliseconds. */
  took: number;
}

export async function askAt(url: string, from: string, query = '{ books { title } }'): Promise<Timed> {
  const began = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, took: performance.now() - began };
}
