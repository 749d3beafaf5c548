// What a required field cannot deliver fails the field that requires it, in the places of the client's own names.
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'a requirement that fails',
  subgraphs: {
    measures: {
      sdl: `
        type Query { things: [Thing] }
        type Thing @key(fields: "id") { id: ID! size: Size name: String }
        type Size { width: Int height: Int! }
      `,
      resolvers: {
        Query: {
          things: () => [
            { id: 't1', name: 'one', size: { width: 2, height: 3 } },
            null,
            { id: 't2', name: 'two', size: { width: new Error('lost the ruler'), height: 3 } },
            { id: 't3', name: 'three', size: { width: 1, height: null } },
          ],
        },
      },
    },
    areas: {
      sdl: `
        type Thing @key(fields: "id") {
          id: ID!
          size: Size @external
          area: Int @requires(fields: "size { width height }")
          tall: Boolean! @requires(fields: "size { height }")
        }
        type Size { width: Int @external height: Int! @external }
      `,
      resolvers: {
        Thing: {
          area: ({ size }: { size: { width: number; height: number } }) => size.width * size.height,
          tall: ({ size }: { size: { height: number } }) => size.height > 2,
        },
      },
    },
  },
  operations: [
    {
      name: 'leaves the field null with that failure, and the other items whole',
      query: '{ all: things { surface: area name } }',
      expect: {
        data: {
          all: [
            { surface: 6, name: 'one' },
            null,
            { surface: null, name: 'two' },
            { surface: null, name: 'three' },
          ],
        },
        errors: [
          { path: ['all', 2, 'surface'], code: 'INTERNAL_SERVER_ERROR' },
          { path: ['all', 3, 'surface'], code: 'INTERNAL_SERVER_ERROR' },
        ],
        asked: { measures: 1, areas: 1 },
      },
      stockIsWrong: 'It has the area computed from the null that stands for a failure.',
    },
    {
      name: 'takes the item away where the field must not be null',
      query: '{ things { name tall } }',
      expect: {
        data: { things: [{ name: 'one', tall: true }, null, { name: 'two', tall: true }, null] },
        errors: [{ path: ['things', 3, 'tall'], code: 'INTERNAL_SERVER_ERROR' }],
        asked: { measures: 1, areas: 1 },
      },
    },
    {
      name: 'tells one failure at each field when the client selected what is required too',
      query: '{ things { size { height width } area } }',
      expect: {
        data: {
          things: [
            { size: { height: 3, width: 2 }, area: 6 },
            null,
            { size: { height: 3, width: null }, area: null },
            { size: null, area: null },
          ],
        },
        errors: [
          { path: ['things', 2, 'size', 'width'], code: 'INTERNAL_SERVER_ERROR' },
          { path: ['things', 2, 'area'], code: 'INTERNAL_SERVER_ERROR' },
          { path: ['things', 3, 'size', 'height'], code: 'INTERNAL_SERVER_ERROR' },
          { path: ['things', 3, 'area'], code: 'INTERNAL_SERVER_ERROR' },
        ],
      },
      stockIsWrong: 'It has the area computed from the null that stands for a failure.',
    },
    {
      name: 'fails everywhere with the first subgraph itself',
      query: '{ things { area } }',
      misbehaving: { measures: 'hang up' },
      expect: {
        data: { things: null },
        errors: [{ path: ['things'], code: 'SUBGRAPH_UNAVAILABLE' }],
        asked: { measures: 1 },
      },
    },
  ],
});
