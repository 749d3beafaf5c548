// Holds how long things are kept: as good as new, stale while they are renewed, stale while a subgraph is away, and not longer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { CacheRule } from '../../../supergraph/declaration/cache-declaration.ts';
import { freePort } from '../../support/redis.ts';
import { adminToken } from '../fixtures/admin-port.ts';
import { startChild } from '../fixtures/child-process.ts';
import type { Answer } from '../fixtures/router-under-test.ts';
import { until } from '../store/connected-redis.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter, testClock } from './cached-graph.ts';

const minute: CacheRule = { maxAge: '1m', scope: 'public' };
const names = '{ latest { of { id name } } }';
const unavailable = 'SUBGRAPH_UNAVAILABLE';

const notice = ({ headers }: Answer) => [headers.get('cache-status'), headers.get('age')];
const codesOf = ({ body }: Answer) => [...new Set(body.errors?.map(({ extensions }) => extensions['code']))];

describe('how long things are kept', () => {
  let graph: CachedGraph;
  before(async () => {
    graph = await startCachedGraph();
  });
  after(() => graph.stop());
  beforeEach(() => {
    graph.asked.splice(0);
    for (const name of Object.keys(graph.misbehaving)) delete graph.misbehaving[name];
    rename('Product p1');
  });

  const rename = (name: string) => void graph.products.set('p1', { name, price: 0, category: 'c1' });
  const isNew = ({ text }: Answer) => text.includes('"New"');

  /** The catalog has read by then; resolves what it has to say when it is told to. */
  function holdCatalog(): { arrived: Promise<void>; letGo: () => void } {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      graph.misbehaving['catalog'] = async (_, honest) => {
        const body = await honest();
        resolve();
        await held;
        return { body };
      };
    });
    return { arrived, letGo };
  }

  test('what is stale is served at once, and renewed once in the background however many ask', async (t) => {
    const clock = testClock();
    const router = await startCachingRouter(
      graph,
      { Product: { ...minute, staleWhileRevalidate: '1m' } },
      { clock },
    );
    t.after(() => router.stop());
    await router.ask(names);
    graph.entitiesAsked('catalog');
    rename('New');
    clock.pass(61_000);
    const { arrived, letGo } = holdCatalog();
    const asked = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        router.ask(names, { headers: { authorization: `Bearer ${index}` } }),
      ),
    );
    for (const answer of asked) {
      assert.ok(!isNew(answer));
      assert.deepEqual(notice(answer), ['test; hit; detail=stale-while-revalidate', '61']);
    }
    await arrived;
    assert.deepEqual(graph.entitiesAsked('catalog'), ['p1', 'p2']);
    letGo();
    let answer = await router.ask(names);
    await until('it is new', async () => {
      answer = await router.ask(names);
      return isNew(answer);
    });
    assert.deepEqual(notice(answer), [null, null]);
    assert.deepEqual(graph.entitiesAsked('catalog'), []);
  });

  test('what is stale for too long is waited for', async (t) => {
    const clock = testClock();
    const rule: CacheRule = { ...minute, staleWhileRevalidate: '1m' };
    const router = await startCachingRouter(graph, { Product: rule }, { clock });
    t.after(() => router.stop());
    await router.ask(names);
    rename('New');
    clock.pass(120_001);
    const answer = await router.ask(names);
    assert.ok(isNew(answer));
    assert.deepEqual(notice(answer), [null, null]);
  });

  test('when the renewal fails it is served until its time is over, and asked for again', async (t) => {
    const clock = testClock();
    const rule: CacheRule = { ...minute, staleWhileRevalidate: '1m' };
    const router = await startCachingRouter(graph, { Product: rule }, { clock });
    t.after(() => router.stop());
    await router.ask(names);
    clock.pass(61_000);
    graph.misbehaving['catalog'] = 'hang up';
    rename('New');
    for (let time = 0; time < 2; time += 1) {
      graph.asked.splice(0);
      assert.ok(!isNew(await router.ask(names)));
      await until('it is tried', async () => graph.asked.some(({ subgraph }) => subgraph === 'catalog'));
    }
    delete graph.misbehaving['catalog'];
    await until('it is new', async () => isNew(await router.ask(names)));
  });

  test('what is asked for often is renewed before its time is over, what is not is not', async (t) => {
    // With this much taken off, a minute is over after 57 seconds, and its last tenth begins after 51.3.
    t.mock.method(Math, 'random', () => 0.5);
    const clock = testClock();
    const router = await startCachingRouter(graph, { Product: minute }, { clock });
    t.after(() => router.stop());
    await router.ask(names);
    rename('New');
    graph.entitiesAsked('catalog');
    clock.pass(52_000);
    assert.ok(!isNew(await router.ask(names)));
    // Two renewals would be one more than there is: whoever asks next would find the first.
    assert.deepEqual(graph.entitiesAsked('catalog'), []);
    const answer = await router.ask(names);
    assert.ok(!isNew(answer));
    assert.deepEqual(notice(answer), [null, null]);
    await until('it is new', async () => isNew(await router.ask(names)));
    assert.deepEqual(graph.entitiesAsked('catalog'), ['p1', 'p2']);
  });

  test('what is not there is remembered as long as the rule says, and not served stale', async (t) => {
    const clock = testClock();
    const rule: CacheRule = { ...minute, staleWhileRevalidate: '1h', staleIfError: '1h', absent: '2s' };
    const router = await startCachingRouter(graph, { 'Query.product': rule, Product: rule }, { clock });
    t.after(() => router.stop());
    t.after(() => graph.products.delete('p9'));
    const late = '{ product(id: "p9") { id name } }';
    const count = () => graph.asked.splice(0).length;
    assert.deepEqual((await router.ask(late)).body, { data: { product: null } });
    assert.equal(count(), 1);
    graph.products.set('p9', { name: 'Late', price: 1, category: 'c1' });
    clock.pass(1_700);
    assert.deepEqual((await router.ask(late)).body, { data: { product: null } });
    assert.equal(count(), 0);
    clock.pass(301);
    assert.deepEqual((await router.ask(late)).body, { data: { product: { id: 'p9', name: 'Late' } } });
    assert.equal(count(), 1);
    // Of entities too, and where the subgraph fails.
    graph.misbehaving['reviews'] = { body: { data: { _entities: [null] } } };
    const rated = '{ product(id: "p1") { rating } }';
    assert.deepEqual((await router.ask(rated)).body, { data: { product: { rating: null } } });
    delete graph.misbehaving['reviews'];
    clock.pass(1_700);
    assert.deepEqual((await router.ask(rated)).body, { data: { product: { rating: null } } });
    graph.misbehaving['reviews'] = 'hang up';
    clock.pass(301);
    assert.deepEqual(codesOf(await router.ask(rated)), [unavailable]);
  });

  test('what several routers read at once is not over at once, and what one read at once is', async (t) => {
    const clock = testClock();
    const lifetimes: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const adminPort = await freePort();
      const environment = { adminPort, adminToken };
      const router = await startCachingRouter(
        graph,
        { Product: { maxAge: '1h', scope: 'public' } },
        { clock, environment },
      );
      t.after(() => router.stop());
      await router.ask('{ products(first: 4) { rating } }');
      const response = await fetch(`http://127.0.0.1:${adminPort}/cache?mark=Product`, {
        headers: { authorization: `Bearer ${adminToken}` },
      });
      const { bffs } = (await response.json()) as { bffs: { test: { freshFor: number }[] } };
      assert.equal(bffs.test.length, 4);
      const [lifetime = 0, ...others] = new Set(bffs.test.map(({ freshFor }) => freshFor));
      assert.deepEqual(others, []);
      assert.ok(lifetime <= 3_600_000 && lifetime >= 3_240_000, `${lifetime}`);
      lifetimes.push(lifetime);
    }
    assert.equal(new Set(lifetimes).size, 4, lifetimes.join());
  });
});

test('what a subgraph that was killed has said is served for the declared time, says so, and is over then', async (t) => {
  const child = startChild(new URL('./killable-main.ts', import.meta.url), { parent: true });
  t.after(() => child.process.kill('SIGKILL'));
  const { supergraphSdl } = await child.message;
  const clock = testClock();
  const patient: CacheRule = { ...minute, staleIfError: '10m' };
  const rules = { Product: patient, 'Query.products': patient, 'Query.wall': minute };
  const router = await startCachingRouter({ supergraphSdl: String(supergraphSdl) }, rules, { clock });
  t.after(() => router.stop());
  const rated = '{ products(first: 2) { id rating } }';
  const wall = '{ wall { title } }';
  const [fresh, plain] = [await router.ask(rated), await router.ask(wall)];
  assert.equal(fresh.body.errors, undefined);
  const ended = once(child.process, 'exit');
  child.process.kill('SIGKILL');
  await ended;
  for (const [query, before] of [
    [rated, fresh],
    [wall, plain],
  ] as const) {
    const answer = await router.ask(query);
    assert.equal(answer.text, before.text);
    assert.deepEqual(notice(answer), [null, null]);
  }
  clock.pass(61_000);
  const stale = await router.ask(rated);
  assert.equal(stale.text, fresh.text);
  assert.deepEqual(notice(stale), ['test; hit; detail=stale-if-error', '61']);
  assert.deepEqual(codesOf(await router.ask(wall)), [unavailable]);
  clock.pass(598_000);
  assert.equal((await router.ask(rated)).text, fresh.text);
  clock.pass(1_001);
  assert.deepEqual(codesOf(await router.ask(rated)), [unavailable]);
});
