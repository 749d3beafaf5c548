// An entity that leads back to its own type, and to itself: each step is planned, shared people are asked for once.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const people = [
  { id: 'ann', name: 'Ann' },
  { id: 'bob', name: 'Bob' },
  { id: 'cem', name: 'Cem' },
];
const friendships: Record<string, string[]> = { ann: ['bob', 'cem'], bob: ['ann'], cem: ['ann', 'bob'] };

federationCase({
  name: 'an entity that leads back to its own type',
  subgraphs: {
    accounts: {
      sdl: `
        type Query { me: User! }
        type User @key(fields: "id") { id: ID! name: String! }
      `,
      resolvers: { Query: { me: () => people[0] }, User: { __resolveReference: entityIn(people) } },
    },
    social: {
      sdl: 'type User @key(fields: "id") { id: ID! friends: [User!]! }',
      resolvers: {
        User: {
          __resolveReference: ({ id }) => ({ id }),
          friends: ({ id }) => friendships[String(id)]?.map((friend) => ({ id: friend })),
        },
      },
    },
  },
  operations: [
    {
      name: 'is followed step by step, and names of all steps are asked for in one request',
      query: '{ me { name friends { name friends { name } } } }',
      expect: {
        data: {
          me: {
            name: 'Ann',
            friends: [
              { name: 'Bob', friends: [{ name: 'Ann' }] },
              { name: 'Cem', friends: [{ name: 'Ann' }, { name: 'Bob' }] },
            ],
          },
        },
        asked: { accounts: 2, social: 1 },
      },
    },
    {
      name: 'is asked for once where it comes again and again',
      query: '{ me { friends { friends { name } } } }',
      expect: {
        data: {
          me: { friends: [{ friends: [{ name: 'Ann' }] }, { friends: [{ name: 'Ann' }, { name: 'Bob' }] }] },
        },
        asked: [
          { subgraph: 'accounts', selects: ['me'], omits: ['name'] },
          { subgraph: 'social', representations: [{ __typename: 'User', id: 'ann' }] },
          {
            subgraph: 'accounts',
            selects: ['name'],
            representations: [
              { __typename: 'User', id: 'ann' },
              { __typename: 'User', id: 'bob' },
            ],
          },
        ],
        inOrder: true,
      },
    },
    {
      name: 'is followed through its key alone without the subgraph of the names',
      query: '{ me { friends { id friends { id } } } }',
      expect: {
        data: {
          me: {
            friends: [
              { id: 'bob', friends: [{ id: 'ann' }] },
              { id: 'cem', friends: [{ id: 'ann' }, { id: 'bob' }] },
            ],
          },
        },
        asked: { accounts: 1, social: 1 },
      },
    },
  ],
});
