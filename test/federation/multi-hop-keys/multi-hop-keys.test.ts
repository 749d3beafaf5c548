// An entity is followed through four subgraphs, each of which knows it by a key that only its neighbours share.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const numbers = ['1', '2'];
const table = (...names: string[]) =>
  numbers.map((number) => Object.fromEntries(names.map((name) => [name, `${name}${number}`])));

federationCase({
  name: 'keys over several hops',
  subgraphs: {
    accounts: {
      sdl: `
        type Query { users: [User!]! }
        type User @key(fields: "a") { a: ID! name: String! }
      `,
      resolvers: { Query: { users: () => table('a', 'name') } },
    },
    billing: {
      sdl: `type User @key(fields: "a") @key(fields: "b") { a: ID! b: ID! plan: String! }`,
      resolvers: { User: { __resolveReference: entityIn(table('a', 'b', 'plan')) } },
    },
    contacts: {
      sdl: `type User @key(fields: "b") @key(fields: "c") { b: ID! c: ID! phone: String }`,
      resolvers: { User: { __resolveReference: entityIn(table('b', 'c', 'phone')) } },
    },
    devices: {
      sdl: `
        type Query { device(c: ID!): User }
        type User @key(fields: "c") { c: ID! model: String }
      `,
      resolvers: {
        Query: { device: (_, { c }) => ({ c }) },
        User: { __resolveReference: entityIn(table('c', 'model')) },
      },
    },
  },
  operations: [
    {
      name: 'are exchanged one after the other, in one request each, and show nowhere in the answer',
      query: '{ users { model name } }',
      expect: {
        data: {
          users: [
            { model: 'model1', name: 'name1' },
            { model: 'model2', name: 'name2' },
          ],
        },
        inOrder: true,
        asked: [
          { subgraph: 'accounts', selects: ['a', 'name'] },
          {
            subgraph: 'billing',
            selects: ['b'],
            omits: ['plan'],
            representations: [
              { __typename: 'User', a: 'a1' },
              { __typename: 'User', a: 'a2' },
            ],
          },
          {
            subgraph: 'contacts',
            selects: ['c'],
            omits: ['phone'],
            representations: [
              { __typename: 'User', b: 'b1' },
              { __typename: 'User', b: 'b2' },
            ],
          },
          {
            subgraph: 'devices',
            selects: ['model'],
            representations: [
              { __typename: 'User', c: 'c1' },
              { __typename: 'User', c: 'c2' },
            ],
          },
        ],
      },
    },
    {
      name: 'bring the fields of the subgraphs on the way along',
      query: '{ users { name plan phone model } }',
      expect: {
        data: {
          users: [
            { name: 'name1', plan: 'plan1', phone: 'phone1', model: 'model1' },
            { name: 'name2', plan: 'plan2', phone: 'phone2', model: 'model2' },
          ],
        },
        asked: { accounts: 1, billing: 1, contacts: 1, devices: 1 },
      },
    },
    {
      name: 'fail from the first broken hop on',
      query: '{ users { name number: phone model } }',
      misbehaving: { contacts: { status: 503, body: 'closed' } },
      expect: {
        data: {
          users: [
            { name: 'name1', number: null, model: null },
            { name: 'name2', number: null, model: null },
          ],
        },
        errors: [
          { path: ['users', 0, 'number'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['users', 0, 'model'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['users', 1, 'number'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['users', 1, 'model'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
        asked: { accounts: 1, billing: 1, contacts: 1 },
      },
    },
    {
      name: 'end where a subgraph on the way does not know the entity',
      query: '{ device(c: "c9") { c phone } }',
      expect: { data: { device: { c: 'c9', phone: null } }, asked: { devices: 1, contacts: 1 } },
    },
  ],
});
