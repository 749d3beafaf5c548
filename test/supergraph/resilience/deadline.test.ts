// Holds routers to the time of a whole request: for all its fetches together, told to subgraphs, and nobody waits longer.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BffDeclaration, SubgraphPolicy } from '../../../supergraph/declaration/define-bff.ts';
import { codeIn, says, silence, startGuarded, until } from './guarded-route.ts';

const books = '{"data":{"books":[{"__typename":"Book","id":"1"},{"__typename":"Book","id":"2"}]}}';
const both = '{ books { id reservations } }';

describe('a subgraph is told in tributary-timeout', { timeout: 60_000 }, () => {
  const cases: { name: string; policy: SubgraphPolicy; bff: Partial<BffDeclaration>; most: number }[] = [
    { name: 'its own time, where the request has more', policy: { timeout: '700ms' }, bff: {}, most: 700 },
    { name: 'five seconds, where nothing is declared', policy: {}, bff: {}, most: 5000 },
    {
      name: 'what the request has left, where that is less',
      policy: {},
      bff: { timeout: '900ms' },
      most: 900,
    },
  ];
  for (const { name, policy, bff, most } of cases) {
    test(name, async (t) => {
      const route = await startGuarded(policy, bff);
      t.after(() => route.stop());
      await route.ask();
      const told = String(route.asked[0]?.headers['tributary-timeout']);
      assert.match(told, /^\d+$/);
      assert.ok(Number(told) <= most && Number(told) > most - 600, told);
    });
  }

  test('less with each fetch of a request', async (t) => {
    const route = await startGuarded({}, { timeout: '4s' });
    t.after(() => route.stop());
    route.library(({ response }) => setTimeout(() => response.end(books), 100));
    route.post(says(200, '{"data":{"_entities":[{"reservations":1},{"reservations":2}]}}'));
    assert.equal(codeIn(await route.router.ask(both)), 'answered');
    const [first, second] = [route.asked, route.postAsked].map(([asked]) =>
      Number(asked?.headers['tributary-timeout']),
    );
    assert.ok((second ?? 0) <= (first ?? 0) - 95, `${first}, then ${second}`);
  });
});

describe('a request whose time is over', { timeout: 60_000 }, () => {
  // A new text is read by Apollo Server, a known one is not; neither is planned, which takes time by itself.
  for (const [time, text] of [
    ['new', `query Again ${both}`],
    ['known', both],
  ] as const) {
    test(`is answered with what is there, when it is ${time}`, async (t) => {
      const route = await startGuarded({}, { timeout: '800ms' });
      t.after(() => route.stop());
      route.library(says(200, books));
      route.post(says(200, '{"data":{"_entities":[{"reservations":1},{"reservations":2}]}}'));
      await until(async () => codeIn(await route.router.ask(both)) === 'answered');
      route.library(({ response }) => setTimeout(() => response.end(books), 300));
      route.post(silence);
      const began = performance.now();
      const { status, body } = await route.router.ask(text);
      const took = performance.now() - began;
      assert.ok(took < 3000, `${took} ms`);
      assert.equal(status, 200);
      assert.deepEqual(body.data, {
        books: [
          { id: '1', reservations: null },
          { id: '2', reservations: null },
        ],
      });
      assert.deepEqual(
        [...new Set(body.errors?.map(({ extensions }) => extensions['code']))],
        ['SUBGRAPH_TIMEOUT'],
      );
    });
  }

  test('asks no further subgraph', async (t) => {
    const route = await startGuarded({ timeout: '5s' }, { timeout: '200ms' });
    t.after(() => route.stop());
    route.library(silence);
    assert.equal(codeIn(await route.router.ask(both)), 'SUBGRAPH_TIMEOUT');
    assert.equal(route.postAsked.length, 0);
  });

  test('is not asked again for', async (t) => {
    const route = await startGuarded({ retry: { attempts: 5, budget: '100%' } }, { timeout: '1s' });
    t.after(() => route.stop());
    route.library(silence);
    assert.equal(codeIn(await route.ask()), 'SUBGRAPH_TIMEOUT');
    assert.equal(route.asked.length, 1);
  });
});
