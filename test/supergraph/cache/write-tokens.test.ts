// Holds routers to believing tokens of writes that routers have made, so that nobody gets past what is kept by making one up.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RouterUnderTest } from '../fixtures/router-under-test.ts';
import { until } from '../store/connected-redis.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter } from './cached-graph.ts';

const rule = { maxAge: '10m', scope: 'public' } as const;
const query = '{ product(id: "p1") { name } }';
const [secret, another] = ['a secret of thirty-two characters', 'another of at least so many signs'];

interface Row {
  /** Of who is asked. */
  secret: string | undefined;
  production: boolean;
  /** Of who has given the token; undefined for nobody. */
  of?: { secret: string | undefined } | 'itself';
  isBelieved: boolean;
}
const rows: Record<string, Row> = {
  'of its own': { secret, production: false, of: 'itself', isBelieved: true },
  'of another with the same secret': { secret, production: false, of: { secret }, isBelieved: true },
  'of another with another secret': {
    ...{ secret, production: false },
    of: { secret: another },
    isBelieved: false,
  },
  'of another without a secret': { secret, production: false, of: { secret: undefined }, isBelieved: false },
  'that was made up': { secret, production: false, isBelieved: false },
  'that was made up, without a secret in development': {
    ...{ secret: undefined, production: false },
    isBelieved: true,
  },
  'of its own, without a secret in production': {
    ...{ secret: undefined, production: true },
    of: 'itself',
    isBelieved: true,
  },
  'that was made up, without a secret in production': {
    ...{ secret: undefined, production: true },
    isBelieved: false,
  },
};

describe('a token of a write', () => {
  let graph: CachedGraph;
  before(async () => {
    graph = await startCachedGraph();
  });
  after(async () => {
    for (const router of routers.values()) await (await router).stop();
    graph.stop();
  });

  const routers = new Map<string, Promise<RouterUnderTest>>();
  /** One for each combination, which of several equal ones it is included. */
  function start(callerSecret: string | undefined, production = false, which = 0) {
    const key = JSON.stringify([callerSecret, production, which]);
    const router =
      routers.get(key) ??
      startCachingRouter(
        graph,
        { Product: rule, 'Query.product': rule },
        { bff: { responseCache: 'public' }, environment: { callerSecret, production } },
      );
    routers.set(key, router);
    return router;
  }
  const tokenOf = async (router: RouterUnderTest) => {
    const written = await router.ask('mutation { rename(id: "p4", name: "x") { id } }');
    return written.headers.get('tributary-write') ?? '';
  };

  for (const [what, row] of Object.entries(rows)) {
    test(`${what} is ${row.isBelieved ? 'believed' : 'no reason to ask a subgraph'}`, async () => {
      const router = await start(row.secret, row.production);
      let token = Date.now().toString(36);
      if (row.of === 'itself') token = await tokenOf(router);
      else if (row.of) token = await tokenOf(await start(row.of.secret, false, 1));
      await router.ask(query);
      graph.asked.splice(0);
      assert.match((await router.ask(query, { headers: { 'tributary-write': token } })).text, /Product p1/);
      assert.equal(graph.asked.length, row.isBelieved ? 1 : 0);
      if (!token.includes('.')) return;
      // Whoever knows one cannot make another of it.
      const [moment = '', signature = ''] = token.split('.');
      for (const changed of [
        `${moment.slice(0, -1)}${moment.endsWith('0') ? '1' : '0'}.${signature}`,
        `${moment}-.${signature}`,
        moment,
        `${token}x`,
      ]) {
        await router.ask(query, { headers: { 'tributary-write': changed } });
      }
      assert.equal(graph.asked.length, row.isBelieved ? 1 : 0);
    });
  }

  test('that was made up keeps nobody from what others are asking for', async () => {
    const router = await start(secret);
    // Known, and not kept: the whole request is shared.
    const unruled = '{ latest { text } }';
    await router.ask(unruled);
    graph.asked.splice(0);
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    graph.misbehaving['reviews'] = async (_, honest) => {
      await held;
      return { body: await honest() };
    };
    const answers = Array.from({ length: 20 }, (_, index) =>
      router.ask(unruled, { headers: { 'tributary-write': (Date.now() + index).toString(36) } }),
    );
    await until('one of them asks', () => graph.asked.length > 0);
    // By the time others are answered most of them have come.
    for (let times = 0; times < 10; times += 1) await router.ask('{ __typename }');
    letGo();
    await Promise.all(answers);
    assert.ok(graph.asked.length < answers.length, `${graph.asked.length} asked`);
  });
});
