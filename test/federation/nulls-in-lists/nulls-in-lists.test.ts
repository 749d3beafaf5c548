// Lists of entities with nulls in them, or that are null: nulls are not asked about, and stay where they were.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const lists: Record<string, unknown> = {
  gaps: [null, { id: '1', name: 'One' }, null, { id: '2', name: 'Two' }, null],
  nulls: [null, null],
  empty: [],
};

federationCase({
  name: 'a list of entities',
  subgraphs: {
    parts: {
      sdl: `
        type Query { parts(of: String): [Part] box: Box }
        type Part @key(fields: "id") { id: ID! name: String! spare: Part }
        type Box { lid: Part parts: [Part] }
      `,
      resolvers: {
        Query: {
          parts: (_, { of }) => lists[String(of)] ?? null,
          box: () => ({
            lid: null,
            parts: [null, { id: '1', name: 'One', spare: { id: '2', name: 'Two' } }],
          }),
        },
      },
    },
    stock: {
      sdl: 'type Part @key(fields: "id") { id: ID! count: Int! }',
      resolvers: {
        Part: {
          __resolveReference: entityIn([
            { id: '1', count: 10 },
            { id: '2', count: 20 },
          ]),
        },
      },
    },
  },
  operations: [
    {
      name: 'keeps its gaps, and no other subgraph is asked about them',
      query: '{ parts(of: "gaps") { name count } }',
      expect: {
        data: { parts: [null, { name: 'One', count: 10 }, null, { name: 'Two', count: 20 }, null] },
        asked: [
          { subgraph: 'parts' },
          { subgraph: 'stock', representations: ['1', '2'].map((id) => ({ __typename: 'Part', id })) },
        ],
      },
    },
    {
      name: 'of nothing but nulls asks nobody',
      query: '{ parts(of: "nulls") { count } }',
      expect: { data: { parts: [null, null] }, asked: { parts: 1 } },
    },
    {
      name: 'that is empty asks nobody',
      query: '{ parts(of: "empty") { count } }',
      expect: { data: { parts: [] }, asked: { parts: 1 } },
    },
    {
      name: 'that is null asks nobody',
      query: '{ parts { count } }',
      expect: { data: { parts: null }, asked: { parts: 1 } },
    },
    {
      name: 'is null for one item alone when a promised value is missing there',
      query: '{ parts(of: "gaps") { name count } }',
      misbehaving: { stock: says({ _entities: [{ count: 10 }, null] }) },
      expect: {
        data: { parts: [null, { name: 'One', count: 10 }, null, null, null] },
        errors: [{ path: ['parts', 3, 'count'], code: 'SUBGRAPH_VALUE_MISSING' }],
      },
    },
    {
      name: 'may lie beside and above entities at other places',
      query: '{ box { lid { count } parts { count spare { count name } } } }',
      expect: {
        data: { box: { lid: null, parts: [null, { count: 10, spare: { count: 20, name: 'Two' } }] } },
        asked: { parts: 1, stock: 1 },
      },
    },
  ],
});
