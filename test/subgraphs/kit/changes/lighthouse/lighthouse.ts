// Owns a subgraph that says what it changes and keeps nothing, so that no database is needed to hear it.
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { ChangeBus } from '../../../../../subgraphs/kit/changes/publish-changes.ts';
import { defineSubgraph } from '../../../../../subgraphs/kit/define-subgraph.ts';
import { serveSubgraph } from '../../../../../subgraphs/kit/serve-subgraph.ts';

export const lighthouse = defineSubgraph<object, object>({
  name: 'lighthouse',
  folder: new URL('.', import.meta.url),
  migrations: {},
  seed: async () => {},
  loaders: () => ({}),
  resolvers: {
    Query: {
      lamp: (_: unknown, { id }: { id: string }) => ({ id }),
      visit: (_: unknown, { id }: { id: string }, { changed }) => {
        changed({ Lamp: id });
        return { id };
      },
    },
    Mutation: {
      light: (_: unknown, { id }: { id: string }, { changed }) => {
        changed({ Lamp: id, Keeper: ['k1', 7] });
        return { id };
      },
      lightAll: (_: unknown, { count }: { count: number }, { changed }) => {
        changed({ Lamp: Array.from({ length: count }, (_, index) => index), Keeper: [] });
        return count;
      },
      move: (_: unknown, { x, y }: { x: number; y: number }, { changed }) => {
        changed({ Place: { y, x } });
        return x;
      },
      fail: () => {
        throw new Error('The transaction failed.');
      },
      failAfterwards: (_: unknown, { id }: { id: string }, { changed }) => {
        changed({ Lamp: id });
        throw new Error('Something else failed.');
      },
      touch: (_: unknown, __: unknown, { changed }) => {
        changed({ Lamp: [] });
        return 0;
      },
    },
  },
});

export interface Lighthouse {
  /** Resolves with the data, errors or not, and how many milliseconds that took. */
  ask: (document: string) => Promise<{ data: unknown; took: number }>;
  stop: () => Promise<void>;
}

export async function startLighthouse(changes: ChangeBus | undefined): Promise<Lighthouse> {
  const dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  const { url, stop } = await serveSubgraph(lighthouse, {
    host: '127.0.0.1',
    port: 0,
    database: { db: new Kysely({ dialect }), close: async () => {} },
    jwksUrl: 'http://127.0.0.1:1/keys',
    issuer: 'nobody',
    audience: 'nobody',
    logLevel: 'silent',
    changes,
  });
  return {
    async ask(query) {
      const began = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      const { data } = (await response.json()) as { data: unknown };
      return { data, took: performance.now() - began };
    },
    stop,
  };
}
