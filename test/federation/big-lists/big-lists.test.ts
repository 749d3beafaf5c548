// Thousands of entities: one request to each subgraph, and no order is lost.

import { federationCase } from '../harness/federation-case.ts';

const count = 5000;
const indexes = [...Array(count).keys()];

federationCase({
  name: `a list of ${count} entities`,
  subgraphs: {
    catalog: {
      sdl: `
        type Query { products: [Product!]! }
        type Product @key(fields: "id") { id: ID! name: String! maker: Maker! }
        type Maker @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          products: () =>
            indexes.map((index) => ({
              id: `p${index}`,
              name: `Product ${index}`,
              maker: { id: `m${index % 10}` },
            })),
        },
      },
    },
    prices: {
      sdl: `
        type Product @key(fields: "id") { id: ID! price: Int! sizes: [Int!]! }
        type Maker @key(fields: "id") { id: ID! label: String! }
      `,
      resolvers: {
        Product: {
          __resolveReference: ({ id }) => ({ price: Number(String(id).slice(1)), sizes: [1, 2, 3] }),
        },
        Maker: { __resolveReference: ({ id }) => ({ label: `Maker ${id}` }) },
      },
    },
  },
  operations: [
    {
      name: 'is one request to each subgraph',
      query: '{ products { price name sizes } }',
      expect: {
        data: {
          products: indexes.map((index) => ({ price: index, name: `Product ${index}`, sizes: [1, 2, 3] })),
        },
        asked: { catalog: 1, prices: 1 },
      },
    },
    {
      name: 'asks for ten others that they share ten times, not 5,000 times',
      query: '{ products { maker { label } } }',
      expect: {
        data: { products: indexes.map((index) => ({ maker: { label: `Maker m${index % 10}` } })) },
        asked: [
          { subgraph: 'catalog' },
          {
            subgraph: 'prices',
            representations: indexes.slice(0, 10).map((index) => ({ __typename: 'Maker', id: `m${index}` })),
          },
        ],
      },
    },
  ],
});
