// Clients may use every name: those of keys, of `__typename` and of federation's own fields and variables.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const products = [
  { upc: 'p1', name: 'Table' },
  { upc: 'p2', name: 'Chair' },
];

federationCase({
  name: 'names that federation uses itself',
  subgraphs: {
    products: {
      sdl: `
        type Query { products(first: Int): [Product!]! product(upc: ID!): Product }
        type Product @key(fields: "upc") { upc: ID! name: String! }
      `,
      resolvers: {
        Query: {
          products: (_, { first }: { first?: number }) => products.slice(0, first),
          product: (_, { upc }) => products.find((product) => product.upc === upc),
        },
      },
    },
    reviews: {
      sdl: `type Product @key(fields: "upc") { upc: ID! stars(of: Int = 5): Int }`,
      resolvers: {
        Product: {
          __resolveReference: entityIn([{ upc: 'p1' }, { upc: 'p2' }]),
          stars: (_, { of }) => of,
        },
      },
    },
  },
  operations: [
    {
      name: 'may be aliases at the root',
      query: '{ _entities: products { stars } _service: product(upc: "p2") { name stars } }',
      expect: {
        data: { _entities: [{ stars: 5 }, { stars: 5 }], _service: { name: 'Chair', stars: 5 } },
        asked: [
          { subgraph: 'products' },
          {
            subgraph: 'reviews',
            representations: [
              { __typename: 'Product', upc: 'p1' },
              { __typename: 'Product', upc: 'p2' },
            ],
          },
        ],
      },
    },
    {
      name: 'may be variables',
      query: `query($representations: Int!, $upc: ID!) {
        products(first: $representations) { stars(of: $representations) }
        product(upc: $upc) { stars(of: $representations) }
      }`,
      variables: { representations: 1, upc: 'p2' },
      expect: {
        data: { products: [{ stars: 1 }], product: { stars: 1 } },
        asked: { products: 1, reviews: 1 },
      },
      stockIsWrong: 'It sends its own representations under the name of the variable.',
    },
    {
      name: 'may be aliases below an entity, that of the type too',
      query: '{ products { __typename: name upc: stars kind: __typename } }',
      expect: {
        data: {
          products: [
            { __typename: 'Table', upc: 5, kind: 'Product' },
            { __typename: 'Chair', upc: 5, kind: 'Product' },
          ],
        },
        asked: [
          { subgraph: 'products' },
          {
            subgraph: 'reviews',
            representations: [
              { __typename: 'Product', upc: 'p1' },
              { __typename: 'Product', upc: 'p2' },
            ],
          },
        ],
      },
      stockIsWrong: 'It takes what the client calls "__typename" for the type.',
    },
    {
      name: 'may be swapped',
      query: '{ product(upc: "p1") { name: upc upc: name stars } }',
      expect: {
        data: { product: { name: 'p1', upc: 'Table', stars: 5 } },
        asked: [
          { subgraph: 'products' },
          { subgraph: 'reviews', representations: [{ __typename: 'Product', upc: 'p1' }] },
        ],
      },
      stockIsWrong: 'It sends the name as the key.',
    },
  ],
});
