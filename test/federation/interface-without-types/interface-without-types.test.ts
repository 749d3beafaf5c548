// An interface that no type implements: what its subgraph says of it can be null or empty, and all beside it is answered.

import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

federationCase({
  name: 'an interface that no type implements',
  subgraphs: {
    plans: {
      sdl: `
        type Query { future: Plan futures: [Plan!] shelf: Shelf! now: String! }
        interface Plan { id: ID! }
        type Shelf @key(fields: "id") { id: ID! label: String content: Plan }
      `,
      resolvers: {
        Query: {
          future: () => null,
          futures: () => [],
          shelf: () => ({ id: '1', label: 'A', content: null }),
          now: () => 'now',
        },
      },
    },
    weights: {
      sdl: 'type Shelf @key(fields: "id") { id: ID! weight: Int }',
      resolvers: { Shelf: { __resolveReference: ({ id }) => ({ id, weight: 3 }) } },
    },
  },
  operations: [
    {
      name: 'is null at the root, as its subgraph says',
      query: '{ future { id } }',
      expect: { data: { future: null }, asked: { plans: 1 } },
    },
    {
      name: 'is null at the root when nothing but its type is asked',
      query: '{ future { kind: __typename } }',
      expect: { data: { future: null }, asked: { plans: 1 } },
    },
    {
      name: 'is an empty list at the root, as its subgraph says',
      query: '{ futures { id } }',
      expect: { data: { futures: [] }, asked: { plans: 1 } },
    },
    {
      name: 'cannot have a type after all',
      query: '{ future { id } now }',
      misbehaving: { plans: says({ future: { __typename: 'Secret', id: '1' }, now: 'now' }) },
      expect: {
        data: { future: null, now: 'now' },
        errors: [{ path: ['future'], code: 'SUBGRAPH_MALFORMED' }],
      },
    },
    {
      name: 'is not asked for when the client skips it',
      query: 'query ($no: Boolean!) { future @include(if: $no) { id } now }',
      variables: { no: false },
      expect: {
        data: { now: 'now' },
        asked: [{ subgraph: 'plans', selects: ['now'], omits: ['future'] }],
      },
    },
    {
      name: 'leaves fields beside it alone',
      query: '{ now shelf { label weight } future { id } }',
      expect: {
        data: { now: 'now', shelf: { label: 'A', weight: 3 }, future: null },
        asked: { plans: 1, weights: 1 },
      },
    },
    {
      name: 'is null where an object has it',
      query: '{ shelf { label content { id } weight } }',
      expect: { data: { shelf: { label: 'A', content: null, weight: 3 } } },
    },
  ],
});
