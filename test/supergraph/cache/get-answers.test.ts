// Holds what answers say of being kept, to caches on the way and to clients, and whole answers that a router keeps itself.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test';
import type { CacheRule, CacheRules } from '../../../supergraph/declaration/cache-declaration.ts';
import { allowedFor, isSignedIn } from '../../../supergraph/declaration/rule-words.ts';
import { startTestIdentity, type TestIdentity } from '../../support/identity.ts';
import { freePort } from '../../support/redis.ts';
import { adminToken } from '../fixtures/admin-port.ts';
import { entry, hashed, manifestOf, sha256 } from '../fixtures/registered-operations.ts';
import type { Answer, RouterUnderTest } from '../fixtures/router-under-test.ts';
import { until } from '../store/connected-redis.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter, testClock } from './cached-graph.ts';

type Options = NonNullable<Parameters<typeof startCachingRouter>[2]>;
type Headers = Record<string, string>;

const minute: CacheRule = { maxAge: '1m', scope: 'public' };
const rules: CacheRules = {
  'Query.products': { ...minute, maxAge: '2m', staleIfError: '10m', tags: ['shelf'] },
  Product: { ...minute, staleWhileRevalidate: '30s', staleIfError: '5m' },
};
const rated = '{ products(first: 2) { id rating } }';
/** Whether it is told of the request that no page on somebody else's site has sent it. */
const asked = { 'apollo-require-preflight': '1' };

const address = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;
const get = (router: RouterUnderTest, query: string, headers: Headers = {}) =>
  router.fetch(address(query), { headers: { ...asked, ...headers } });
const said = ({ headers }: Answer) => headers.get('cache-control');
const hit = ({ headers }: Answer) => [headers.get('cache-status'), headers.get('age')];

describe('what is said of being kept', () => {
  let graph: CachedGraph;
  let identity: TestIdentity;
  let known: Record<'ann' | 'bob', Headers>;
  before(async () => {
    graph = await startCachedGraph();
    identity = await startTestIdentity();
    const headersOf = async (userId: string) => ({
      authorization: `Bearer ${await identity.tokenFor({ userId, raw: { tenant: 'one' } })}`,
    });
    known = { ann: await headersOf('ann'), bob: await headersOf('bob') };
  });
  after(async () => {
    graph.stop();
    await identity.stop();
  });
  beforeEach((t) => {
    graph.asked.splice(0);
    for (const name of Object.keys(graph.misbehaving)) delete graph.misbehaving[name];
    graph.products.set('p1', { name: 'Product p1', price: 0, category: 'c1' });
    // Nothing is taken off lifetimes.
    if ('mock' in t) t.mock.method(Math, 'random', () => 0);
  });

  async function start(t: TestContext, cache: CacheRules, { bff, ...options }: Options = {}) {
    const clock = testClock();
    const { issuer, audience, jwksUrl } = identity;
    const router = await startCachingRouter(graph, cache, {
      clock,
      ...options,
      bff: { identity: { issuers: [{ issuer, audiences: [audience], jwks: jwksUrl }] }, ...bff },
    });
    t.after(() => router.stop());
    return { router, clock };
  }

  test('by GET it is the strictest of its parts, with what caches need to hold and to drop it', async (t) => {
    const { router, clock } = await start(t, rules, { bff: { forward: { headers: ['accept-language'] } } });
    const first = await get(router, rated);
    assert.equal(said(first), 'public, max-age=60, stale-if-error=300');
    const vary = (first.headers.get('vary') ?? '').split(', ');
    assert.ok(vary.includes('accept') && vary.includes('accept-language'), vary.join());
    assert.ok(!vary.includes('authorization'), 'would be held once for each viewer');
    const keys = (first.headers.get('surrogate-key') ?? '').split(' ');
    for (const key of ['Product:p1', 'Product:p2', 'Product', 'Query.products', 'shelf']) {
      assert.ok(keys.includes(key), `${key} in ${keys}`);
    }
    assert.deepEqual(hit(first), [null, null]);
    clock.pass(10_000);
    const second = await get(router, rated, known.ann);
    assert.equal(second.text, first.text);
    assert.equal(said(second), 'public, max-age=50, stale-if-error=300');
    const etag = second.headers.get('etag');
    assert.equal(etag, first.headers.get('etag'));
    const third = await get(router, rated, { 'if-none-match': etag ?? '' });
    assert.deepEqual([third.status, third.text], [304, '']);
    for (const name of ['etag', 'cache-control', 'vary', 'surrogate-key']) {
      assert.equal(third.headers.get(name), second.headers.get(name), name);
    }
  });

  const personal: Record<string, { cache: CacheRules; query?: string; bff?: Options['bff'] }> = {
    'an entity is kept for each viewer': { cache: { ...rules, Product: { ...minute, scope: 'viewer' } } },
    'an entity is kept for those with a claim': {
      cache: { ...rules, Product: { ...minute, scope: { claim: 'tenant' } } },
    },
    'a part of it is not kept': { cache: { 'Query.products': minute } },
    'a part of it is never kept': { cache: { ...rules, Product: 'never' } },
    'the schema says that a part is private': {
      cache: { ...rules, 'Query.product': minute },
      query: '{ product(id: "p1") { secret } }',
    },
    'a rule of the declaration looks at who asks': {
      cache: { ...rules, 'Product.rating': { ...minute, scope: 'viewer' } },
      bff: { permissions: { Product: { rating: isSignedIn } } },
    },
  };
  for (const [name, { cache, query = rated, bff }] of Object.entries(personal)) {
    test(`by GET it is the viewer’s own where ${name}`, async (t) => {
      const { router } = await start(t, cache, { bff: { ...bff, responseCache: 'viewer' } });
      // Once as Apollo Server reads it, once as it is known, and once as it is kept.
      for (let time = 0; time < 3; time += 1) {
        const answer = await get(router, query, known.ann);
        assert.equal(answer.body.errors, undefined);
        assert.equal(said(answer), 'private, no-cache');
        assert.match(answer.headers.get('vary') ?? '', /(^|, )authorization(,|$)/);
        assert.equal(answer.headers.get('surrogate-key'), null);
        assert.ok(answer.headers.get('etag'));
      }
    });
  }

  test('nobody keeps an answer with errors, and none is kept', async (t) => {
    const { router } = await start(
      t,
      { ...rules, 'Query.failing': minute },
      { bff: { responseCache: 'public' } },
    );
    graph.misbehaving['reviews'] = 'hang up';
    for (const query of [rated, '{ failing { id } }', '{ failing { id } }']) {
      const answer = await get(router, query);
      assert.ok(answer.body.errors);
      assert.equal(said(answer), 'no-store');
      for (const name of ['etag', 'surrogate-key', 'cache-status'])
        assert.equal(answer.headers.get(name), null);
    }
    delete graph.misbehaving['reviews'];
    assert.equal(said(await get(router, rated)), 'public, max-age=60, stale-if-error=300');
  });

  test('nobody keeps what was stale, and it says how old it is', async (t) => {
    const { router, clock } = await start(t, rules, { bff: { responseCache: 'public' } });
    await get(router, rated);
    clock.pass(61_000);
    graph.misbehaving['reviews'] = 'hang up';
    const stale = await get(router, rated);
    assert.equal(said(stale), 'private, no-cache');
    assert.deepEqual(hit(stale), ['test; hit; detail=stale-while-revalidate', '61']);
    clock.pass(60_000);
    assert.deepEqual(hit(await get(router, rated)), ['test; hit; detail=stale-if-error', '121']);
  });

  test('what came by POST is for nobody on the way', async (t) => {
    const { router } = await start(t, rules, { bff: { responseCache: 'public' } });
    for (let time = 0; time < 3; time += 1) {
      const answer = await router.ask(rated);
      assert.equal(said(answer), 'no-store');
      assert.equal(answer.headers.get('surrogate-key'), null);
    }
  });

  test('a whole answer is kept as long as the shortest of its parts, and dropped when one of them changes', async (t) => {
    const metricsPort = await freePort();
    const { router, clock } = await start(
      t,
      { 'Query.latest': minute, Review: minute, Product: minute },
      { bff: { responseCache: 'public' }, environment: { metricsPort } },
    );
    const names = 'query Names { latest { of { id name } } }';
    const metrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const first = await get(router, names);
    clock.pass(20_000);
    graph.asked.splice(0);
    const second = await get(router, names);
    assert.equal(second.text, first.text);
    assert.deepEqual(hit(second), ['test; hit', '20']);
    // Both are counted from when it was read, as caches on the way do.
    assert.equal(said(second), said(first));
    assert.equal(second.headers.get('etag'), first.headers.get('etag'));
    const third = await get(router, names, { 'if-none-match': second.headers.get('etag') ?? '' });
    assert.equal(third.status, 304);
    assert.deepEqual(graph.asked, []);
    const counted = await metrics();
    assert.match(counted, /tributary_operation_uses_total\{[^}]*operation="Names"[^}]*\} 3\n/);
    assert.match(
      counted,
      /tributary_cache_lookups_total\{bff="test",type="\(whole answers\)",level="responses",result="hit"\} 2\n/,
    );
    assert.match(
      counted,
      /tributary_cache_lookups_total\{bff="test",type="Product",level="process",result="miss"\} 2\n/,
    );
    assert.match(counted, /tributary_cache_entries\{bff="test"\} 4\n/);
    assert.match(counted, /tributary_cache_bytes\{bff="test"\} [1-9]\d+\n/);
    await router.ask('mutation { rename(id: "p1", name: "New") { id } }');
    const renamed = await get(router, names);
    assert.match(renamed.text, /"New"/);
    assert.deepEqual(hit(renamed), [null, null]);
    // What it says of its time holds from when it was put together.
    assert.deepEqual(hit(await get(router, names)), ['test; hit', '0']);
    // The root field and p2 were read before, and are over first.
    clock.pass(40_000);
    assert.deepEqual(hit(await get(router, names)), [null, null]);
  });

  test('a whole answer about very many things is known by few marks, and dropped when any one of them changes', async (t) => {
    const adminPort = await freePort();
    const { router } = await start(
      t,
      { 'Query.products': minute, Product: minute },
      { bff: { responseCache: 'public' }, environment: { adminPort, adminToken } },
    );
    const ids = Array.from({ length: 150 }, (_, index) => `many${index}`);
    for (const id of ids) graph.products.set(id, { name: `Product ${id}`, price: 1, category: 'c1' });
    t.after(() => {
      for (const id of ids) graph.products.delete(id);
    });
    const many = '{ products(first: 1000) { name rating } }';
    const isWhole = async () => hit(await get(router, many))[0] === 'test; hit';
    await get(router, many);
    assert.ok(await isWhole());
    const response = await fetch(
      `http://127.0.0.1:${adminPort}/cache?mark=${encodeURIComponent('Product:*')}`,
      {
        headers: { authorization: `Bearer ${adminToken}` },
      },
    );
    const { bffs } = (await response.json()) as { bffs: { test: { level: string; marks: string[] }[] } };
    const [whole, ...others] = bffs.test.filter(({ level }) => level === 'responses');
    assert.ok(whole && others.length === 0);
    assert.ok(whole.marks.length < 10, `${whole.marks.length} marks`);
    assert.ok(whole.marks.includes('Product:*'));
    for (const id of ['p1', 'many149']) {
      await router.ask('mutation($id: ID!) { rename(id: $id, name: "New") { id } }', { variables: { id } });
      const renamed = await get(router, many);
      assert.deepEqual([hit(renamed)[0], renamed.body.errors], [null, undefined]);
      assert.match(renamed.text, /"New"/);
      assert.ok(await isWhole());
    }
  });

  test('a whole answer depends on where a page is from, as one that is made anew does', async (t) => {
    const origin = 'https://shop.example';
    const { router } = await start(t, rules, {
      bff: { responseCache: 'public' },
      environment: { production: true, corsOrigins: [origin] },
    });
    const dependsOn = ({ headers }: Answer) => (headers.get('vary') ?? '').toLowerCase().split(/, */).sort();
    const allowed = ({ headers }: Answer) => headers.get('access-control-allow-origin');
    const first = await get(router, rated);
    assert.ok(dependsOn(first).includes('origin'));
    const etag = first.headers.get('etag') ?? '';
    for (const [headers, isAllowed] of [
      [{}, false],
      [{ 'if-none-match': etag }, false],
      [{ origin }, true],
      [{ origin: 'https://other.example' }, false],
    ] as const) {
      const kept = await get(router, rated, headers);
      assert.equal(kept.headers.get('cache-status'), 'test; hit');
      assert.deepEqual(dependsOn(kept), dependsOn(first), JSON.stringify(headers));
      assert.equal(allowed(kept), isAllowed ? origin : null);
    }
  });

  for (const responseCache of ['never', 'public', 'viewer'] as const) {
    test(`of whole answers a router with ‘${responseCache}’ keeps what it says`, async (t) => {
      const cache = { ...rules, 'Product.mine': { ...minute, scope: 'viewer' } as const };
      const { router } = await start(t, cache, { bff: { responseCache } });
      const own = '{ products(first: 1) { id mine } }';
      const post = (query: string, headers: Headers) => router.ask(query, { headers });
      const isKept = async (ask: () => Promise<Answer>) => {
        // What is somebody's is kept when the operation is known.
        const [first, second, third] = [await ask(), await ask(), await ask()];
        assert.deepEqual([second.text, third.text], [first.text, first.text]);
        return hit(third)[0] === 'test; hit';
      };
      assert.equal(await isKept(() => get(router, rated)), responseCache !== 'never');
      assert.equal(await isKept(() => post(rated, {})), responseCache !== 'never');
      for (const headers of Object.values(known)) {
        assert.equal(await isKept(() => post(own, headers)), responseCache === 'viewer');
        for (const ask of [post, (query: string) => get(router, query, headers)]) {
          assert.ok((await ask(own, headers)).text.includes(headers['authorization'] ?? ''));
        }
      }
    });
  }

  test('clients that a rule tells apart are not given each other’s', async (t) => {
    const { router } = await start(
      t,
      { ...rules, 'Product.rating': { ...minute, scope: 'viewer' } },
      {
        bff: {
          responseCache: 'viewer',
          permissions: { Product: { rating: allowedFor('ios >= 3.0.0') } },
        },
      },
    );
    const as = (name: string, version: string) =>
      get(router, rated, { 'apollographql-client-name': name, 'apollographql-client-version': version });
    for (let time = 0; time < 3; time += 1) {
      for (const [name, version, sees] of [
        ['web', '3.0.0', false],
        ['ios', '3.1.0', true],
        ['ios', '2.0.0', false],
        ['android', '3.1.0', false],
      ] as const) {
        const answer = await as(name, version);
        assert.equal(answer.text.includes('4.5'), sees, `${name} ${version}: ${answer.text}`);
        assert.equal(answer.body.errors === undefined, sees);
      }
    }
  });

  test('a registered operation by GET is kept by its id, and not any more when that is gone', async (t) => {
    const home = mkdtempSync(join(tmpdir(), 'kept-'));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    const manifest = join(home, 'manifest.json');
    const rating = 'query Rating($first: Int!) { products(first: $first) { id rating } }';
    const other = 'query Other { products(first: 1) { id } }';
    writeFileSync(manifest, manifestOf(entry('Rating', rating), entry('Other', other)));
    const { router } = await start(t, rules, {
      bff: { responseCache: 'public', documents: { folder: 'documents', unregistered: 'reject' } },
      manifests: { manifest, released: join(home, 'released') },
      environment: { production: true },
    });
    const byId = (text: string, variables = {}) =>
      router.fetch(
        `/graphql?${new URLSearchParams({ extensions: JSON.stringify(hashed(sha256(text))), variables: JSON.stringify(variables) })}`,
        { headers: asked },
      );
    for (const first of [1, 2]) {
      const [one, two] = [await byId(rating, { first }), await byId(rating, { first })];
      assert.equal([one.body.data?.['products']].flat().length, first);
      assert.equal(said(one), 'public, max-age=60, stale-if-error=300');
      assert.equal(two.text, one.text);
      assert.deepEqual(hit(two), ['test; hit', '0']);
    }
    writeFileSync(manifest, manifestOf(entry('Other', other)));
    await until('it is gone', async () => (await byId(rating, { first: 1 })).body.errors !== undefined);
    const gone = await byId(rating, { first: 2 });
    assert.equal(gone.body.errors?.[0]?.extensions['code'], 'PERSISTED_QUERY_NOT_FOUND');
    assert.equal((await byId(other)).body.errors, undefined);
  });

  test('with x-cache: 1 an answer tells how it came about, and in production none does', async (t) => {
    const { router, clock } = await start(
      t,
      { ...rules, 'Query.products': minute },
      { bff: { responseCache: 'public' } },
    );
    const query = '{ products(first: 2) { id rating mine } wall { title } }';
    const told = async (one: RouterUnderTest) =>
      (await one.ask(query, { headers: { 'x-cache': '1' } })).body.extensions?.['cache'];
    const bySubgraph = (report: unknown) =>
      (report as { subgraph: string; of?: string }[]).sort((a, b) =>
        `${a.subgraph}${a.of ?? ''}` < `${b.subgraph}${b.of ?? ''}` ? -1 : 1,
      );
    const kept = { scope: 'public' };
    assert.deepEqual(bySubgraph(await told(router)), [
      {
        subgraph: 'catalog',
        of: 'Query.products',
        hits: 0,
        stale: 0,
        misses: 1,
        age: 0,
        maxAge: 60,
        ...kept,
      },
      { subgraph: 'reviews', hits: 0, stale: 0, misses: 1, age: 0, maxAge: 0 },
      { subgraph: 'reviews', of: 'Product', hits: 0, stale: 0, misses: 2, age: 0, maxAge: 60, ...kept },
    ]);
    clock.pass(7_000);
    assert.deepEqual(bySubgraph(await told(router)), [
      {
        subgraph: 'catalog',
        of: 'Query.products',
        hits: 1,
        stale: 0,
        misses: 0,
        age: 7,
        maxAge: 53,
        ...kept,
      },
      { subgraph: 'reviews', hits: 0, stale: 0, misses: 1, age: 0, maxAge: 0 },
      { subgraph: 'reviews', of: 'Product', hits: 2, stale: 0, misses: 0, age: 7, maxAge: 53, ...kept },
    ]);
    const { router: productive } = await start(t, rules, { environment: { production: true } });
    assert.equal(await told(productive), undefined);
  });
});
