// A supergraph that says who may read what (@authenticated, @requiresScopes, @policy) loads, and tokens reach every subgraph.

import { GraphQLError } from 'graphql';
import type { FieldResolver } from '../harness/case-subgraph.ts';
import { federationCase } from '../harness/federation-case.ts';

const whoAsks: FieldResolver = (_, __, { headers }) => {
  if (headers.authorization === undefined) {
    throw new GraphQLError('Sign in.', { extensions: { code: 'UNAUTHENTICATED' } });
  }
  return headers.authorization;
};

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
      name: 'hands the token to the subgraphs of entities as well',
      query: '{ me { email orders { number token } } audit }',
      headers: { authorization: 'Bearer abc' },
      expect: {
        data: {
          me: { email: 'Bearer abc', orders: [{ number: 7, token: 'Bearer abc' }] },
          audit: 'Bearer abc',
        },
        asked: { accounts: 1, orders: 1 },
      },
    },
    {
      name: 'tells at which fields a subgraph refused',
      query: '{ open audit }',
      expect: {
        data: { open: 'open', audit: null },
        errors: [{ path: ['audit'], code: 'UNAUTHENTICATED' }],
      },
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
