// `@external` on a whole type, on nested fields and on keys: who only names a field is not asked for it.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const people = [
  { id: 'p1', passport: { country: 'NL', number: '42' }, name: 'Ada', born: 1815 },
  { id: 'p2', passport: { country: 'DE', number: '7' }, name: 'Bob', born: 1990 },
];

federationCase({
  name: 'external fields',
  subgraphs: {
    people: {
      sdl: `
        type Query { people: [Person!]! }
        type Person @key(fields: "id") @key(fields: "passport { country number }") {
          id: ID!
          passport: Passport!
          name: String!
          born: Int!
        }
        type Passport @shareable { country: String! number: String! }
      `,
      resolvers: { Query: { people: () => people }, Person: { __resolveReference: entityIn(people) } },
    },
    customs: {
      sdl: `
        type Query { checked: [Person!]! }
        extend type Person @key(fields: "passport { country number }") {
          passport: Passport! @external
          born: Int! @external
          visa: Boolean @requires(fields: "born")
        }
        extend type Passport { country: String! @external number: String! @external }
      `,
      resolvers: {
        Query: { checked: () => people.map(({ passport }) => ({ passport })) },
        Person: {
          visa: ({ passport, born }: { passport: { country: string }; born: number }) =>
            passport.country !== 'NL' && born > 1900,
        },
      },
    },
  },
  operations: [
    {
      name: 'that are keys are answered by the subgraph that names the entity',
      query: '{ checked { passport { number country } } }',
      expect: {
        data: {
          checked: [
            { passport: { number: '42', country: 'NL' } },
            { passport: { number: '7', country: 'DE' } },
          ],
        },
        asked: { customs: 1 },
      },
    },
    {
      name: 'that are not keys are fetched from their owner, by the nested key',
      query: '{ checked { born name } }',
      expect: {
        data: {
          checked: [
            { born: 1815, name: 'Ada' },
            { born: 1990, name: 'Bob' },
          ],
        },
        asked: [
          { subgraph: 'customs', omits: ['born', 'visa'] },
          {
            subgraph: 'people',
            representations: [
              { __typename: 'Person', passport: { country: 'NL', number: '42' } },
              { __typename: 'Person', passport: { country: 'DE', number: '7' } },
            ],
          },
        ],
      },
    },
    {
      name: 'that are required come from their owner and go back to the subgraph that began',
      query: '{ checked { visa } }',
      expect: {
        data: { checked: [{ visa: false }, { visa: true }] },
        inOrder: true,
        asked: [
          { subgraph: 'customs', omits: ['visa'] },
          { subgraph: 'people', selects: ['born'] },
          {
            subgraph: 'customs',
            selects: ['visa'],
            representations: [
              { __typename: 'Person', passport: { country: 'NL', number: '42' }, born: 1815 },
              { __typename: 'Person', passport: { country: 'DE', number: '7' }, born: 1990 },
            ],
          },
        ],
      },
    },
  ],
});
