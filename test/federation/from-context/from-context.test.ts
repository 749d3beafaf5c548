// An argument that a subgraph takes from the objects around an entity (@context, @fromContext): the client gives it no value.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'an argument from the context',
  stockRefuses: 'it loads no @context, and without that an external field has no use',
  subgraphs: {
    shops: {
      sdl: `
        type Query { shops: [Shop!]! shop(id: ID!): Shop }
        type Shop @key(fields: "id") { id: ID! name: String! currency: String! }
      `,
      resolvers: {
        Query: {
          shops: () => [shop('de'), shop('us')],
          shop: (_, { id }) => shop(String(id)),
        },
      },
    },
    prices: {
      sdl: `
        type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String! @external items: [Item!]! }
        type Item @key(fields: "id") {
          id: ID!
          price(decimals: Int = 0, currency: String @fromContext(field: "$shop { currency }")): String
          plain: Int
        }
      `,
      resolvers: {
        Shop: {
          __resolveReference: ({ id }) => ({ id }),
          items: () => [{ id: 'i1' }, { id: 'i2' }],
        },
        Item: {
          __resolveReference: entityIn([{ id: 'i1' }, { id: 'i2' }]),
          price: ({ id }, { currency, decimals }) => `${id}: ${(9).toFixed(Number(decimals))} ${currency}`,
          plain: () => 9,
        },
      },
    },
  },
  operations: [
    {
      name: 'comes from the object around the entity',
      query: '{ shop(id: "us") { items { price } } }',
      expect: { data: { shop: { items: [{ price: 'i1: 9 USD' }, { price: 'i2: 9 USD' }] } } },
    },
    {
      name: 'differs for the same entity around which there are different objects',
      query: '{ shops { name items { id price } } }',
      expect: {
        data: {
          shops: [
            {
              name: 'Shop de',
              items: [
                { id: 'i1', price: 'i1: 9 EUR' },
                { id: 'i2', price: 'i2: 9 EUR' },
              ],
            },
            {
              name: 'Shop us',
              items: [
                { id: 'i1', price: 'i1: 9 USD' },
                { id: 'i2', price: 'i2: 9 USD' },
              ],
            },
          ],
        },
      },
    },
    {
      name: 'stands beside arguments of the client, and aliases hide nothing of it',
      query:
        'query ($two: Int!) { shop(id: "de") { currency: name items { exact: price(decimals: $two) price } } }',
      variables: { two: 2 },
      expect: {
        data: {
          shop: {
            currency: 'Shop de',
            items: [
              { exact: 'i1: 9.00 EUR', price: 'i1: 9 EUR' },
              { exact: 'i2: 9.00 EUR', price: 'i2: 9 EUR' },
            ],
          },
        },
      },
    },
    {
      name: 'is no argument that clients see',
      query: '{ __type(name: "Item") { fields { name args { name } } } }',
      expect: {
        data: {
          __type: {
            fields: [
              { name: 'id', args: [] },
              { name: 'price', args: [{ name: 'decimals' }] },
              { name: 'plain', args: [] },
            ],
          },
        },
      },
    },
    {
      name: 'is not asked for where nobody needs it',
      query: '{ shop(id: "de") { items { plain } } }',
      expect: {
        data: { shop: { items: [{ plain: 9 }, { plain: 9 }] } },
        asked: [{ subgraph: 'shops', omits: ['currency'] }, { subgraph: 'prices' }],
      },
    },
  ],
});

function shop(id: string) {
  return { id, name: `Shop ${id}`, currency: id === 'us' ? 'USD' : 'EUR' };
}
