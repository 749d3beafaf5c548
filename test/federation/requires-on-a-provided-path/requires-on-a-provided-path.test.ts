// A field that requires what the path already provides: there no other subgraph is asked, elsewhere it is.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'a requirement on a path that provides it',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { products: [Product!]! }
        type Product @key(fields: "upc") { upc: ID! weight: Int! @shareable name: String! }
      `,
      resolvers: {
        Query: { products: () => [{ upc: 'p1', weight: 7, name: 'Lamp' }] },
        Product: { __resolveReference: entityIn([{ upc: 'p1', weight: 7, name: 'Lamp' }]) },
      },
    },
    shipping: {
      sdl: `
        type Query {
          heaviest: Product @provides(fields: "weight")
          last: Product
        }
        type Product @key(fields: "upc") {
          upc: ID!
          weight: Int! @external
          postage: Int @requires(fields: "weight")
        }
      `,
      resolvers: {
        Query: { heaviest: () => ({ upc: 'p1', weight: 9 }), last: () => ({ upc: 'p1' }) },
        Product: { postage: ({ weight }: { weight: number }) => weight * 2 },
      },
    },
  },
  operations: [
    {
      name: 'is answered by one subgraph alone',
      query: '{ heaviest { postage } }',
      expect: { data: { heaviest: { postage: 18 } }, asked: { shipping: 1 } },
    },
    {
      name: 'is fetched on a path that does not provide it',
      query: '{ last { postage } }',
      expect: { data: { last: { postage: 14 } }, asked: { shipping: 2, catalog: 1 } },
    },
    {
      name: 'is each what it is where both paths are in one operation',
      query: '{ last { postage weight } heaviest { weight postage name } }',
      expect: {
        data: {
          last: { postage: 14, weight: 7 },
          heaviest: { weight: 9, postage: 18, name: 'Lamp' },
        },
        asked: { shipping: 2, catalog: 1 },
      },
    },
  ],
});
