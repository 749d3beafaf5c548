// Holds what is kept of entities: who asks for what again, and that nobody gets what is not theirs.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { CacheRule } from '../../../supergraph/declaration/cache-declaration.ts';
import type { RouterUnderTest } from '../fixtures/router-under-test.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter, testClock } from './cached-graph.ts';

const minute: CacheRule = { maxAge: '1m', scope: 'public' };

describe('entities that are kept', () => {
  let graph: CachedGraph;
  before(async () => {
    graph = await startCachedGraph();
  });
  after(() => graph.stop());
  beforeEach(() => {
    graph.asked.splice(0);
    for (const name of Object.keys(graph.misbehaving)) delete graph.misbehaving[name];
  });

  async function router(
    t: { after: (work: () => Promise<void>) => void },
    ...given: Parameters<typeof startCachingRouter> extends [unknown, ...infer Rest] ? Rest : never
  ): Promise<RouterUnderTest> {
    const started = await startCachingRouter(graph, ...given);
    t.after(() => started.stop());
    return started;
  }

  const rated = (first: number, selection = 'rating') => `{ products(first: ${first}) { id ${selection} } }`;

  test('what was asked for once is not asked for again, and the rest is', async (t) => {
    const { ask } = await router(t, { Product: minute });
    const first = await ask(rated(2));
    assert.deepEqual(first.body.data, {
      products: [
        { id: 'p1', rating: 4.5 },
        { id: 'p2', rating: 4.5 },
      ],
    });
    assert.deepEqual(graph.entitiesAsked('reviews'), ['p1', 'p2']);
    const second = await ask(rated(4));
    assert.deepEqual(
      second.body.data?.['products'],
      ['p1', 'p2', 'p3', 'p4'].map((id) => ({ id, rating: 4.5 })),
    );
    assert.deepEqual(graph.entitiesAsked('reviews'), ['p3', 'p4']);
    assert.deepEqual((await ask(rated(4))).body, second.body);
    assert.deepEqual(graph.entitiesAsked('reviews'), []);
  });

  test('another selection, and other arguments, are something else', async (t) => {
    const { ask } = await router(t, { Product: minute, Review: minute });
    const selections = [
      'rating',
      'reviews { id }',
      'reviews { id text }',
      'mine',
      'mine(short: true)',
      'mine(short: false)',
      'mine(short: null)',
    ];
    for (const selection of selections) {
      await ask(rated(1, selection));
      assert.deepEqual(graph.entitiesAsked('reviews'), ['p1'], selection);
      await ask(rated(1, selection));
      assert.deepEqual(graph.entitiesAsked('reviews'), [], selection);
    }
    const withVariable = 'query($short: Boolean) { products(first: 1) { id mine(short: $short) } }';
    for (const variables of [{}, { short: null }, { short: true }, { short: false }]) {
      const answer = await ask(withVariable, { variables });
      assert.deepEqual(graph.entitiesAsked('reviews'), ['p1'], JSON.stringify(variables));
      const again = await ask(withVariable, { variables });
      assert.deepEqual(again.body, answer.body);
      assert.deepEqual(graph.entitiesAsked('reviews'), [], JSON.stringify(variables));
    }
  });

  test('of root fields the one that is not kept is asked for, with its variables and no others', async (t) => {
    const { ask } = await router(t, { 'Query.product': minute, Product: minute });
    const query = `query($one: ID!, $left: Int, $many: Int, $two: ID!) {
      product(id: $one) { name } products(first: $many) { id } other: product(id: $two) { name } some: products(first: $left) { id }
    }`;
    const variables = { one: 'p1', two: 'p2', many: 2 };
    const first = await ask(query, { variables });
    graph.asked.splice(0);
    const second = await ask(query, { variables });
    assert.deepEqual(second.body, first.body);
    assert.deepEqual(second.body.data?.['products'], [{ id: 'p1' }, { id: 'p2' }]);
    assert.deepEqual(
      graph.asked.map(({ variables: asked }) => Object.values(asked)),
      [[2]],
    );
  });

  test('a viewer is served their own alone', async (t) => {
    const { ask } = await router(t, { Product: { ...minute, scope: 'viewer' } });
    const as = (name: string) => ask(rated(1, 'mine'), { headers: { authorization: `Bearer ${name}` } });
    for (const name of ['ann', 'bob']) {
      const answer = await as(name);
      assert.match(answer.text, new RegExp(`whole of Bearer ${name}`));
      assert.deepEqual(graph.entitiesAsked('reviews'), ['p1']);
      assert.equal((await as(name)).text, answer.text);
      assert.deepEqual(graph.entitiesAsked('reviews'), []);
    }
  });

  test('a header that subgraphs get makes it something else', async (t) => {
    const { ask } = await router(
      t,
      { Product: minute },
      { bff: { forward: { headers: ['accept-language'] } } },
    );
    for (const language of ['de', 'fr']) {
      const headers = { 'accept-language': language };
      await ask(rated(1), { headers });
      assert.deepEqual(graph.entitiesAsked('reviews'), ['p1'], language);
      await ask(rated(1), { headers });
      assert.deepEqual(graph.entitiesAsked('reviews'), [], language);
    }
  });

  test('after its time it is asked for again', async (t) => {
    const clock = testClock();
    const { ask } = await router(t, { Product: minute }, { clock });
    await ask(rated(1));
    assert.deepEqual(graph.entitiesAsked('reviews'), ['p1']);
    clock.pass(50_000);
    await ask(rated(1));
    assert.deepEqual(graph.entitiesAsked('reviews'), []);
    clock.pass(10_001);
    await ask(rated(1));
    assert.deepEqual(graph.entitiesAsked('reviews'), ['p1']);
  });

  test('many who ask at once for what is for everybody cause one question', async (t) => {
    const { ask } = await router(t, { Product: minute });
    await ask(rated(4, 'reviews { id }'));
    graph.asked.splice(0);
    // Each is somebody else, so that whole requests are not shared.
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ask(rated(4), { headers: { authorization: `Bearer ${index}` } }),
      ),
    );
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.deepEqual(graph.entitiesAsked('reviews').sort(), ['p1', 'p2', 'p3', 'p4']);
  });

  test('when its subgraph fails it is served for the declared time, and not longer, and the answer says so', async (t) => {
    const clock = testClock();
    const { ask } = await router(t, { Product: { ...minute, staleIfError: '10m' } }, { clock });
    const fresh = await ask(rated(2));
    graph.misbehaving['reviews'] = 'hang up';
    clock.pass(61_000);
    const stale = await ask(rated(2));
    assert.equal(stale.text, fresh.text);
    assert.equal(stale.headers.get('cache-status'), 'test; hit; detail=stale-if-error');
    assert.equal(stale.headers.get('age'), '61');
    const partly = await ask(rated(3));
    assert.deepEqual(partly.body.data?.['products'], [
      { id: 'p1', rating: 4.5 },
      { id: 'p2', rating: 4.5 },
      { id: 'p3', rating: null },
    ]);
    assert.deepEqual(
      partly.body.errors?.map(({ path, extensions }) => [path, extensions['code']]),
      [[['products', 2, 'rating'], 'SUBGRAPH_UNAVAILABLE']],
    );
    clock.pass(600_000);
    const over = await ask(rated(1));
    assert.equal(over.body.errors?.[0]?.extensions['code'], 'SUBGRAPH_UNAVAILABLE');
  });

  describe('by what the subgraph says', () => {
    const clock = testClock();
    let ask: RouterUnderTest['ask'];
    let stop: RouterUnderTest['stop'];
    before(async () => {
      ({ ask, stop } = await startCachingRouter(
        graph,
        { Product: minute, 'Query.offers': minute },
        { clock },
      ));
    });
    after(() => stop());
    // Whatever was kept is over.
    beforeEach(() => clock.pass(3_600_000));

    const kept: Record<string, { headers?: Record<string, string>; body?: object; again: boolean }> = {
      'says nothing': { again: false },
      'says no-store': { headers: { 'cache-control': 'no-store' }, again: true },
      'says private': { headers: { 'cache-control': 'private, max-age=60' }, again: true },
      'says max-age=0': { headers: { 'cache-control': 'max-age=0' }, again: true },
      'says max-age=30': { headers: { 'cache-control': 'max-age=30' }, again: false },
      'sends a cookie': { headers: { 'set-cookie': 'a=b' }, again: true },
      'varies by everything': { headers: { vary: '*' }, again: true },
      'varies by authorization': { headers: { vary: 'Accept, Authorization' }, again: true },
      'answers with an error beside the entity': {
        body: {
          data: { _entities: [{ rating: null }] },
          errors: [{ message: 'x', path: ['_entities', 0, 'rating'] }],
        },
        again: true,
      },
      'answers with an error that has no place': {
        body: { data: { _entities: [{ rating: 1 }] }, errors: [{ message: 'x' }] },
        again: true,
      },
      'answers with nothing but errors': { body: { errors: [{ message: 'x' }] }, again: true },
      'answers another list': { body: { data: { _entities: [] } }, again: true },
      'knows no such entity': { body: { data: { _entities: [null] } }, again: false },
    };
    for (const [name, { headers, body = { data: { _entities: [{ rating: 1 }] } }, again }] of Object.entries(
      kept,
    )) {
      test(`a subgraph that ${name} is ${again ? '' : 'not '}asked again`, async () => {
        graph.misbehaving['reviews'] = { body, ...(headers && { headers }) };
        const first = await ask(rated(1));
        assert.deepEqual(graph.entitiesAsked('reviews'), ['p1']);
        const second = await ask(rated(1));
        assert.equal(second.text, first.text);
        assert.deepEqual(graph.entitiesAsked('reviews'), again ? ['p1'] : []);
      });
    }

    test('an error without a place is put into no list that is kept', async () => {
      const offers = '{ offers { id name } }';
      const first = await ask(offers);
      assert.deepEqual(
        [first.body.errors, [first.body.data?.['offers']].flat().map((one) => one && 'there')],
        [undefined, ['there', null, 'there']],
      );
      graph.asked.splice(0);
      graph.misbehaving['catalog'] = async (_, honest) => {
        const { data } = await honest();
        return { body: { data, errors: [{ message: 'x' }] } };
      };
      const flawed = await ask('{ offers { id name } failing { id } }');
      assert.ok(flawed.body.errors);
      assert.deepEqual(
        graph.asked.map(({ query }) => query.includes('offers')),
        [false],
      );
      // Those who come later were told of no error.
      assert.equal((await ask(offers)).text, first.text);
      assert.equal(graph.asked.length, 1);
    });
  });

  test('what a mutation returns is read anew', async (t) => {
    const { ask } = await router(t, {
      Product: minute,
      Category: minute,
      'Query.latest': minute,
      Review: minute,
    });
    const latest = '{ latest { id of { id name } } }';
    await ask(latest);
    assert.deepEqual(graph.entitiesAsked('catalog'), ['p1', 'p2']);
    await ask(latest);
    assert.deepEqual(graph.entitiesAsked('catalog'), []);
    const written = await ask('mutation { rename(id: "p1", name: "New") { id } }');
    assert.match(written.headers.get('tributary-write') ?? '', /^[0-9a-z]+$/);
    graph.asked.splice(0);
    assert.match((await ask(latest)).text, /"New"/);
    assert.deepEqual(graph.entitiesAsked('catalog'), ['p1']);
    graph.products.set('p1', { name: 'Product p1', price: 0, category: 'c1' });
  });
});
