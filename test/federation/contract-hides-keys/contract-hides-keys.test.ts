// A contract hides keys, required fields and a whole subgraph on the way from clients; the answers stay the same.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'a contract that hides keys',
  contract: { include: ['public'] },
  subgraphs: {
    people: {
      sdl: `
        type Query { people: [Person!]! @tag(name: "public") staff: [Person!]! }
        type Person @key(fields: "number") { number: ID! name: String! @tag(name: "public") }
      `,
      resolvers: {
        Query: {
          people: () => [
            { number: '1', name: 'Ada' },
            { number: '2', name: 'Bob' },
          ],
        },
      },
    },
    register: {
      sdl: `type Person @key(fields: "number") @key(fields: "code") { number: ID! code: ID! born: Int! }`,
      resolvers: {
        Person: {
          __resolveReference: entityIn([
            { number: '1', code: 'A', born: 1815 },
            { number: '2', code: 'B', born: 1990 },
          ]),
        },
      },
    },
    votes: {
      sdl: `
        type Person @key(fields: "code") {
          code: ID!
          born: Int! @external
          mayVote: Boolean! @requires(fields: "born") @tag(name: "public")
        }
      `,
      resolvers: { Person: { mayVote: ({ born }: { born: number }) => born > 1900 } },
    },
  },
  operations: [
    {
      name: 'leaves them to the router',
      query: '{ people { mayVote name } }',
      expect: {
        data: {
          people: [
            { mayVote: false, name: 'Ada' },
            { mayVote: true, name: 'Bob' },
          ],
        },
        asked: [
          { subgraph: 'people', selects: ['number', 'name'] },
          { subgraph: 'register', selects: ['code', 'born'] },
          {
            subgraph: 'votes',
            representations: [
              { __typename: 'Person', code: 'A', born: 1815 },
              { __typename: 'Person', code: 'B', born: 1990 },
            ],
          },
        ],
      },
    },
    {
      name: 'lets clients use their names for something else',
      query: '{ people { number: name code: mayVote born: __typename } }',
      expect: {
        data: {
          people: [
            { number: 'Ada', code: false, born: 'Person' },
            { number: 'Bob', code: true, born: 'Person' },
          ],
        },
        asked: { people: 1, register: 1, votes: 1 },
      },
      stockIsWrong: 'It takes what the client calls "number" for the key.',
    },
    {
      name: 'shows clients nothing but what is tagged',
      query: '{ __type(name: "Person") { fields { name } } __schema { queryType { fields { name } } } }',
      expect: {
        data: {
          __type: { fields: [{ name: 'name' }, { name: 'mayVote' }] },
          __schema: { queryType: { fields: [{ name: 'people' }] } },
        },
        asked: {},
      },
    },
    {
      name: 'refuses a key by name',
      query: '{ people { number } }',
      expect: { refused: 'GRAPHQL_VALIDATION_FAILED', says: 'Cannot query field "number" on type "Person".' },
    },
  ],
});
