// Schemas of federation 1, with `extend type`, `@extends` and no `@link`, beside one of federation 2.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const users = [{ id: 'u1', name: 'Ada', country: 'GB' }];

federationCase({
  name: 'schemas of federation 1',
  subgraphs: {
    accounts: {
      federation1: true,
      sdl: `
        extend type Query { me: User }
        type User @key(fields: "id") { id: ID! name: String country: String money: Money }
        type Money { amount: Int }
      `,
      resolvers: {
        Query: { me: () => ({ ...users[0], money: { amount: 3 } }) },
        User: { __resolveReference: entityIn(users) },
      },
    },
    reviews: {
      federation1: true,
      sdl: `
        extend type Query { reviews: [Review!]! }
        type Review { text: String author: User @provides(fields: "name") }
        extend type User @key(fields: "id") {
          id: ID! @external
          name: String @external
          country: String @external
          reviews: [Review!]!
          local: Boolean @requires(fields: "country")
        }
        type Money { amount: Int }
      `,
      resolvers: {
        Query: { reviews: () => [{ text: 'fine', author: { id: 'u1', name: 'Ada (copy)' } }] },
        User: {
          reviews: () => [{ text: 'fine', author: { id: 'u1', name: 'Ada (copy)' } }],
          local: ({ country }) => country === 'GB',
        },
      },
    },
    badges: {
      sdl: `type User @extends @key(fields: "id") { id: ID! @external badges: [String!] }`,
      resolvers: { User: { badges: ({ id }) => [`badge of ${id}`] } },
    },
  },
  operations: [
    {
      name: 'join with one of federation 2',
      query: '{ me { name reviews { text } local badges money { amount } } }',
      expect: {
        data: {
          me: {
            name: 'Ada',
            reviews: [{ text: 'fine' }],
            local: true,
            badges: ['badge of u1'],
            money: { amount: 3 },
          },
        },
        asked: [
          { subgraph: 'accounts' },
          { subgraph: 'reviews', representations: [{ __typename: 'User', id: 'u1', country: 'GB' }] },
          { subgraph: 'badges', representations: [{ __typename: 'User', id: 'u1' }] },
        ],
      },
    },
    {
      name: 'provide and require as those of federation 2 do',
      query: '{ reviews { author { name local } } }',
      expect: {
        data: { reviews: [{ author: { name: 'Ada (copy)', local: true } }] },
        inOrder: true,
        asked: [
          { subgraph: 'reviews', selects: ['name'] },
          { subgraph: 'accounts', selects: ['country'], omits: ['name'] },
          { subgraph: 'reviews', selects: ['local'] },
        ],
      },
    },
  ],
});
