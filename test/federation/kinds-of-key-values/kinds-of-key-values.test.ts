// Keys of every kind of value: numbers, booleans, enums, custom scalars with objects, and text of any characters.
import { GraphQLScalarType } from 'graphql';
import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const keys = [
  { number: 0, share: 0.5, open: false, kind: 'A', where: { x: 1, y: [null, '2'] }, code: '' },
  { number: -1, share: 1e21, open: true, kind: 'B', where: 'text', code: 'quote " back \\ line\nbreak' },
  { number: 2_147_483_647, share: 0, open: true, kind: 'B', where: [], code: '𝄞 é \u2028 </script>' },
];

const fields = 'number: Int! share: Float! open: Boolean! kind: Kind! where: Place! code: String!';
const key = '@key(fields: "number share open kind where code")';
const Place = new GraphQLScalarType({ name: 'Place' });

federationCase({
  name: 'kinds of values in keys',
  subgraphs: {
    first: {
      sdl: `
        type Query { spots: [Spot] one: Spot }
        type Spot ${key} { ${fields} name: String }
        enum Kind { A B }
        scalar Place
      `,
      resolvers: {
        Place,
        Query: {
          spots: () => [...keys, null, keys[0]],
          one: () => ({ ...keys[0], kind: null }),
        },
      },
    },
    second: {
      sdl: `
        type Spot ${key} { ${fields} found: Int }
        enum Kind { A B }
        scalar Place
      `,
      resolvers: {
        Place,
        Spot: { __resolveReference: entityIn(keys.map((spot, found) => ({ ...spot, found }))) },
      },
    },
  },
  operations: [
    {
      name: 'arrive as they were',
      query: '{ spots { found } }',
      expect: {
        data: { spots: [{ found: 0 }, { found: 1 }, { found: 2 }, null, { found: 0 }] },
        asked: [
          { subgraph: 'first' },
          { subgraph: 'second', representations: keys.map((spot) => ({ __typename: 'Spot', ...spot })) },
        ],
      },
    },
    {
      name: 'are in the answer as they were, where the client asks for them',
      query: '{ spots { code where share number } }',
      expect: {
        data: {
          spots: [...keys, null, keys[0]].map(
            (spot) => spot && { code: spot.code, where: spot.where, share: spot.share, number: spot.number },
          ),
        },
        asked: { first: 1 },
      },
    },
    {
      name: 'that are missing keep the entity from being asked for, and take it away',
      query: '{ one { found } }',
      expect: {
        data: { one: null },
        errors: [{ path: ['one'], code: 'INTERNAL_SERVER_ERROR' }],
        asked: { first: 1 },
      },
    },
  ],
});
