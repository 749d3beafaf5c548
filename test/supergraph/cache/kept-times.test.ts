// Holds what is kept to the time that rules give it, however long a request takes, however late a subgraph fails, and wherever
// somebody sets the clock.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test';
import type { CacheRule, CacheRules } from '../../../supergraph/declaration/cache-declaration.ts';
import type { Answer } from '../fixtures/router-under-test.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter } from './cached-graph.ts';

const minute: CacheRule = { maxAge: '1m', scope: 'public' };
const product = '{ product(id: "p1") { name } }';

describe('what is kept', () => {
  let graph: CachedGraph;
  before(async () => {
    graph = await startCachedGraph();
  });
  after(() => graph.stop());
  beforeEach((t) => {
    graph.asked.splice(0);
    for (const name of Object.keys(graph.misbehaving)) delete graph.misbehaving[name];
    graph.products.set('p1', { name: 'old', price: 1, category: 'c1' });
    // Nothing is taken off lifetimes.
    if ('mock' in t) t.mock.method(Math, 'random', () => 0);
  });

  async function start(
    t: TestContext,
    cache: CacheRules,
    responseCache: 'public' | 'never' = 'never',
    forward?: object,
  ) {
    let [wall, steady] = [Date.now(), 0];
    const clock = { now: () => wall, steady: () => steady, after: () => () => {} };
    const router = await startCachingRouter(graph, cache, {
      ...{ clock, bff: { responseCache, ...forward } },
    });
    t.after(() => router.stop());
    const get = (query: string, headers: Record<string, string> = {}): Promise<Answer> =>
      router.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': '1', ...headers },
      });
    const pass = (milliseconds: number): void => {
      wall += milliseconds;
      steady += milliseconds;
    };
    const set = (milliseconds: number): void => {
      wall += milliseconds;
    };
    return { get, pass, set };
  }

  const renamed = () => graph.products.set('p1', { name: 'new', price: 1, category: 'c1' });

  test('is over as a whole when its first part is, though the request took longer than the rest of its time', async (t) => {
    const { get, pass } = await start(
      t,
      { Product: minute, 'Query.product': { ...minute, maxAge: '4s' } },
      'public',
    );
    const rated = '{ product(id: "p1") { name rating } }';
    graph.misbehaving['reviews'] = async (_, honest) => {
      pass(6000);
      return { body: await honest() };
    };
    const first = await get(rated);
    assert.equal(first.body.errors, undefined);
    assert.equal(first.headers.get('cache-control'), 'private, no-cache');
    renamed();
    assert.match((await get(rated)).text, /"new"/);
  });

  test('is as old as its oldest part when it is told how old it is', async (t) => {
    const { get, pass } = await start(
      t,
      { Product: minute, 'Query.product': { ...minute, maxAge: '20s' } },
      'public',
    );
    const rated = '{ product(id: "p1") { name rating } }';
    graph.misbehaving['reviews'] = async (_, honest) => {
      pass(6000);
      return { body: await honest() };
    };
    const first = await get(rated);
    assert.equal(first.headers.get('cache-control'), 'public, max-age=14');
    pass(13_000);
    assert.equal((await get(rated)).headers.get('cache-status'), 'test; hit');
    pass(1000);
    assert.equal((await get(rated)).headers.get('cache-status'), null);
  });

  test('is served in place of a failure for as long as it is declared when the subgraph has failed, not when it was asked', async (t) => {
    const { get, pass } = await start(t, {
      Product: { ...minute, staleIfError: '1m' },
      'Query.product': { maxAge: '1s', staleIfError: '4s', scope: 'public' },
    });
    await get(product);
    pass(1850);
    let takes = 1000;
    graph.misbehaving['catalog'] = () => {
      pass(takes);
      return { status: 503, body: '' };
    };
    const stale = await get(product);
    assert.match(stale.text, /"old"/);
    assert.equal(stale.headers.get('age'), '2');
    takes = 4000;
    assert.ok((await get(product)).body.errors);
  });

  test('is over in time where somebody sets the clock back, and what was read since is kept', async (t) => {
    for (const responseCache of ['never', 'public'] as const) {
      graph.products.set('p1', { name: 'old', price: 1, category: 'c1' });
      const { get, pass, set } = await start(t, { Product: minute, 'Query.product': minute }, responseCache);
      await get(product);
      set(-3_600_000);
      renamed();
      pass(59_000);
      assert.match((await get(product)).text, /"old"/);
      pass(1000);
      assert.match((await get(product)).text, /"new"/);
      graph.asked.splice(0);
      assert.match((await get(product)).text, /"new"/);
      assert.deepEqual(graph.asked, []);
    }
  });

  test('is over where the machine has slept, of which its steady clock knows nothing', async (t) => {
    const { get, set } = await start(t, { Product: minute, 'Query.product': minute });
    await get(product);
    renamed();
    set(61_000);
    assert.match((await get(product)).text, /"new"/);
  });

  test('is nothing of which the subgraph says an age that cannot be read', async (t) => {
    const { get } = await start(t, { Product: minute, 'Query.product': minute });
    for (const age of ['50, 50', '50.5', '99999999999', '-1', '']) {
      graph.misbehaving['catalog'] = async (_, honest) => ({
        headers: { 'cache-control': 'max-age=60', age },
        body: await honest(),
      });
      await get(product);
      graph.asked.splice(0);
      await get(product);
      assert.equal(graph.asked.length, 1, age);
    }
  });
});
