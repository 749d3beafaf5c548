// Holds two routers on one graph against each other: what a contract hides is gone for clients and works underneath.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { applyContract } from '../../../supergraph/composition/contract.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

let graph: FixtureGraph;
let whole: RouterUnderTest;
let mobile: RouterUnderTest;
let web: RouterUnderTest;

before(async () => {
  graph = await startFixtureGraph();
  const viewOf = (contract: object) => applyContract('bff', graph.supergraphSdl, contract).supergraphSdl;
  whole = await startTestRouter(graph.supergraphSdl);
  mobile = await startTestRouter(viewOf({ include: ['mobile'] }));
  web = await startTestRouter(viewOf({ exclude: ['internal'] }));
});
after(async () => {
  await Promise.all([whole, mobile, web].map((router) => router?.stop()));
  await graph?.stop();
});

const hidden: { query: string; field: string; type: string; from: ('mobile' | 'web')[] }[] = [
  { query: '{ ledger }', field: 'ledger', type: 'Query', from: ['mobile', 'web'] },
  { query: '{ books { weight } }', field: 'weight', type: 'Book', from: ['mobile', 'web'] },
  { query: '{ books { id } }', field: 'id', type: 'Book', from: ['mobile'] },
  { query: '{ books { reservations } }', field: 'reservations', type: 'Book', from: ['mobile'] },
];

describe('a hidden field', () => {
  for (const { query, field, type, from } of hidden) {
    for (const name of ['mobile', 'web'] as const) {
      const isHidden = from.includes(name);
      test(`${type}.${field} is ${isHidden ? 'refused by name and absent from introspection' : 'visible'} in ${name}`, async () => {
        const router = name === 'mobile' ? mobile : web;
        assert.equal((await whole.ask(query)).body.errors, undefined);
        const { status, body } = await router.ask(query);
        const { body: introspection } = await router.ask(`{ __type(name: "${type}") { fields { name } } }`);
        const shown = introspection.data?.['__type'] as { fields: { name: string }[] } | undefined;
        assert.equal(
          shown?.fields.some((seen) => seen.name === field),
          !isHidden,
        );
        if (!isHidden) return assert.equal(body.errors, undefined);
        assert.equal(status, 400);
        assert.equal(body.data, undefined);
        assert.equal(body.errors?.[0]?.extensions['code'], 'GRAPHQL_VALIDATION_FAILED');
        assert.match(
          body.errors?.[0]?.message ?? '',
          new RegExp(`^Cannot query field "${field}" on type "${type}"`),
        );
      });
    }
  }
});

test('hidden keys and @requires work underneath: all three routers give the same answer to the same question', async () => {
  const query = '{ books { title postage format } book(id: "b2") { postage } }';
  const expected = (await whole.ask(query)).body;
  assert.deepEqual(expected.data?.['book'], { postage: 12 });
  for (const router of [mobile, web]) {
    graph.seen.length = 0;
    assert.deepEqual((await router.ask(query)).body, expected);
    assert.ok(graph.seen.some(({ subgraph, query: sent }) => subgraph === 'library' && /weight/.test(sent)));
    assert.ok(graph.seen.some(({ subgraph }) => subgraph === 'post'));
  }
});

test('a hidden field shows nowhere in introspection, nor do the tags and marks that hide it', async () => {
  const { text } = await mobile.ask(
    '{ __schema { types { name fields { name } enumValues { name } inputFields { name } } directives { name } } }',
  );
  assert.doesNotMatch(
    text,
    /ledger|weight|reservations|Failure|Address|inaccessible|join__|"tag"|_entities|_service/,
  );
});

test('an excluded value of an enum is no value for clients', async () => {
  const { body } = await web.ask('{ __type(name: "Format") { enumValues { name } } }');
  assert.deepEqual(body.data, { __type: { enumValues: [{ name: 'PAPER' }] } });
});

test('suggestions never name what is hidden', async () => {
  const { body } = await mobile.ask('{ books { weigth reservation } }');
  assert.doesNotMatch(JSON.stringify(body), /weight|reservations/);
});
