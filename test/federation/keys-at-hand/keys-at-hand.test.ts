// A reference to an entity answers its key fields and its type itself: the subgraph it refers to is not asked.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const desk = { floor: 1, room: { wing: 'W', number: 7 } };

federationCase({
  name: 'a reference to an entity',
  subgraphs: {
    reviews: {
      sdl: `
        type Query { reviews: [Review!]! }
        type Review { text: String! product: Product desk: Desk! made: [Thing!]! }
        type Product @key(fields: "upc") { upc: ID! }
        type Desk @key(fields: "floor room { wing number }") { floor: Int! room: Room! }
        type Room @shareable { wing: String! number: Int! }
        union Thing = Product | Desk
      `,
      resolvers: {
        Query: {
          reviews: () => [
            {
              text: 'good',
              product: { upc: 'p1' },
              desk,
              made: [
                { __typename: 'Product', upc: 'p2' },
                { __typename: 'Desk', ...desk },
              ],
            },
          ],
        },
      },
    },
    products: {
      sdl: `
        type Query { products: [Product!]! }
        type Product @key(fields: "upc") { upc: ID! name: String! }
        type Desk @key(fields: "floor room { wing number }") { floor: Int! room: Room! phone: String }
        type Room @shareable { wing: String! number: Int! }
      `,
      resolvers: {
        Product: {
          __resolveReference: entityIn([
            { upc: 'p1', name: 'Table' },
            { upc: 'p2', name: 'Chair' },
          ]),
        },
      },
    },
  },
  operations: [
    {
      name: 'has its key and its type',
      query: '{ reviews { product { code: upc __typename } } }',
      expect: {
        data: { reviews: [{ product: { code: 'p1', __typename: 'Product' } }] },
        asked: { reviews: 1 },
      },
    },
    {
      name: 'has all of a nested key, or some of it',
      query: '{ reviews { desk { room { number } floor } } }',
      expect: {
        data: { reviews: [{ desk: { room: { number: 7 }, floor: 1 } }] },
        asked: [{ subgraph: 'reviews', omits: ['wing'] }],
      },
    },
    {
      name: 'has its key in a union',
      query: '{ reviews { made { ... on Product { upc } ... on Desk { room { wing } } } } }',
      expect: {
        data: { reviews: [{ made: [{ upc: 'p2' }, { room: { wing: 'W' } }] }] },
        asked: { reviews: 1 },
      },
    },
    {
      name: 'is completed where more than the key is asked, and the key is asked only once',
      query: '{ reviews { product { upc name } made { ... on Product { name } ... on Desk { floor } } } }',
      expect: {
        data: {
          reviews: [{ product: { upc: 'p1', name: 'Table' }, made: [{ name: 'Chair' }, { floor: 1 }] }],
        },
        asked: [
          { subgraph: 'reviews', omits: ['wing'] },
          {
            subgraph: 'products',
            selects: ['name'],
            omits: ['upc'],
            representations: [
              { __typename: 'Product', upc: 'p1' },
              { __typename: 'Product', upc: 'p2' },
            ],
          },
        ],
      },
    },
  ],
});
