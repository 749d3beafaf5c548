// An entity of one subgraph gets its other fields from another, which knows it by its key.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const products = [
  { upc: 'p1', name: 'Table' },
  { upc: 'p2', name: 'Chair' },
];

federationCase({
  name: 'an entity by its key',
  subgraphs: {
    products: {
      sdl: `
        type Query { products: [Product!]! product(upc: ID!): Product }
        type Product @key(fields: "upc") { upc: ID! name: String! }
      `,
      resolvers: {
        Query: {
          products: () => products,
          product: (_, { upc }) => products.find((product) => product.upc === upc),
        },
      },
    },
    reviews: {
      sdl: `type Product @key(fields: "upc") { upc: ID! stars: Int }`,
      resolvers: {
        Product: { __resolveReference: entityIn([{ upc: 'p1', stars: 5 }]) },
      },
    },
  },
  operations: [
    {
      name: 'is asked for by that key alone, all of a list at once',
      query: '{ products { stars name } }',
      expect: {
        data: {
          products: [
            { stars: 5, name: 'Table' },
            { stars: null, name: 'Chair' },
          ],
        },
        asked: [
          { subgraph: 'products', selects: ['products', 'upc', 'name'], omits: ['stars'] },
          {
            subgraph: 'reviews',
            selects: ['stars'],
            omits: ['name'],
            representations: [
              { __typename: 'Product', upc: 'p1' },
              { __typename: 'Product', upc: 'p2' },
            ],
          },
        ],
      },
    },
    {
      name: 'is not asked for where there is none',
      query: '{ product(upc: "p9") { name stars } }',
      expect: { data: { product: null }, asked: { products: 1 } },
    },
    {
      name: 'is not asked for when its own subgraph has everything, key included',
      query: '{ product(upc: "p1") { upc name } }',
      expect: { data: { product: { upc: 'p1', name: 'Table' } }, asked: { products: 1 } },
    },
    {
      name: 'fails alone when its second subgraph cannot be reached',
      query: '{ all: products { name rating: stars } }',
      misbehaving: { reviews: 'hang up' },
      expect: {
        data: {
          all: [
            { name: 'Table', rating: null },
            { name: 'Chair', rating: null },
          ],
        },
        errors: [
          { path: ['all', 0, 'rating'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['all', 1, 'rating'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
        asked: { products: 1, reviews: 1 },
      },
    },
  ],
});
