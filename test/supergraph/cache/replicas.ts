// Starts replicas of one BFF over the small graph, with a real Redis between them, and asks them for versions of its products.

import type { CacheRules } from '../../../supergraph/declaration/cache-declaration.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';
import { settingsOf, until } from '../store/connected-redis.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter } from './cached-graph.ts';

type Starting = Parameters<typeof startCachingRouter>[2];

/** What tests end with; the last that was started ends first. */
export interface Ending {
  after: (work: () => Promise<void>) => void;
}

export interface Replicas {
  graph: CachedGraph;
  /** The one that runs, or ran last. */
  readonly redis: TestRedis;
  /** Empty, where it was before. */
  restartRedis: () => Promise<void>;
  /** One more of the same BFF. */
  start: (rules?: CacheRules, options?: Starting) => Promise<RouterUnderTest>;
  /** Over the same graph, keeping nothing. */
  startPlain: () => Promise<RouterUnderTest>;
  /** Whether what the first keeps now is served by the others without asking a subgraph. */
  isKeptTogether: (...routers: RouterUnderTest[]) => Promise<boolean>;
  /** Resolves when it is so. */
  keepTogether: (...routers: RouterUnderTest[]) => Promise<void>;
}

/** Answers are held up, and machines may be busy. */
const patient = { every: { timeout: '1m' } } as const;

const rule = { maxAge: '10m', scope: 'public' } as const;
export const longRules: CacheRules = {
  ...{ Product: rule, Review: rule, Category: rule },
  ...{ 'Query.product': rule, 'Query.review': rule, 'Query.wall': rule },
};

const priced = 'id name price(currency: $c) { currency }';
/** By how it is kept. With another currency it is something else, of which nothing is kept yet. */
const reads = {
  field: `query Field($id: ID!, $c: String) { product(id: $id) { ${priced} } }`,
  entity: `query Entity($review: ID!, $c: String) { review(id: $review) { id of { ${priced} } } }`,
  /** Four fetches, each of which needs what the one before it brings. */
  chain: `query Chain($c: String) { wall(note: $c) { top { ${priced} category { best(note: $c) { id of { ${priced} } } } } } }`,
};
export type Read = keyof typeof reads;

/** GET is answered from whole answers too. */
export function readProduct(
  router: RouterUnderTest,
  { read, id, currency, method = 'POST', token }: ProductRead,
): Promise<Answer> {
  const variables = {
    ...(read === 'field' && { id }),
    ...(read === 'entity' && { review: `r-${id}` }),
    c: currency,
  };
  const headers = { 'apollo-require-preflight': 'true', ...(token && { 'tributary-write': token }) };
  if (method === 'POST') return router.ask(reads[read], { variables, headers });
  const search = new URLSearchParams({ query: reads[read], variables: JSON.stringify(variables) });
  return router.fetch(`/graphql?${search}`, { headers });
}

export interface ProductRead {
  read: Read;
  /** Of the product; a chain ends at p2 always. */
  id: string;
  currency: string;
  method?: 'GET' | 'POST';
  token?: string | undefined;
}

/** Of its name, which is `… v<number>`. Throws for what is no whole answer. */
export function versionIn({ text }: Answer): number {
  const [, version] = /"name":"[^"]* v(\d+)"/.exec(text) ?? [];
  if (version === undefined || text.includes('"errors"')) throw new Error(`No product: ${text}`);
  return Number(version);
}

export function rename(router: RouterUnderTest, id: string, name: string): Promise<Answer> {
  return router.ask('mutation ($id: ID!, $name: String!) { rename(id: $id, name: $name) { id name } }', {
    variables: { id, name },
  });
}

export async function startReplicas(t: Ending, ...flags: string[]): Promise<Replicas> {
  const graph = await startCachedGraph();
  t.after(async () => graph.stop());
  let redis = await startTestRedis({ flags });
  t.after(() => redis.stop());
  let probes = 0;
  const isKeptTogether = async (...routers: RouterUnderTest[]): Promise<boolean> => {
    const currency = `probe-${++probes}`;
    for (const router of routers) await readProduct(router, { read: 'field', id: 'p3', currency });
    return graph.asked.filter(({ variables }) => Object.values(variables).includes(currency)).length === 1;
  };
  return {
    graph,
    get redis() {
      return redis;
    },
    async restartRedis() {
      redis = await startTestRedis({ port: redis.port, flags });
    },
    async start(rules = longRules, options = {}) {
      const { bff, environment, ...others } = options;
      const router = await startCachingRouter(graph, rules, {
        ...others,
        bff: { responseCache: 'public', subgraphs: patient, ...bff },
        environment: { redis: settingsOf(redis.url), ...environment },
      });
      t.after(() => router.stop());
      return router;
    },
    async startPlain() {
      const router = await startTestRouter(graph.supergraphSdl, {
        bff: defineBff({ name: 'plain', port: 0, subgraphs: patient }),
      });
      t.after(() => router.stop());
      return router;
    },
    isKeptTogether,
    keepTogether: (...routers) => until('replicas keep things together', () => isKeptTogether(...routers)),
  };
}
