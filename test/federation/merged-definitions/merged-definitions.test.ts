// Definitions that differ between subgraphs are merged: the weaker nullability, the common arguments, the enum values of both.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'definitions that differ between subgraphs',
  subgraphs: {
    strict: {
      sdl: `
        type Query { item: Item strict: Item! items(first: Int! = 1, after: ID): [Item!]! }
        type Item @key(fields: "id") {
          id: ID!
          name: String! @shareable
          tags(of: Kind, most: Int): [String!]! @shareable
          kind: Kind! @shareable
        }
        enum Kind { OLD NEW }
        interface Named { name: String! }
      `,
      resolvers: {
        Query: {
          item: () => ({ id: 'i1', name: null, kind: 'OLD' }),
          strict: () => ({ id: 'i2', name: 'two', kind: 'NEW' }),
          items: (_, { first, after }) => [{ id: `${first} after ${after}`, name: 'x', kind: 'OLD' }],
        },
        Item: { tags: (_, given) => Object.keys(given) },
      },
    },
    loose: {
      sdl: `
        type Query { loose: Item }
        type Item @key(fields: "id") {
          id: ID!
          name: String @shareable
          tags(of: Kind): [String] @shareable
          kind: Kind @shareable
          extra: String
        }
        enum Kind { OLD NEW }
      `,
      resolvers: {
        Query: { loose: () => ({ id: 'i1', name: null, tags: [null, 'x'], kind: null }) },
        Item: {
          __resolveReference: entityIn([
            { id: 'i1', extra: 'one' },
            { id: 'i2', extra: 'two' },
          ]),
          tags: ({ tags }) => tags ?? [],
        },
      },
    },
  },
  operations: [
    {
      name: 'take nulls where one of them allows them',
      query: '{ loose { name tags kind } }',
      expect: { data: { loose: { name: null, tags: [null, 'x'], kind: null } }, asked: { loose: 1 } },
    },
    {
      name: 'lose a whole object where the other one does not, in the words of the client',
      query: '{ thing: item { title: name extra } }',
      expect: {
        data: { thing: null },
        errors: [{ path: ['thing', 'title'], code: 'INTERNAL_SERVER_ERROR' }],
        asked: { strict: 1 },
      },
    },
    {
      name: 'have the arguments that all of them know',
      query: '{ strict { tags(of: NEW) extra } }',
      expect: { data: { strict: { tags: ['of'], extra: 'two' } }, asked: { strict: 1, loose: 1 } },
    },
    {
      name: 'refuse the arguments that only one of them knows',
      query: '{ strict { tags(most: 1) } }',
      expect: {
        refused: 'GRAPHQL_VALIDATION_FAILED',
        says: 'Unknown argument "most" on field "Item.tags".',
      },
    },
    {
      name: 'leave defaults of arguments to the subgraph or send the same',
      query: '{ items { id } }',
      expect: { data: { items: [{ id: '1 after undefined' }] }, asked: { strict: 1 } },
    },
  ],
});
