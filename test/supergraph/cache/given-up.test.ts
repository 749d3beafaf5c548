// Holds routers to what a request leaves behind that was given up: no failure that nobody waits for, and nothing that is
// believed although a subgraph may still change it.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Answer, RouterUnderTest } from '../fixtures/router-under-test.ts';
import { until } from '../store/connected-redis.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter } from './cached-graph.ts';

const rule = { maxAge: '10m', scope: 'public' } as const;
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

describe('a request that is given up', () => {
  let graph: CachedGraph;
  let router: RouterUnderTest;
  before(async () => {
    graph = await startCachedGraph();
    router = await startCachingRouter(
      graph,
      { Product: rule, 'Query.product': rule },
      { bff: { responseCache: 'public', subgraphs: { every: { timeout: '1s' } } } },
    );
  });
  after(async () => {
    await router.stop();
    graph.stop();
  });
  beforeEach(() => {
    graph.asked.splice(0);
    delete graph.misbehaving['catalog'];
  });

  const ask = (query: string, signal: AbortSignal): Promise<Answer> =>
    router.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal,
    });
  /** Of the catalog's next answers; each waits until it is let go. */
  function hold(): () => void {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    graph.misbehaving['catalog'] = async (_, honest) => {
      await held;
      return { body: await honest() };
    };
    return letGo;
  }

  test('by a client who waits for what another asks for, and asks for more besides, ends nothing but itself', async () => {
    const letGo = hold();
    const first = router.ask('{ a: product(id: "p1") { name } }');
    await until('it is asked for', () => graph.asked.length === 1);
    const gone = new AbortController();
    const second = ask('{ a: product(id: "p1") { name } b: product(id: "p2") { name } }', gone.signal);
    await until('the rest is asked for', () => graph.asked.length === 2);
    gone.abort();
    await assert.rejects(second, { name: 'AbortError' });
    // By the time others are answered that the client has gone is known.
    for (let times = 0; times < 5; times += 1) await router.ask('{ latest { text } }');
    assert.deepEqual(unhandled, []);
    letGo();
    assert.match((await first).text, /"Product p1"/);
  });

  const mutation = 'mutation { rename(id: "p4", name: "late") { id name } }';
  const product = '{ product(id: "p4") { name } }';
  const ways: Record<string, () => Promise<unknown>> = {
    'because its subgraph took too long': async () => {
      const { body } = await router.ask(mutation);
      assert.equal(body.errors?.[0]?.extensions['code'], 'SUBGRAPH_TIMEOUT');
    },
    'by its client': async () => {
      const gone = new AbortController();
      const asked = ask(mutation, gone.signal);
      await until('it is asked for', () => graph.asked.length === 1);
      gone.abort();
      await assert.rejects(asked, { name: 'AbortError' });
    },
  };
  for (const [how, giveUp] of Object.entries(ways)) {
    test(`and is a mutation ${how} is seen soon where it takes effect later`, async () => {
      graph.products.set('p4', { name: 'early', price: 1, category: 'c1' });
      const letGo = hold();
      const isMutation = ({ query }: { query: string }) => query.startsWith('mutation');
      const held = graph.misbehaving['catalog'];
      graph.misbehaving['catalog'] = (asked, honest) =>
        isMutation(asked) && typeof held === 'function'
          ? held(asked, honest)
          : honest().then((body) => ({ body }));
      await giveUp();
      const { text } = await router.ask(product);
      assert.match(text, /"early"/);
      assert.equal((await router.ask(product)).text, text);
      letGo();
      await until('it is seen', async () => (await router.ask(product)).text.includes('"late"'));
    });
  }
});
