// Owns a small graph's life: its supergraph composed, its subgraphs started in a process of their own, and ended.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parse } from 'graphql';
import { compose } from '../../supergraph/composition/compose.ts';
import type { Origin } from './origin.ts';
import { smallGraphs } from './small-graphs.ts';
import type { SubgraphSource } from './subgraph-source.ts';

/** The SDL of its supergraph. */
export function composeSmallGraph(name: string): string {
  return compose(
    sourcesOf(name).map((source) => ({
      name: source.name,
      url: `http://127.0.0.1/${source.name}/graphql`,
      document: parse(source.sdl),
    })),
  );
}

/** Resolves when it listens. */
export async function startSmallGraph(name: string): Promise<Origin> {
  const names = sourcesOf(name).map((source) => source.name);
  const child = fork(fileURLToPath(new URL('origin-main.ts', import.meta.url)), [name], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [{ port }] = await Promise.race([
    once(child, 'message') as Promise<[{ port: number }]>,
    ended.then(() => Promise.reject(new Error(`The subgraphs of ${name} ended before they listened.`))),
  ]);
  return {
    addresses: Object.fromEntries(
      names.map((subgraph) => [subgraph, `http://127.0.0.1:${port}/${subgraph}/graphql`]),
    ),
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function sourcesOf(name: string): SubgraphSource[] {
  const sources = smallGraphs[name]?.();
  if (sources === undefined) throw new Error(`There is no graph "${name}".`);
  return sources;
}
