// Fetches that wait for nothing of each other and go to one subgraph travel in one request, whatever they select.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const table = { id: 'p1', name: 'Table' };
const chair = { id: 'p2', name: 'Chair' };

federationCase({
  name: 'fetches that wait for nothing of each other',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { newest: Product cheapest: Product products: [Product!]! shop: Shop! }
        type Product @key(fields: "id") { id: ID! name: String! similar: [Product!]! }
        type Shop @key(fields: "name") { name: String! }
      `,
      resolvers: {
        Query: {
          newest: () => table,
          cheapest: () => chair,
          products: () => [table, chair],
          shop: () => ({ name: 'Mitte' }),
        },
        Product: { similar: ({ id }) => (id === 'p1' ? [chair] : [table, chair]) },
      },
    },
    offers: {
      sdl: `
        type Query { offers(first: Int!): [String!]! }
        type Product @key(fields: "id") { id: ID! price(currency: String = "EUR"): String stock: Int }
        type Shop @key(fields: "name") { name: String! open: Boolean }
      `,
      resolvers: {
        Query: { offers: (_, { first }) => ['ten off', 'two for one'].slice(0, Number(first)) },
        Product: {
          __resolveReference: entityIn([
            { id: 'p1', amount: 100, stock: 4 },
            { id: 'p2', amount: 30, stock: 0 },
          ]),
          price: ({ amount }, { currency }) => `${amount} ${currency}`,
        },
        Shop: { __resolveReference: entityIn([{ name: 'Mitte', open: true }]) },
      },
    },
  },
  operations: [
    {
      name: 'to one subgraph are one request',
      query: '{ newest { name price } cheapest { name price } }',
      expect: {
        data: { newest: { name: 'Table', price: '100 EUR' }, cheapest: { name: 'Chair', price: '30 EUR' } },
        asked: { catalog: 1, offers: 1 },
      },
    },
    {
      name: 'are one request though they select different things',
      query: '{ newest { price } cheapest { stock } shop { open } }',
      expect: {
        data: { newest: { price: '100 EUR' }, cheapest: { stock: 0 }, shop: { open: true } },
        asked: [
          { subgraph: 'catalog' },
          {
            subgraph: 'offers',
            selects: ['price', 'stock', 'open'],
            representations: [
              { __typename: 'Product', id: 'p1' },
              { __typename: 'Product', id: 'p2' },
              { __typename: 'Shop', name: 'Mitte' },
            ],
          },
        ],
      },
    },
    {
      name: 'keep their own arguments in that request',
      query: `query ($c: String!, $other: String!) {
        newest { price(currency: $c) } cheapest { price(currency: $other) } shop { open }
        products { price(currency: "SEK") }
      }`,
      variables: { c: 'USD', other: 'JPY' },
      expect: {
        data: {
          newest: { price: '100 USD' },
          cheapest: { price: '30 JPY' },
          shop: { open: true },
          products: [{ price: '100 SEK' }, { price: '30 SEK' }],
        },
        asked: [
          { subgraph: 'catalog', selects: ['newest', 'cheapest', 'shop', 'products'] },
          {
            subgraph: 'offers',
            selects: ['price(currency: "USD")', 'price(currency: "JPY")', 'price(currency: "SEK")'],
          },
        ],
      },
    },
    {
      name: 'from places of different depth are one request',
      query: '{ products { stock similar { price } } newest { similar { similar { stock } } } }',
      expect: {
        data: {
          products: [
            { stock: 4, similar: [{ price: '30 EUR' }] },
            { stock: 0, similar: [{ price: '100 EUR' }, { price: '30 EUR' }] },
          ],
          newest: { similar: [{ similar: [{ stock: 4 }, { stock: 0 }] }] },
        },
        asked: { catalog: 1, offers: 1 },
      },
    },
    {
      name: 'leave out those places that turned out empty',
      query: '{ newest { stock } cheapest { price } }',
      misbehaving: {
        catalog: async (_, honest) => {
          const { data } = (await honest()) as { data: Record<string, { name?: string }> };
          // The engine may have given the fields other names: the null is put where Table's id is not.
          const kept = Object.entries(data).map(([name, product]) => [
            name,
            JSON.stringify(product).includes('"p1"') ? product : null,
          ]);
          return { body: { data: Object.fromEntries(kept) } };
        },
      },
      expect: {
        data: { newest: { stock: 4 }, cheapest: null },
        asked: [
          { subgraph: 'catalog' },
          { subgraph: 'offers', representations: [{ __typename: 'Product', id: 'p1' }] },
        ],
      },
    },
    {
      name: 'fail together, each at its place',
      query: '{ newest { name price } cheapest { stock } shop { open } }',
      misbehaving: { offers: 'hang up' },
      expect: {
        data: { newest: { name: 'Table', price: null }, cheapest: { stock: null }, shop: { open: null } },
        errors: [
          { path: ['newest', 'price'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['cheapest', 'stock'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['shop', 'open'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
      },
    },
    {
      name: 'do not wait for entities when they are fields of the root',
      query: '{ offers(first: 1) newest { stock } }',
      expect: {
        data: { offers: ['ten off'], newest: { stock: 4 } },
        asked: { catalog: 1, offers: 2 },
      },
    },
  ],
});
