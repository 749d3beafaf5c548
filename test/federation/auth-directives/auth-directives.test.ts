// A supergraph that says who may read what (@authenticated, @requiresScopes, @policy) loads, and is believed.

import { GraphQLError } from 'graphql';
import type { FieldResolver } from '../harness/case-subgraph.ts';
import { federationCase } from '../harness/federation-case.ts';

const whoAsks: FieldResolver = (_, __, { headers }) => {
  if (headers.authorization === undefined) {
    throw new GraphQLError('Sign in.', { extensions: { code: 'UNAUTHENTICATED' } });
  }
  return headers.authorization;
};

const refusesAll = 'in front of the stock engine the whole operation is refused';

federationCase({
  name: 'a supergraph that says who may read what',
  subgraphs: {
    accounts: {
      sdl: `
        type Query { me: User @authenticated open: String! audit: String @policy(policies: [["auditor"], ["boss", "awake"]]) }
        type User @key(fields: "id") { id: ID! email: String @requiresScopes(scopes: [["email:read"], ["admin"]]) }
      `,
      resolvers: {
        Query: { me: () => ({ id: 'u1' }), open: () => 'open', audit: whoAsks },
        User: { email: whoAsks },
      },
    },
    orders: {
      sdl: `
        type User @key(fields: "id") { id: ID! orders: [Order!] @authenticated }
        type Order @requiresScopes(scopes: [["orders"]]) { number: Int! token: String }
      `,
      resolvers: {
        User: { __resolveReference: ({ id }) => ({ id }), orders: () => [{ number: 7 }] },
        Order: { token: whoAsks },
      },
    },
  },
  operations: [
    {
      name: 'answers what is open to all',
      query: '{ open }',
      expect: { data: { open: 'open' }, asked: { accounts: 1 } },
    },
    {
      name: 'asks nobody for what needs somebody signed in, where nobody can be',
      query: '{ me { email orders { number token } } }',
      headers: { authorization: 'Bearer abc' },
      expect: { data: { me: null }, errors: [{ path: ['me'], code: 'UNAUTHENTICATED' }], asked: {} },
      stockIsWrong: refusesAll,
    },
    {
      name: 'answers what is beside it',
      query: '{ open audit }',
      expect: {
        data: { open: 'open', audit: null },
        errors: [{ path: ['audit'], code: 'UNAUTHENTICATED' }],
        asked: { accounts: 1 },
      },
      stockIsWrong: refusesAll,
    },
    {
      name: 'shows its fields to whoever asks for the schema',
      query: '{ __type(name: "User") { fields { name } } }',
      expect: {
        data: { __type: { fields: [{ name: 'id' }, { name: 'email' }, { name: 'orders' }] } },
        asked: {},
      },
    },
  ],
});
