// A key with `resolvable: false` says how to name an entity, and that this subgraph cannot be asked for it by that name.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const products = [
  { upc: 'u1', sku: 's1', name: 'Table' },
  { upc: 'u2', sku: 's2', name: 'Chair' },
];

federationCase({
  name: 'a key that cannot be resolved',
  subgraphs: {
    products: {
      sdl: `
        type Query { products: [Product!]! }
        type Product @key(fields: "upc") @key(fields: "sku") { upc: ID! sku: ID! name: String! }
      `,
      resolvers: { Query: { products: () => products }, Product: { __resolveReference: entityIn(products) } },
    },
    reviews: {
      sdl: `
        type Query { reviews: [Review!]! }
        type Review { text: String! product: Product }
        type Product @key(fields: "upc", resolvable: false) { upc: ID! }
      `,
      resolvers: {
        Query: {
          reviews: () => [
            { text: 'Wobbles', product: { upc: 'u1' } },
            { text: 'Of what?', product: null },
            { text: 'Soft', product: { upc: 'u2' } },
          ],
        },
      },
    },
    stock: {
      // The key that cannot be resolved stands first.
      sdl: `
        type Query { delivered: Product }
        type Product @key(fields: "upc", resolvable: false) @key(fields: "sku") {
          upc: ID!
          sku: ID!
          left: Int
          name: String! @external
          sign: String @requires(fields: "name")
        }
      `,
      resolvers: {
        Query: { delivered: () => ({ upc: 'u1', sku: 's1', left: 7 }) },
        Product: {
          __resolveReference: (reference) => {
            if (!('sku' in reference)) throw new Error('asked by a key that it cannot resolve');
            return { ...reference, left: reference['sku'] === 's1' ? 7 : 0 };
          },
          sign: ({ name, left }: { name?: string; left: number }) => `${left} x ${name}`,
        },
      },
    },
  },
  operations: [
    {
      name: 'leads to the subgraphs that can resolve it',
      query: '{ reviews { text product { name } } }',
      expect: {
        data: {
          reviews: [
            { text: 'Wobbles', product: { name: 'Table' } },
            { text: 'Of what?', product: null },
            { text: 'Soft', product: { name: 'Chair' } },
          ],
        },
        asked: [
          { subgraph: 'reviews', selects: ['text', 'upc'] },
          {
            subgraph: 'products',
            representations: [
              { __typename: 'Product', upc: 'u1' },
              { __typename: 'Product', upc: 'u2' },
            ],
          },
        ],
      },
    },
    {
      name: 'is enough when only its fields are wanted',
      query: '{ reviews { product { upc } } }',
      expect: {
        data: { reviews: [{ product: { upc: 'u1' } }, { product: null }, { product: { upc: 'u2' } }] },
        asked: { reviews: 1 },
      },
    },
    {
      name: 'is not used to enter a subgraph: another key is fetched first',
      query: '{ reviews { product { left } } }',
      expect: {
        data: { reviews: [{ product: { left: 7 } }, { product: null }, { product: { left: 0 } }] },
        inOrder: true,
        asked: [
          { subgraph: 'reviews' },
          { subgraph: 'products', selects: ['sku'], omits: ['name'] },
          {
            subgraph: 'stock',
            representations: [
              { __typename: 'Product', sku: 's1' },
              { __typename: 'Product', sku: 's2' },
            ],
          },
        ],
      },
    },
    {
      name: 'does not keep an entity from leaving that subgraph',
      query: '{ delivered { left name } }',
      expect: {
        data: { delivered: { left: 7, name: 'Table' } },
        asked: { stock: 1, products: 1 },
      },
    },
    {
      name: 'is not used to come back to its own subgraph with what a field requires',
      query: '{ delivered { sign } }',
      expect: {
        data: { delivered: { sign: '7 x Table' } },
        inOrder: true,
        asked: [
          { subgraph: 'stock' },
          { subgraph: 'products' },
          { subgraph: 'stock', representations: [{ __typename: 'Product', sku: 's1', name: 'Table' }] },
        ],
      },
      stockIsWrong: 'It comes back by the first key, whether that can be resolved or not.',
    },
  ],
});
