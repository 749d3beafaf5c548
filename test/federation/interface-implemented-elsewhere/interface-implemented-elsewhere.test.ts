// An interface that is implemented in another subgraph alone than the one that has a field of its type.

import { federationCase } from '../harness/federation-case.ts';

const silent = 'it plans nothing for the field, and is silent about it';

federationCase({
  name: 'an interface that is implemented elsewhere',
  subgraphs: {
    plans: {
      sdl: `
        type Query { plan: Plan plans: [Plan!] box: Box! }
        interface Plan { id: ID! }
        type Box { label: String plan: Plan }
      `,
      resolvers: {
        Query: { plan: () => null, plans: () => [], box: () => ({ label: 'A', plan: null }) },
      },
    },
    houses: {
      sdl: `
        type Query { house: House }
        interface Plan { id: ID! name: String }
        type House implements Plan @key(fields: "id") { id: ID! name: String }
      `,
      resolvers: {
        Query: { house: () => ({ id: 'h', name: 'Villa' }) },
        House: { __resolveReference: (house) => house },
      },
    },
  },
  operations: [
    {
      name: 'is what its subgraph says, for fields that it knows',
      query: '{ plan { id } plans { id ... on House { name } } box { plan { ... on House { name } } } }',
      expect: { data: { plan: null, plans: [], box: { plan: null } }, asked: { plans: 1 } },
    },
    {
      name: 'is an error at the root, for fields that nobody can say of it',
      query: '{ plan { name } house { name } }',
      stockIsWrong: silent,
      expect: {
        data: { plan: null, house: { name: 'Villa' } },
        errors: [{ path: ['plan'], code: 'SUBGRAPH_VALUE_MISSING' }],
        asked: { houses: 1 },
      },
    },
    {
      name: 'is an error within an object, for fields that nobody can say of it',
      query: '{ box { label plan { name } } }',
      stockIsWrong: silent,
      expect: {
        data: { box: { label: 'A', plan: null } },
        errors: [{ path: ['box', 'plan'], code: 'SUBGRAPH_VALUE_MISSING' }],
        asked: { plans: 1 },
      },
    },
    {
      name: 'is no error when nobody asks for it',
      query: 'query ($no: Boolean!) { plan @include(if: $no) { name } house { id } }',
      variables: { no: false },
      expect: { data: { house: { id: 'h' } }, asked: { houses: 1 } },
    },
  ],
});
