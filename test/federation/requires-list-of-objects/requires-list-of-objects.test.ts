// `@requires` of fields within lists of objects, nested and with nulls: representations carry the lists as they are.
import { federationCase } from '../harness/federation-case.ts';

const orders = [
  {
    id: 'o1',
    lines: [
      { sku: 'a', amount: 2, extras: [{ price: 5 }, { price: 7 }], note: 'x' },
      { sku: 'b', amount: 1, extras: [], note: null },
    ],
    grid: [[{ cell: 1 }, null], []],
  },
  { id: 'o2', lines: [], grid: null },
  { id: 'o3', lines: [null, { sku: 'a', amount: 3, extras: null, note: 'y' }], grid: [[{ cell: 4 }]] },
];

interface Line {
  amount: number;
  extras: { price: number }[] | null;
}

federationCase({
  name: 'a field that requires a list of objects',
  subgraphs: {
    orders: {
      sdl: `
        type Query { orders: [Order!]! }
        type Order @key(fields: "id") { id: ID! lines: [Line]! grid: [[Cell]!] }
        type Line { sku: ID! amount: Int! extras: [Extra!] note: String }
        type Extra { price: Int! }
        type Cell { cell: Int! }
      `,
      resolvers: { Query: { orders: () => orders } },
    },
    billing: {
      sdl: `
        type Order @key(fields: "id") {
          id: ID!
          lines: [Line]! @external
          grid: [[Cell]!] @external
          total: Int @requires(fields: "lines { amount extras { price } }")
          sum: Int @requires(fields: "grid { cell }")
        }
        type Line { amount: Int! @external extras: [Extra!] @external }
        type Extra { price: Int! @external }
        type Cell { cell: Int! @external }
      `,
      resolvers: {
        Order: {
          total: ({ lines }: { lines: (Line | null)[] }) =>
            lines
              .filter((line) => line !== null)
              .map(({ amount, extras }) => amount * (extras ?? []).reduce((sum, { price }) => sum + price, 1))
              .reduce((sum, cost) => sum + cost, 0),
          sum: ({ grid }: { grid: ({ cell: number } | null)[][] | null }) =>
            grid?.flat().reduce((sum, entry) => sum + (entry?.cell ?? 0), 0),
        },
      },
    },
  },
  operations: [
    {
      name: 'gets it whole, with its nulls and its empty lists',
      query: '{ orders { total } }',
      expect: {
        data: { orders: [{ total: 27 }, { total: 0 }, { total: 3 }] },
        asked: [
          { subgraph: 'orders', selects: ['amount', 'price'], omits: ['sku', 'note', 'grid'] },
          {
            subgraph: 'billing',
            representations: [
              {
                __typename: 'Order',
                id: 'o1',
                lines: [
                  { amount: 2, extras: [{ price: 5 }, { price: 7 }] },
                  { amount: 1, extras: [] },
                ],
              },
              { __typename: 'Order', id: 'o2', lines: [] },
              { __typename: 'Order', id: 'o3', lines: [null, { amount: 3, extras: null }] },
            ],
          },
        ],
      },
    },
    {
      name: 'gets lists of lists as well',
      query: '{ orders { sum } }',
      expect: {
        data: { orders: [{ sum: 1 }, { sum: null }, { sum: 4 }] },
        asked: [
          { subgraph: 'orders' },
          {
            subgraph: 'billing',
            representations: [
              { __typename: 'Order', id: 'o1', grid: [[{ cell: 1 }, null], []] },
              { __typename: 'Order', id: 'o2', grid: null },
              { __typename: 'Order', id: 'o3', grid: [[{ cell: 4 }]] },
            ],
          },
        ],
      },
      stockIsWrong: 'It sends null for every inner list.',
    },
    {
      name: 'leaves the list that the client selects as the client wants it',
      query: '{ orders { lines { amount: note sku } total } }',
      expect: {
        data: {
          orders: [
            {
              lines: [
                { amount: 'x', sku: 'a' },
                { amount: null, sku: 'b' },
              ],
              total: 27,
            },
            { lines: [], total: 0 },
            { lines: [null, { amount: 'y', sku: 'a' }], total: 3 },
          ],
        },
        asked: { orders: 1, billing: 1 },
      },
      stockIsWrong: 'It sends the note under the alias "amount" as the required amount.',
    },
  ],
});
