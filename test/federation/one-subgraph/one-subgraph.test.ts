// What lies in one subgraph altogether, value types and abstract types without keys, is one request handed through.

import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'what lies in one subgraph altogether',
  subgraphs: {
    weather: {
      sdl: `
        type Query { report(city: String!): Report! history(from: Day, unit: Unit! = C): [Report]! }
        type Report { city: String! now: Reading! days: [[Reading!]!] source: Source alerts: [Alert!]! }
        type Reading { value: Float! unit: Unit! at: Day! }
        enum Unit { C F }
        scalar Day
        interface Source { name: String! }
        type Station implements Source { name: String! height: Int }
        type Model implements Source { name: String! version: String inner: Model }
        union Alert = Storm | Heat
        type Storm { speed: Int! }
        type Heat { degrees: Int! source: Source! }
      `,
      resolvers: {
        Query: {
          report: (_, { city }) => report(String(city)),
          history: (_, { from, unit }) => [report(`${from} in ${unit}`), null],
        },
      },
    },
    news: { sdl: 'type Query { headline: String! }', resolvers: { Query: { headline: () => 'Rain' } } },
  },
  operations: [
    {
      name: 'is one request, with all its kinds of types',
      query: `{ report(city: "Ulm") {
        alerts { __typename ... on Storm { speed } ... on Heat { degrees source { name ... on Station { height } } } }
        source { ... on Model { version inner { name inner { name } } } name }
        days { value } now { at unit value } city
      } }`,
      expect: {
        data: {
          report: {
            alerts: [
              { __typename: 'Storm', speed: 100 },
              { __typename: 'Heat', degrees: 40, source: { name: 'S', height: 8 } },
            ],
            source: { version: 'v1', inner: { name: 'M2', inner: null }, name: 'M' },
            days: [[{ value: 1.5 }, { value: -0.25 }], []],
            now: { at: '2024-02-29', unit: 'C', value: 1.5 },
            city: 'Ulm',
          },
        },
        asked: { weather: 1 },
      },
    },
    {
      name: 'keeps nulls, aliases and arguments',
      query:
        'query ($from: Day) { past: history(from: $from, unit: F) { where: city alerts { kind: __typename } } }',
      variables: { from: '2024-01-01' },
      expect: {
        data: { past: [{ where: '2024-01-01 in F', alerts: [{ kind: 'Storm' }, { kind: 'Heat' }] }, null] },
        asked: { weather: 1 },
      },
    },
    {
      name: 'keeps its errors beside its data',
      query: '{ report(city: "Ulm") { city } }',
      misbehaving: {
        weather: async (_, honest) => ({
          body: { ...(await honest()), errors: [{ message: 'old data', extensions: { code: 'CONFLICT' } }] },
        }),
      },
      expect: { data: { report: { city: 'Ulm' } }, errors: [{ code: 'CONFLICT' }] },
    },
  ],
});

function report(city: string) {
  const reading = { value: 1.5, unit: 'C', at: '2024-02-29' };
  return {
    city,
    now: reading,
    days: [[reading, { ...reading, value: -0.25 }], []],
    source: { __typename: 'Model', name: 'M', version: 'v1', inner: { name: 'M2', inner: null } },
    alerts: [
      { __typename: 'Storm', speed: 100 },
      { __typename: 'Heat', degrees: 40, source: { __typename: 'Station', name: 'S', height: 8 } },
    ],
  };
}
