// Holds that a field which takes a protected one from the objects around it (`@fromContext`) is protected with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSignedIn } from '../../../supergraph/declaration/rule-words.ts';
import type { CaseSubgraph } from '../../federation/harness/case-subgraph.ts';
import { type RuledGraphOptions, startRuledGraph } from './ruled-graph.ts';

const currencies: Record<string, string> = { de: 'EUR', us: 'USD' };
const subgraphsWith = (rule: string): Record<string, CaseSubgraph> => ({
  shops: {
    sdl: `
      type Query { shop(id: ID!): Shop }
      type Shop @key(fields: "id") { id: ID! name: String! currency: String! ${rule} }
    `,
    resolvers: {
      Query: { shop: (_, { id }) => ({ id, name: `Shop ${id}`, currency: currencies[String(id)] }) },
      Shop: { __resolveReference: ({ id }) => ({ id, name: '', currency: currencies[String(id)] }) },
    },
  },
  prices: {
    sdl: `
      type Shop @key(fields: "id") @context(name: "shop") {
        id: ID! currency: String! @external items: [Item!]!
      }
      type Item @key(fields: "id") {
        id: ID!
        price(currency: String @fromContext(field: "$shop { currency }")): String ${rule}
      }
    `,
    resolvers: {
      Shop: { __resolveReference: ({ id }) => ({ id }), items: () => [{ id: 'i1' }] },
      Item: {
        __resolveReference: ({ id }) => ({ id }),
        price: (_, { currency }) => `9 ${currency}`,
      },
    },
  },
});

const ways: [name: string, options: RuledGraphOptions][] = [
  [
    'by a directive, that the composer did not demand of what is made from it',
    {
      subgraphs: subgraphsWith('@authenticated'),
      change(sdl) {
        const changed = sdl.replace(/(\bprice: String @join__field\(.*\)) @authenticated$/m, '$1');
        assert.notEqual(changed, sdl);
        return changed;
      },
    },
  ],
  [
    'by a permission of the router',
    { subgraphs: subgraphsWith(''), declaration: { permissions: { Shop: { currency: isSignedIn } } } },
  ],
];
for (const [name, options] of ways) {
  test(`protected ${name}`, async (t) => {
    const graph = await startRuledGraph(options);
    t.after(() => graph.stop());
    for (const query of [
      '{ shop(id: "us") { name items { id price } } }',
      '{ shop(id: "us") { name items { id ...P } } } fragment P on Item { price }',
    ]) {
      graph.asked.splice(0);
      const { body } = await graph.ask(query);
      assert.deepEqual(body.data, { shop: { name: 'Shop us', items: [{ id: 'i1', price: null }] } });
      assert.deepEqual(
        body.errors?.map(({ extensions }) => extensions),
        [{ code: 'UNAUTHENTICATED' }],
      );
      assert.ok(!graph.fieldsAsked().some((field) => field === 'currency' || field === 'price'));
      const allowed = await graph.ask(query, { userId: 'u1' });
      assert.deepEqual(allowed.body, {
        data: { shop: { name: 'Shop us', items: [{ id: 'i1', price: '9 USD' }] } },
      });
    }
  });
}
