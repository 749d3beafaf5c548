// A list of value objects whose fields come from two subgraphs: items belong together by their place in the list.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'a list of values from two subgraphs',
  subgraphs: {
    plan: {
      sdl: `
        type Query { day: Day }
        type Day @key(fields: "date") { date: ID! slots: [Slot] @shareable grid: [[Slot!]!] @shareable }
        type Slot { hour: Int @shareable title: String }
      `,
      resolvers: {
        Query: {
          day: () => ({
            date: 'd1',
            slots: [{ hour: 8, title: 'Rise' }, null, { hour: 9, title: null }],
            grid: [[{ title: 'a' }, { title: 'b' }], [], [{ title: 'c' }]],
          }),
        },
      },
    },
    booking: {
      sdl: `
        type Day @key(fields: "date") { date: ID! slots: [Slot] @shareable grid: [[Slot!]!] @shareable }
        type Slot { hour: Int @shareable free: Boolean }
      `,
      resolvers: {
        Day: {
          __resolveReference: entityIn([
            {
              date: 'd1',
              slots: [{ hour: 8, free: true }, null, { hour: 9, free: false }],
              grid: [[{ free: true }, { free: false }], [], [{ free: null }]],
            },
          ]),
        },
      },
    },
  },
  operations: [
    {
      name: 'has its items merged by their place',
      query: '{ day { slots { title free hour } } }',
      expect: {
        data: {
          day: {
            slots: [{ title: 'Rise', free: true, hour: 8 }, null, { title: null, free: false, hour: 9 }],
          },
        },
        asked: { plan: 1, booking: 1 },
      },
    },
    {
      name: 'has the items of its lists merged by their place',
      query: '{ day { grid { free title } } }',
      expect: {
        data: {
          day: {
            grid: [
              [
                { free: true, title: 'a' },
                { free: false, title: 'b' },
              ],
              [],
              [{ free: null, title: 'c' }],
            ],
          },
        },
        asked: { plan: 1, booking: 1 },
      },
      stockIsWrong: 'It does not merge lists within lists.',
    },
    {
      name: 'fails item by item where the second subgraph is away',
      query: '{ day { slots { name: title free } } }',
      misbehaving: { booking: 'hang up' },
      expect: {
        data: { day: { slots: [{ name: 'Rise', free: null }, null, { name: null, free: null }] } },
        errors: [
          { path: ['day', 'slots', 0, 'free'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['day', 'slots', 2, 'free'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
      },
    },
  ],
});
