// Entities in lists of lists: every one is found, asked for once, and put back where it was.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const seat = (id: string) => ({ id, row: id.slice(0, 1) });

federationCase({
  name: 'entities in lists of lists',
  subgraphs: {
    hall: {
      sdl: `
        type Query { rows: [[Seat!]!]! holes: [[Seat]] cube: [[[Seat!]!]!]! prices: [[Int!]!] }
        type Seat @key(fields: "id") { id: ID! row: String! }
      `,
      resolvers: {
        Query: {
          rows: () => [[seat('a1'), seat('a2')], [], [seat('b1'), seat('a1')]],
          holes: () => [null, [seat('a1'), null], [null], []],
          cube: () => [
            [[seat('a1')], [seat('a2')]],
            [[], [seat('b1'), seat('b9')]],
          ],
          prices: () => [[1, 2], [], [3]],
        },
      },
    },
    tickets: {
      sdl: 'type Seat @key(fields: "id") { id: ID! taken: Boolean by: [[String]] }',
      resolvers: {
        Seat: {
          __resolveReference: entityIn([
            { id: 'a1', taken: true, by: [['Ann', null], []] },
            { id: 'a2', taken: false, by: null },
            { id: 'b1', taken: true, by: [['Bob']] },
          ]),
        },
      },
    },
  },
  operations: [
    {
      name: 'keep their places',
      query: '{ rows { taken row } }',
      expect: {
        data: {
          rows: [
            [
              { taken: true, row: 'a' },
              { taken: false, row: 'a' },
            ],
            [],
            [
              { taken: true, row: 'b' },
              { taken: true, row: 'a' },
            ],
          ],
        },
        asked: [
          { subgraph: 'hall' },
          {
            subgraph: 'tickets',
            representations: ['a1', 'a2', 'b1'].map((id) => ({ __typename: 'Seat', id })),
          },
        ],
      },
    },
    {
      name: 'leave nulls of every depth as they are',
      query: '{ holes { id taken } }',
      expect: {
        data: { holes: [null, [{ id: 'a1', taken: true }, null], [null], []] },
        asked: { hall: 1, tickets: 1 },
      },
    },
    {
      name: 'may be three lists deep, and fields of theirs lists again',
      query: '{ cube { by } prices }',
      expect: {
        data: {
          cube: [
            [[{ by: [['Ann', null], []] }], [{ by: null }]],
            [[], [{ by: [['Bob']] }, { by: null }]],
          ],
          prices: [[1, 2], [], [3]],
        },
        asked: { hall: 1, tickets: 1 },
      },
    },
    {
      name: 'tell by two numbers where one failed',
      query: '{ rows { row taken } }',
      misbehaving: {
        tickets: async (_, honest) => {
          const { data } = await honest();
          const { _entities: entities } = data as { _entities: unknown[] };
          return {
            body: {
              data: { _entities: entities.map((entity, index) => (index === 2 ? null : entity)) },
              errors: [{ message: 'lost', path: ['_entities', 2], extensions: { code: 'NOT_FOUND' } }],
            },
          };
        },
      },
      expect: {
        data: {
          rows: [
            [
              { row: 'a', taken: true },
              { row: 'a', taken: false },
            ],
            [],
            [
              { row: 'b', taken: null },
              { row: 'a', taken: true },
            ],
          ],
        },
        errors: [{ path: ['rows', 2, 0, 'taken'], code: 'NOT_FOUND' }],
      },
    },
  ],
});
