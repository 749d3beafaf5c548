// A chain of requirements entered in the middle: the subgraph that is asked first is asked again when it has what it needs.
import { federationCase } from '../harness/federation-case.ts';

const sent = (source: Record<string, unknown>, name: string): number => {
  const value = source[name];
  if (typeof value !== 'number') throw new Error(`${name} was not sent`);
  return value;
};

federationCase({
  name: 'a chain of requirements entered in its middle',
  subgraphs: {
    stock: {
      sdl: `
        type Query { items: [Item!]! }
        type Item @key(fields: "id") {
          id: ID!
          weight: Int @external
          load: Int @requires(fields: "weight")
          shelf: String
        }
      `,
      resolvers: {
        Query: {
          items: () => [
            { id: 'i1', shelf: 'A' },
            { id: 'i2', shelf: 'B' },
          ],
        },
        Item: {
          __resolveReference: (reference) => ({ ...reference }),
          load: (item) => sent(item, 'weight') * 10,
        },
      },
    },
    catalog: {
      sdl: `type Item @key(fields: "id") { id: ID! weight: Int }`,
      resolvers: { Item: { weight: ({ id }) => (id === 'i1' ? 1 : 2) } },
    },
    freight: {
      sdl: `
        type Item @key(fields: "id") { id: ID! load: Int @external cost: Int @requires(fields: "load") }
      `,
      resolvers: { Item: { cost: (item) => sent(item, 'load') + 1 } },
    },
  },
  operations: [
    {
      name: 'comes back to that subgraph with what its field requires',
      query: '{ items { cost shelf } }',
      expect: {
        data: {
          items: [
            { cost: 11, shelf: 'A' },
            { cost: 21, shelf: 'B' },
          ],
        },
        inOrder: true,
        asked: [
          { subgraph: 'stock', omits: ['load', 'weight'] },
          { subgraph: 'catalog', selects: ['weight'] },
          {
            subgraph: 'stock',
            selects: ['load'],
            representations: [
              { __typename: 'Item', id: 'i1', weight: 1 },
              { __typename: 'Item', id: 'i2', weight: 2 },
            ],
          },
          {
            subgraph: 'freight',
            representations: [
              { __typename: 'Item', id: 'i1', load: 10 },
              { __typename: 'Item', id: 'i2', load: 20 },
            ],
          },
        ],
      },
      stockIsWrong: 'It asks for the load before the weight is there.',
    },
    {
      name: 'answers each link that the client selects itself',
      query: '{ items { load cost weight } }',
      expect: {
        data: {
          items: [
            { load: 10, cost: 11, weight: 1 },
            { load: 20, cost: 21, weight: 2 },
          ],
        },
        asked: { stock: 2, catalog: 1, freight: 1 },
      },
      stockIsWrong: 'It asks for the load before the weight is there.',
    },
  ],
});
