// Holds routers to telling what operations cost: to clients that ask for it, and to whoever watches a BFF.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { startCaseSubgraph } from '../../federation/harness/case-subgraph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { type PricedGraph, startPricedGraph } from './priced-graph.ts';

let graph: PricedGraph;
before(async () => {
  graph = await startPricedGraph();
});
after(() => graph?.stop());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const cases: [operation: string, estimated: number, actual: number, variables?: object][] = [
  ['{ product(id: 1) { name } }', 1, 1],
  ['{ list { name } }', 8, 3],
  ['query ($n: Int) { list(first: $n) { reviews { text } } }', 30, 30, { n: 10 }],
  ['query ($n: Int) { list(first: $n) { reviews { text } } }', 210, 150, { n: 70 }],
  ['{ p: products(first: 2) { edges { node { related { name } } } } }', 13, 9],
  ['{ everything { related { name } } }', 50, 9],
  ['{ found(first: 2) { __typename } }', 60, 2],
  ['{ report(deep: true, filter: { text: "a" }) }', 86, 86],
  ['mutation { order(ids: [1, 2]) { name colour } }', 21, 21],
];

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`x-cost: 1, in production, on the engine ${engine}`, () => {
    let router: RouterUnderTest;
    before(async () => {
      const environment = { engine, production: true };
      router = await graph.start({ limits: { cost: 500 } }, { environment });
    });
    after(() => router?.stop());

    for (const [operation, estimated, actual, variables = {}] of cases) {
      test(`tells ${estimated} and ${actual} of ${operation} ${JSON.stringify(variables)}`, async () => {
        const plain = await router.ask(operation, { variables });
        assert.equal(plain.body.extensions, undefined, plain.text);
        for (let times = 0; times < 2; times += 1) {
          const { body, text } = await router.ask(operation, { variables, headers: { 'x-cost': '1' } });
          assert.deepEqual(body.extensions, { cost: { estimated, actual, limit: 500 } }, text);
          assert.deepEqual(body.data, plain.body.data);
        }
        assert.equal((await router.ask(operation, { variables })).body.extensions, undefined);
      });
    }
  });
}

for (const engine of ['tributary', 'apollo'] as const) {
  test(`${engine}: what a long answer of many types has cost is not told, as that would keep others waiting`, async (t) => {
    const kinds = Array.from({ length: 12 }, (_, at) => `Kind${at}`);
    const thing = {
      sdl: `
        type Query { things(first: Int!): [Thing!]! @listSize(slicingArguments: ["first"]) }
        interface Thing { id: ID! }
        ${kinds.map((kind) => `type ${kind} implements Thing { id: ID! }`).join('\n')}
      `,
      resolvers: {
        Query: { things: (_: object, { first }: { first: number }) => Array(first).fill({ id: '1' }) },
        Thing: { __resolveType: () => 'Kind3' },
      },
    };
    const subgraph = await startCaseSubgraph('things', thing, {
      write: () => {},
      misbehaviour: () => undefined,
    });
    t.after(() => subgraph.stop());
    const router = await startTestRouter(compose([subgraph.schema]), { environment: { engine } });
    t.after(() => router.stop());
    const fragments = kinds.map((kind) => `... on ${kind} { id }`).join(' ');
    const query = `query ($n: Int!) { things(first: $n) { id ${fragments} } }`;
    for (const [n, told] of [
      [100, { estimated: 100, actual: 100 }],
      [15_000, { estimated: 15_000 }],
    ] as const) {
      const { body, text } = await router.ask(query, { variables: { n }, headers: { 'x-cost': '1' } });
      assert.deepEqual(body.extensions, { cost: told }, text.slice(0, 300));
      assert.equal(text.match(/"id":"1"/g)?.length, n);
    }
  });
}

test('where costs are not bounded there is no limit to tell', async (t) => {
  const router = await graph.start();
  t.after(() => router.stop());
  const { body } = await router.ask('{ list { name } }', { headers: { 'x-cost': '1' } });
  assert.deepEqual(body.extensions, { cost: { estimated: 8, actual: 3 } });
});

test('an operation without an answer, denied or not, has cost no more than it might', async (t) => {
  const router = await graph.start();
  t.after(() => router.stop());
  const { body } = await router.ask('{ secret { name } }', { headers: { 'x-cost': '1' } });
  assert.deepEqual([body.data, body.extensions], [null, { cost: { estimated: 10, actual: 0 } }]);
});

test('an answer that tells its cost is not given to whoever did not ask for it, nor kept', async (t) => {
  const keeping = { maxAge: '1m', scope: 'public' } as const;
  const router = await graph.start({ cache: { Product: keeping, 'Query.list': keeping } });
  t.after(() => router.stop());
  const path = `/graphql?query=${encodeURIComponent('{ list { name } }')}`;
  const headers = { 'apollo-require-preflight': '1' };
  for (const isAsked of [true, false, false, true, false]) {
    const { body, headers: told } = await router.fetch(path, {
      headers: isAsked ? { ...headers, 'x-cost': '1' } : headers,
    });
    assert.equal(body.extensions !== undefined, isAsked);
    assert.match(told.get('vary') ?? '', /\bx-cost\b/);
  }
});

for (const engine of ['tributary', 'apollo'] as const) {
  test(`${engine}: /metrics tells how dear the operations were that were run`, async (t) => {
    const metricsPort = await freePort();
    const router = await graph.start({ limits: { cost: 200 } }, { environment: { engine, metricsPort } });
    t.after(() => router.stop());
    const list = 'query ($n: Int) { list(first: $n) { name } }';
    for (const n of [0, 1, 2, 30, 31, 200, 201, 5_000]) await router.ask(list, { variables: { n } });
    await router.ask('{ nothing }');
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.includes('tributary_operation_cost'));
    assert.deepEqual(lines, [
      '# HELP tributary_operation_cost Operations that were run, by what they might cost before they ran.',
      '# TYPE tributary_operation_cost histogram',
      ...Object.entries({ 1: 2, 10: 3, 30: 4, 100: 5, 300: 6, 1000: 6, 3000: 6, 10000: 6, 100000: 6 }).map(
        ([le, count]) => `tributary_operation_cost_bucket{bff="test",le="${le}"} ${count}`,
      ),
      'tributary_operation_cost_bucket{bff="test",le="+Inf"} 6',
      'tributary_operation_cost_sum{bff="test"} 264',
      'tributary_operation_cost_count{bff="test"} 6',
    ]);
  });
}
