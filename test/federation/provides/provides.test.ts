// `@provides`: on one path a subgraph also knows fields that are another's, so that one need not be asked there.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const users = [
  { id: 'u1', name: 'Ada', email: 'ada@example.org', address: { city: 'London', zip: 'W1' } },
  { id: 'u2', name: 'Bob', email: null, address: null },
];

federationCase({
  name: 'fields that a path provides',
  subgraphs: {
    accounts: {
      sdl: `
        type Query { users: [User!]! }
        type User @key(fields: "id") { id: ID! name: String! @shareable email: String address: Address @shareable }
        type Address { city: String! @shareable zip: String! }
      `,
      resolvers: { Query: { users: () => users }, User: { __resolveReference: entityIn(users) } },
    },
    reviews: {
      sdl: `
        type Query { reviews: [Review!]! }
        type Review {
          author: User! @provides(fields: "name address { city }")
          reader: User!
        }
        type User @key(fields: "id") { id: ID! name: String! @external address: Address @external }
        type Address { city: String! @external }
      `,
      resolvers: {
        Query: {
          reviews: () => [
            { author: { id: 'u1', name: 'Ada (copy)', address: { city: 'Paris' } }, reader: { id: 'u2' } },
          ],
        },
      },
    },
  },
  operations: [
    {
      name: 'are taken from there, and their owner is not asked',
      query: '{ reviews { author { name address { city } id } } }',
      expect: {
        data: { reviews: [{ author: { name: 'Ada (copy)', address: { city: 'Paris' }, id: 'u1' } }] },
        asked: { reviews: 1 },
      },
    },
    {
      name: 'are not there on another path to the same type',
      query: '{ reviews { reader { name } author { name } } }',
      expect: {
        data: { reviews: [{ reader: { name: 'Bob' }, author: { name: 'Ada (copy)' } }] },
        asked: [
          { subgraph: 'reviews' },
          { subgraph: 'accounts', selects: ['name'], representations: [{ __typename: 'User', id: 'u2' }] },
        ],
      },
    },
    {
      name: 'leave the fields that are not provided to their owner',
      query: '{ reviews { author { email } } }',
      expect: {
        data: { reviews: [{ author: { email: 'ada@example.org' } }] },
        asked: [
          { subgraph: 'reviews' },
          { subgraph: 'accounts', selects: ['email'], representations: [{ __typename: 'User', id: 'u1' }] },
        ],
      },
    },
    {
      name: 'leave the rest of a nested object to its owner',
      query: '{ reviews { author { address { zip } } reader { address { zip city } } } }',
      expect: {
        data: { reviews: [{ author: { address: { zip: 'W1' } }, reader: { address: null } }] },
        asked: { reviews: 1, accounts: 1 },
      },
    },
  ],
});
