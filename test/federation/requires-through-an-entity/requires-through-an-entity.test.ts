// `@requires` that goes through other entities: what is required must first be fetched from a third subgraph, in its place.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const orders = [
  { id: 'o1', customer: { id: 'u1' }, lines: [{ product: { upc: 'p1' } }, { product: { upc: 'p2' } }] },
  { id: 'o2', customer: null, lines: [] },
  { id: 'o3', customer: { id: 'u1' }, lines: [{ product: { upc: 'p1' } }] },
];

interface Line {
  product: { weight: number | null } | null;
}

federationCase({
  name: 'a requirement through other entities',
  subgraphs: {
    orders: {
      sdl: `
        type Query { orders: [Order!]! }
        type Order @key(fields: "id") { id: ID! customer: User lines: [Line!]! }
        type Line { product: Product }
        type User @key(fields: "id") { id: ID! }
        type Product @key(fields: "upc") { upc: ID! }
      `,
      resolvers: { Query: { orders: () => orders } },
    },
    accounts: {
      sdl: `type User @key(fields: "id") { id: ID! zip: String name: String }`,
      resolvers: { User: { __resolveReference: entityIn([{ id: 'u1', zip: '1011', name: 'Ada' }]) } },
    },
    catalog: {
      sdl: `type Product @key(fields: "upc") { upc: ID! weight: Int }`,
      resolvers: {
        Product: {
          __resolveReference: entityIn([
            { upc: 'p1', weight: 2 },
            { upc: 'p2', weight: 5 },
          ]),
        },
      },
    },
    shipping: {
      sdl: `
        type Order @key(fields: "id") {
          id: ID!
          customer: User @external
          lines: [Line!]! @external
          zone: String @requires(fields: "customer { zip }")
          weight: Int @requires(fields: "lines { product { weight } }")
        }
        type Line { product: Product @external }
        type User @key(fields: "id") { id: ID! zip: String @external }
        type Product @key(fields: "upc") { upc: ID! weight: Int @external }
      `,
      resolvers: {
        Order: {
          zone: ({ customer }: { customer: { zip: string } | null }) => `zone ${customer?.zip.slice(0, 2)}`,
          weight: ({ lines }: { lines: Line[] }) =>
            lines.reduce((sum, { product }) => sum + (product?.weight ?? 100), 0),
        },
      },
    },
  },
  operations: [
    {
      name: 'is fetched by way of them',
      query: '{ orders { zone } }',
      expect: {
        data: { orders: [{ zone: 'zone 10' }, { zone: 'zone undefined' }, { zone: 'zone 10' }] },
        inOrder: true,
        asked: [
          { subgraph: 'orders' },
          { subgraph: 'accounts', selects: ['zip'], representations: [{ __typename: 'User', id: 'u1' }] },
          {
            subgraph: 'shipping',
            representations: [
              { __typename: 'Order', id: 'o1', customer: { zip: '1011' } },
              { __typename: 'Order', id: 'o2', customer: null },
              { __typename: 'Order', id: 'o3', customer: { zip: '1011' } },
            ],
          },
        ],
      },
    },
    {
      name: 'is put together from the items of a list',
      query: '{ orders { weight } }',
      expect: {
        data: { orders: [{ weight: 7 }, { weight: 0 }, { weight: 2 }] },
        inOrder: true,
        asked: [
          { subgraph: 'orders' },
          {
            subgraph: 'catalog',
            representations: [
              { __typename: 'Product', upc: 'p1' },
              { __typename: 'Product', upc: 'p2' },
            ],
          },
          {
            subgraph: 'shipping',
            representations: [
              {
                __typename: 'Order',
                id: 'o1',
                lines: [{ product: { weight: 2 } }, { product: { weight: 5 } }],
              },
              { __typename: 'Order', id: 'o2', lines: [] },
              { __typename: 'Order', id: 'o3', lines: [{ product: { weight: 2 } }] },
            ],
          },
        ],
      },
    },
    {
      name: 'shares what it fetches with the client',
      query: '{ orders { lines { product { upc grams: weight } } customer { name } weight zone } }',
      expect: {
        data: {
          orders: [
            {
              lines: [{ product: { upc: 'p1', grams: 2 } }, { product: { upc: 'p2', grams: 5 } }],
              customer: { name: 'Ada' },
              weight: 7,
              zone: 'zone 10',
            },
            { lines: [], customer: null, weight: 0, zone: 'zone undefined' },
            {
              lines: [{ product: { upc: 'p1', grams: 2 } }],
              customer: { name: 'Ada' },
              weight: 2,
              zone: 'zone 10',
            },
          ],
        },
        // Both requirements are two answers away from the start, and one request asks for what needs them.
        asked: { orders: 1, accounts: 1, catalog: 1, shipping: 1 },
      },
    },
    {
      name: 'fails where one item on the way failed, and only there',
      query: '{ orders { mass: weight id } }',
      misbehaving: {
        catalog: {
          body: {
            data: { _entities: [{ weight: 2 }, null] },
            errors: [{ message: 'gone', path: ['_entities', 1], extensions: { code: 'NOT_FOUND' } }],
          },
        },
      },
      expect: {
        data: {
          orders: [
            { mass: null, id: 'o1' },
            { mass: 0, id: 'o2' },
            { mass: 2, id: 'o3' },
          ],
        },
        errors: [{ path: ['orders', 0, 'mass'], code: 'NOT_FOUND' }],
        asked: { orders: 1, catalog: 1, shipping: 1 },
      },
      stockIsWrong: 'It has the weight computed from the null that stands for a failure.',
    },
    {
      name: 'fails wherever it is needed when the subgraph on the way cannot be reached',
      query: '{ orders { zone id } }',
      misbehaving: { accounts: 'hang up' },
      expect: {
        data: {
          orders: [
            { zone: null, id: 'o1' },
            { zone: 'zone undefined', id: 'o2' },
            { zone: null, id: 'o3' },
          ],
        },
        errors: [
          { path: ['orders', 0, 'zone'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['orders', 2, 'zone'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
      },
      stockIsWrong: 'It asks for zones without a postal code all the same.',
    },
  ],
});
