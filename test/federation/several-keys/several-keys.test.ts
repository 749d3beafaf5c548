// Subgraphs know one entity by different keys; each is asked by the key it knows.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const products = [
  { upc: 'u1', sku: 's1', name: 'Table' },
  { upc: 'u2', sku: 's2', name: 'Chair' },
];

federationCase({
  name: 'an entity with several keys',
  subgraphs: {
    products: {
      sdl: `
        type Query { products: [Product!]! }
        type Product @key(fields: "upc") @key(fields: "sku") { upc: ID! sku: ID! name: String! }
      `,
      resolvers: { Query: { products: () => products }, Product: { __resolveReference: entityIn(products) } },
    },
    inventory: {
      sdl: `
        type Query { shelf: [Product!]! }
        type Product @key(fields: "sku") { sku: ID! stock: Int }
      `,
      resolvers: {
        Query: { shelf: () => [{ sku: 's2' }, { sku: 's1' }] },
        Product: {
          __resolveReference: entityIn([
            { sku: 's1', stock: 4 },
            { sku: 's2', stock: 0 },
          ]),
        },
      },
    },
    reviews: {
      sdl: `
        type Query { best: Product }
        type Product @key(fields: "upc") { upc: ID! stars: Int }
      `,
      resolvers: {
        Query: { best: () => ({ upc: 'u2', stars: 5 }) },
        Product: {
          __resolveReference: entityIn([
            { upc: 'u1', stars: 3 },
            { upc: 'u2', stars: 5 },
          ]),
        },
      },
    },
  },
  operations: [
    {
      name: 'is asked for by the key that each subgraph knows',
      query: '{ products { name stock stars } }',
      expect: {
        data: {
          products: [
            { name: 'Table', stock: 4, stars: 3 },
            { name: 'Chair', stock: 0, stars: 5 },
          ],
        },
        asked: [
          { subgraph: 'products', selects: ['name', 'upc', 'sku'] },
          {
            subgraph: 'inventory',
            selects: ['stock'],
            representations: [
              { __typename: 'Product', sku: 's1' },
              { __typename: 'Product', sku: 's2' },
            ],
          },
          {
            subgraph: 'reviews',
            selects: ['stars'],
            representations: [
              { __typename: 'Product', upc: 'u1' },
              { __typename: 'Product', upc: 'u2' },
            ],
          },
        ],
      },
    },
    {
      name: 'is asked for by the other key when it comes from a subgraph that knows only that one',
      query: '{ shelf { name } }',
      expect: {
        data: { shelf: [{ name: 'Chair' }, { name: 'Table' }] },
        asked: [
          { subgraph: 'inventory', selects: ['sku'] },
          {
            subgraph: 'products',
            selects: ['name'],
            omits: ['upc'],
            representations: [
              { __typename: 'Product', sku: 's1' },
              { __typename: 'Product', sku: 's2' },
            ],
          },
        ],
      },
    },
    {
      name: 'has its key exchanged for another on the way between two subgraphs that share none',
      query: '{ shelf { stars sku } }',
      expect: {
        data: {
          shelf: [
            { stars: 5, sku: 's2' },
            { stars: 3, sku: 's1' },
          ],
        },
        inOrder: true,
        asked: [
          { subgraph: 'inventory', omits: ['stock'] },
          { subgraph: 'products', selects: ['upc'], omits: ['name'] },
          { subgraph: 'reviews', selects: ['stars'] },
        ],
      },
    },
    {
      name: 'brings the other key and the wanted fields in one request',
      query: '{ best { stock name } }',
      expect: {
        data: { best: { stock: 0, name: 'Chair' } },
        inOrder: true,
        asked: [
          { subgraph: 'reviews', representations: [] },
          {
            subgraph: 'products',
            selects: ['sku', 'name'],
            representations: [{ __typename: 'Product', upc: 'u2' }],
          },
          { subgraph: 'inventory', representations: [{ __typename: 'Product', sku: 's2' }] },
        ],
      },
    },
    {
      name: 'fails where the exchange of keys failed, with that failure',
      query: '{ best { stars stock } }',
      misbehaving: { products: 'hang up' },
      expect: {
        data: { best: { stars: 5, stock: null } },
        errors: [{ path: ['best', 'stock'], code: 'SUBGRAPH_UNAVAILABLE' }],
        asked: { reviews: 1, products: 1 },
      },
    },
  ],
});
