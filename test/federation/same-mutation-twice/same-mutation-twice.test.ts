// One field of a mutation under several aliases is that many changes, in the client's order.

import { GraphQLError } from 'graphql';
import { federationCase } from '../harness/federation-case.ts';

let total = 0;
const log: string[] = [];
const reset = () => {
  total = 0;
  log.length = 0;
};

federationCase({
  name: 'one field of a mutation under several aliases',
  subgraphs: {
    counter: {
      sdl: `
        type Query { total: Int! }
        type Mutation { add(n: Int!): Int addTo(counter: ID!, n: Int!): Counter }
        type Counter @key(fields: "id") { id: ID! total: Int! }
      `,
      resolvers: {
        Query: { total: () => total },
        Mutation: {
          add(_, { n }) {
            if (Number(n) < 0) throw new GraphQLError('Only up.', { extensions: { code: 'BAD_USER_INPUT' } });
            total += Number(n);
            return total;
          },
          addTo(_, { counter, n }) {
            total += Number(n);
            return { id: counter, total };
          },
        },
      },
    },
    diary: {
      sdl: `
        type Mutation { note(text: String!): Int! }
        type Counter @key(fields: "id") { id: ID! notes: [String!]! }
      `,
      resolvers: {
        Mutation: { note: (_, { text }) => log.push(String(text)) },
        Counter: { __resolveReference: ({ id }) => ({ id }), notes: () => [...log] },
      },
    },
  },
  operations: [
    {
      name: 'is one request to its subgraph',
      reset,
      query: 'mutation { z: add(n: 1) a: add(n: 2) m: add(n: 3) }',
      expect: {
        data: { z: 1, a: 3, m: 6 },
        asked: [{ subgraph: 'counter', selects: ['add(n: 1)', 'add(n: 2)', 'add(n: 3)'] }],
      },
    },
    {
      name: 'is a change each time though all is the same but the alias',
      reset,
      query: 'mutation { one: add(n: 5) two: add(n: 5) }',
      expect: { data: { one: 5, two: 10 }, asked: { counter: 1 } },
    },
    {
      name: 'is one change under one name, however often it is written',
      reset,
      query: 'mutation { add(n: 5) ...Again } fragment Again on Mutation { add(n: 5) }',
      expect: { data: { add: 5 }, asked: { counter: 1 } },
    },
    {
      name: 'is cut in several requests by a change elsewhere',
      reset,
      query: 'mutation { one: add(n: 1) first: note(text: "x") two: add(n: 1) second: note(text: "y") }',
      expect: {
        data: { one: 1, first: 1, two: 2, second: 2 },
        asked: [
          { subgraph: 'counter' },
          { subgraph: 'diary', selects: ['note(text: "x")'] },
          { subgraph: 'counter' },
          { subgraph: 'diary', selects: ['note(text: "y")'] },
        ],
        inOrder: true,
      },
    },
    {
      name: 'is a change each though one of them fails',
      reset,
      query: 'mutation ($bad: Int!) { one: add(n: 1) two: add(n: $bad) three: add(n: 2) }',
      variables: { bad: -1 },
      expect: {
        data: { one: 1, two: null, three: 3 },
        errors: [{ path: ['two'], code: 'BAD_USER_INPUT' }],
        asked: { counter: 1 },
      },
    },
    {
      name: 'has what each selects from elsewhere at each',
      reset,
      query: `mutation {
        note(text: "x")
        one: addTo(counter: "c", n: 1) { total notes }
        two: addTo(counter: "c", n: 1) { notes total }
      }`,
      expect: {
        data: { note: 1, one: { total: 1, notes: ['x'] }, two: { notes: ['x'], total: 2 } },
      },
    },
  ],
});
