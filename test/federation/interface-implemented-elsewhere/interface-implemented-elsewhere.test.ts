// An interface that is implemented in another subgraph alone than the one that has a field of its type.

import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const silent = 'it plans nothing for the field, nor for an object of which nothing else is asked';

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
      name: 'is what its subgraph says, for fields that its subgraph does not know',
      query: '{ plan { name } plans { name } house { name } }',
      stockIsWrong: silent,
      expect: {
        data: { plan: null, plans: [], house: { name: 'Villa' } },
        asked: { plans: 1, houses: 1 },
      },
    },
    {
      name: 'is what its subgraph says within an object, for such fields',
      query: '{ box { label plan { name } } }',
      expect: { data: { box: { label: 'A', plan: null } }, asked: { plans: 1 } },
    },
    {
      name: 'is what its subgraph says within an object of which nothing else is asked',
      query: '{ box { plan { name } } }',
      stockIsWrong: silent,
      expect: { data: { box: { plan: null } }, asked: { plans: 1 } },
    },
    {
      name: 'leaves the object around it its type',
      query: '{ box { __typename plan { name } } }',
      stockIsWrong: silent,
      expect: { data: { box: { __typename: 'Box', plan: null } }, asked: { plans: 1 } },
    },
    {
      name: 'is an error where its subgraph has one after all, for fields that nobody can say of it',
      query: '{ box { label plan { name } } }',
      misbehaving: { plans: says({ box: { label: 'A', plan: { __typename: 'House', id: 'h' } } }) },
      stockIsWrong: silent,
      expect: {
        data: { box: { label: 'A', plan: { name: null } } },
        errors: [{ path: ['box', 'plan', 'name'], code: 'SUBGRAPH_VALUE_MISSING' }],
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
