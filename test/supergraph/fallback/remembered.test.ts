// Shows what becomes of the last good values: for how long, for whom and where they stand in, and that nothing less than good is remembered.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type Fallbacks, lastKnown, value } from '../../../supergraph/declaration/fallback-words.ts';
import { type RuleContext, rule } from '../../../supergraph/declaration/rule-words.ts';
import { type Clock, systemClock } from '../../../supergraph/foundation/clock.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis, type TestRedis } from '../../support/redis.ts';
import { freePort } from '../../support/tributary.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';
import { settingsOf, until } from '../store/connected-redis.ts';
import { type FallbackGraph, fallbacks, startFallbackGraph } from './fallback-graph.ts';

interface Degraded {
  path: (string | number)[];
  strategy: string;
  reason: string;
  ageSeconds?: number;
}

const degradedIn = ({ body }: Answer) => (body.extensions?.['degraded'] ?? []) as Degraded[];
/** So short that it keeps nothing from one request to the next, and yet says whose it is. */
const brief = { maxAge: '1ms', scope: 'public' } as const;
const cache = { Product: brief, Review: brief, 'Query.search': brief } as const;

describe('the last good value', () => {
  let graph: FallbackGraph;
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => now, steady: () => now };
  const running: RouterUnderTest[] = [];

  async function start(
    declared: Partial<BffDeclaration> = {},
    options: Parameters<typeof startTestRouter>[1] = {},
  ): Promise<RouterUnderTest> {
    const bff = defineBff({ name: 'test', port: 0, fallbacks: fallbacks as Fallbacks, ...declared });
    const router = await startTestRouter(graph.supergraphSdl, { bff, clock, ...options });
    running.push(router);
    return router;
  }

  before(async () => {
    graph = await startFallbackGraph();
  });
  beforeEach(async () => {
    await Promise.all(running.splice(0).map((router) => router.stop()));
    for (const { answerWith } of graph.subgraphs.values()) answerWith(undefined);
    graph.failing.clear();
    now = Date.now();
  });
  after(async () => {
    await Promise.all(running.map((router) => router.stop()));
    graph.stop();
  });

  const rating = '{ product(id: "p1") { rating } }';

  test('says how old it is, and stands in for as long as is said', async () => {
    const router = await start();
    await router.ask(rating);
    graph.of('reviews').answerWith('hang up');
    now += 9 * 60_000;
    const [old] = degradedIn(await router.ask(rating));
    assert.deepEqual([old?.strategy, old?.ageSeconds], ['lastKnown', 540]);
    now += 2 * 60_000;
    const late = await router.ask(rating);
    assert.deepEqual(late.body.data, { product: { rating: 0 } });
    assert.equal(degradedIn(late)[0]?.strategy, 'value');
  });

  test('is written anew where it is asked for again and again', async () => {
    const router = await start();
    await router.ask(rating);
    now += 9 * 60_000;
    await router.ask(rating);
    graph.of('reviews').answerWith('hang up');
    now += 60_000;
    assert.equal(degradedIn(await router.ask(rating))[0]?.ageSeconds, 60);
  });

  test('is never what stood in', async () => {
    const router = await start();
    graph.of('reviews').answerWith('hang up');
    assert.equal(degradedIn(await router.ask(rating))[0]?.strategy, 'value');
    now += 60_000;
    assert.equal(degradedIn(await router.ask(rating))[0]?.strategy, 'value');
  });

  test('is never a list in which something failed', async () => {
    const router = await start();
    const query = '{ product(id: "p1") { reviews { id author { note } } } }';
    graph.failing.set('User.note', 'INTERNAL_SERVER_ERROR');
    assert.equal((await router.ask(query)).body.errors?.length, 2);
    graph.failing.clear();
    graph.of('reviews').answerWith('hang up');
    const answer = await router.ask(query);
    assert.deepEqual(answer.body.data, { product: null });
    assert.deepEqual(degradedIn(answer), []);
  });

  test('stands in by itself where the rest is kept, and what stood in is not', async () => {
    const router = await start({ cache: { ...cache, Product: { maxAge: '10m', scope: 'public' } } });
    const query = '{ product(id: "p1") { name inStock } }';
    graph.of('stock').answerWith('hang up');
    const first = await router.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    assert.deepEqual(first.body.data, { product: { name: 'Chair', inStock: false } });
    assert.match(first.headers.get('cache-control') ?? '', /no-store|no-cache/);
    assert.equal(first.headers.get('surrogate-key'), null);
    graph.of('stock').answerWith(undefined);
    const second = await router.ask(query);
    assert.deepEqual(second.body.data, { product: { name: 'Chair', inStock: true } });
    assert.equal(second.body.extensions, undefined);
  });

  test('bounds for how long its type is served stale, and not that of other fields', async () => {
    const lasting = { maxAge: '1ms', staleIfError: '1h', scope: 'public' } as const;
    const router = await start({ cache: { Product: lasting, 'Query.product': lasting } });
    const query = '{ product(id: "p1") { rating inStock } }';
    await router.ask(query);
    graph.of('reviews').answerWith('hang up');
    graph.of('stock').answerWith('hang up');
    now += 5 * 60_000;
    const early = await router.ask(query);
    assert.deepEqual(early.body.data, { product: { rating: 4.5, inStock: true } });
    assert.deepEqual(degradedIn(early), []);
    now += 6 * 60_000;
    const late = await router.ask(query);
    assert.deepEqual(late.body.data, { product: { rating: 0, inStock: true } });
    assert.equal(degradedIn(late)[0]?.strategy, 'value');
  });

  test('of what not everybody may ask for is its viewer’s alone, whatever its fallback says', async () => {
    const isKnown = rule('known')(
      (_parent: unknown, _args: unknown, { client }: RuleContext) => client?.name === 'app',
    );
    const router = await start({
      fallbacks: { 'Product.rating': [lastKnown({ upTo: '10m', scope: 'public' }), value(0)] },
      permissions: { Product: { rating: isKnown } },
    });
    const as = (token: string) => ({ headers: { authorization: token, 'apollographql-client-name': 'app' } });
    await router.ask(rating, as('Ann'));
    graph.of('reviews').answerWith('hang up');
    now += 1000;
    assert.deepEqual((await router.ask(rating, as('Ann'))).body.data, { product: { rating: 4.5 } });
    assert.deepEqual((await router.ask(rating, as('Ben'))).body.data, { product: { rating: 0 } });
    const { body } = await router.ask(rating);
    assert.deepEqual(
      [body.data, body.errors?.[0]?.extensions['code'], body.extensions],
      [{ product: null }, 'UNAUTHENTICATED', undefined],
    );
  });

  test('is counted by coordinate, strategy and reason', async () => {
    const metricsPort = await freePort();
    const router = await start({}, { environment: { metricsPort } });
    await router.ask(rating);
    graph.of('reviews').answerWith('hang up');
    for (const _ of [1, 2, 3]) await router.ask(rating);
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const labels = 'coordinate="Product.rating",strategy="lastKnown",reason="SUBGRAPH_UNAVAILABLE"';
    assert.ok(text.includes(`tributary_stand_ins_total{bff="test",${labels}} 3\n`), text);
  });

  describe('with Redis', () => {
    let redis: TestRedis;
    if (redisBinary() === undefined) {
      leaveOut('what replicas remember together', 'there is no redis-server');
      return;
    }
    before(async () => {
      redis = await startTestRedis();
    });
    after(() => redis.stop());
    const startReplica = () => start({ cache }, { environment: { redis: settingsOf(redis.url) } });

    const isWritten = (more = 0) =>
      until('something is remembered in Redis', async () => {
        const keys = await redis.tell('keys', 'tributary:last-known:*');
        return keys.split('\n').filter(Boolean).length > more;
      });

    test('that one replica has seen stands in at another', async () => {
      const [one, other] = [await startReplica(), await startReplica()];
      await one.ask(rating);
      await isWritten();
      now += 1000;
      graph.of('reviews').answerWith('hang up');
      const answer = await other.ask(rating);
      assert.deepEqual(answer.body.data, { product: { rating: 4.5 } });
      assert.deepEqual(
        degradedIn(answer).map(({ strategy, ageSeconds }) => [strategy, ageSeconds]),
        [['lastKnown', 1]],
      );
    });

    test('of a viewer stays in the process that has seen it', async () => {
      const [one, other] = [await startReplica(), await startReplica()];
      const query = '{ me { note } product(id: "p2") { rating } }';
      const headers = { authorization: 'marker-of-Ann' };
      await one.ask(query, { headers });
      await isWritten(1);
      for (const key of (await redis.tell('keys', 'tributary:last-known:*')).split('\n')) {
        assert.doesNotMatch(`${key} ${await redis.tell('get', key)}`, /marker-of-Ann/);
      }
      now += 1000;
      graph.failing.set('User.note', 'INTERNAL_SERVER_ERROR');
      assert.equal(degradedIn(await one.ask(query, { headers }))[0]?.strategy, 'lastKnown');
      assert.deepEqual(degradedIn(await other.ask(query, { headers })), []);
    });

    test('written by somebody else under its key does not stand in', async () => {
      const [one, other] = [await startReplica(), await startReplica()];
      await one.ask(rating);
      await isWritten();
      for (const key of (await redis.tell('keys', 'tributary:last-known:*')).split('\n')) {
        await redis.tell('set', key, '[1,"",0]\n{"}');
      }
      now += 1000;
      graph.of('reviews').answerWith('hang up');
      assert.equal(degradedIn(await other.ask(rating))[0]?.strategy, 'value');
    });

    test('that this process has seen itself stands in while Redis is frozen', async () => {
      const router = await startReplica();
      await router.ask(rating);
      now += 1000;
      graph.of('reviews').answerWith('hang up');
      redis.freeze();
      try {
        const answer = await router.ask(rating);
        assert.deepEqual(answer.body.data, { product: { rating: 4.5 } });
        assert.equal(degradedIn(answer)[0]?.strategy, 'lastKnown');
      } finally {
        redis.thaw();
      }
    });
  });
});
