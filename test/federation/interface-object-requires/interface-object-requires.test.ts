// `@requires` on an interface object: what is required lies with the implementations, and comes back as the interface.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const accounts = [
  { __typename: 'Person', id: 'a1', points: 10, name: 'Ada', bonus: { factor: 2 } },
  { __typename: 'Company', id: 'a2', points: 300, vat: 'NL1', bonus: null },
];
const discounts = [{ id: 'a1' }, { id: 'a2' }];

federationCase({
  name: 'a requirement of an interface object',
  subgraphs: {
    accounts: {
      sdl: `
        type Query { accounts: [Account!]! person: Person }
        interface Account @key(fields: "id") { id: ID! points: Int! bonus: Bonus }
        type Person implements Account @key(fields: "id") { id: ID! points: Int! bonus: Bonus name: String! }
        type Company implements Account @key(fields: "id") { id: ID! points: Int! bonus: Bonus vat: String! }
        type Bonus { factor: Int! }
      `,
      resolvers: {
        Query: { accounts: () => accounts, person: () => accounts[0] },
        Account: { __resolveReference: entityIn(accounts) },
        Person: { __resolveReference: entityIn(accounts) },
        Company: { __resolveReference: entityIn(accounts) },
      },
    },
    discounts: {
      sdl: `
        type Query { entitled: [Account!]! }
        type Account @key(fields: "id") @interfaceObject {
          id: ID!
          points: Int! @external
          bonus: Bonus @external
          discount: Int! @requires(fields: "points bonus { factor }")
        }
        type Bonus { factor: Int! @external }
      `,
      resolvers: {
        Query: { entitled: () => discounts },
        Account: {
          discount: ({ points, bonus }: { points: number; bonus: { factor: number } | null }) =>
            points * (bonus?.factor ?? 1),
        },
      },
    },
  },
  operations: [
    {
      name: 'is sent along with the key',
      query: '{ accounts { discount } }',
      expect: {
        data: { accounts: [{ discount: 20 }, { discount: 300 }] },
        asked: [
          { subgraph: 'accounts', selects: ['points', 'factor'] },
          {
            subgraph: 'discounts',
            representations: [
              { __typename: 'Account', id: 'a1', points: 10, bonus: { factor: 2 } },
              { __typename: 'Account', id: 'a2', points: 300, bonus: null },
            ],
          },
        ],
      },
    },
    {
      name: 'is sent for a concrete type as well',
      query: '{ person { name discount __typename } }',
      expect: {
        data: { person: { name: 'Ada', discount: 20, __typename: 'Person' } },
        asked: [
          { subgraph: 'accounts' },
          {
            subgraph: 'discounts',
            representations: [{ __typename: 'Account', id: 'a1', points: 10, bonus: { factor: 2 } }],
          },
        ],
      },
    },
    {
      name: 'is fetched first where the interface object was reached without it',
      query: '{ entitled { discount ... on Company { vat } } }',
      expect: {
        data: { entitled: [{ discount: 20 }, { discount: 300, vat: 'NL1' }] },
        inOrder: true,
        asked: [
          { subgraph: 'discounts', omits: ['discount'] },
          { subgraph: 'accounts', selects: ['points', 'vat'] },
          {
            subgraph: 'discounts',
            selects: ['discount'],
            representations: [
              { __typename: 'Account', id: 'a1', points: 10, bonus: { factor: 2 } },
              { __typename: 'Account', id: 'a2', points: 300, bonus: null },
            ],
          },
        ],
      },
    },
  ],
});
