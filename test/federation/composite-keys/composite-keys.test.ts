// A key of several fields, some of them inside objects, goes into representations whole and in its shape.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const shelves = [
  { number: 1, room: { floor: 2, house: { code: 'N' } }, label: 'Atlases' },
  { number: 1, room: { floor: 3, house: { code: 'N' } }, label: 'Novels' },
  { number: 2, room: null, label: 'Lost' },
];

federationCase({
  name: 'a composite key with nested fields',
  subgraphs: {
    library: {
      sdl: `
        type Query { shelves: [Shelf!]! }
        type Shelf @key(fields: "number room { floor house { code } }") { number: Int! room: Room label: String! }
        type Room @shareable { floor: Int! house: House! }
        type House @shareable { code: String! }
      `,
      resolvers: { Query: { shelves: () => shelves } },
    },
    counting: {
      sdl: `
        type Shelf @key(fields: "room { house { code } floor } number") { number: Int! room: Room books: Int }
        type Room @shareable { floor: Int! house: House! }
        type House @shareable { code: String! }
      `,
      resolvers: {
        Shelf: {
          __resolveReference: entityIn([
            { number: 1, room: { floor: 2, house: { code: 'N' } }, books: 20 },
            { number: 1, room: { floor: 3, house: { code: 'N' } }, books: 300 },
            { number: 2, room: null, books: 1 },
          ]),
        },
      },
    },
  },
  operations: [
    {
      name: 'is sent whole, where a part of it is null too, and shows nowhere in the answer',
      query: '{ shelves { books label } }',
      expect: {
        data: {
          shelves: [
            { books: 20, label: 'Atlases' },
            { books: 300, label: 'Novels' },
            { books: 1, label: 'Lost' },
          ],
        },
        asked: [
          { subgraph: 'library', selects: ['number', 'room', 'floor', 'house', 'code'] },
          {
            subgraph: 'counting',
            representations: [
              { __typename: 'Shelf', number: 1, room: { floor: 2, house: { code: 'N' } } },
              { __typename: 'Shelf', number: 1, room: { floor: 3, house: { code: 'N' } } },
              { __typename: 'Shelf', number: 2, room: null },
            ],
          },
        ],
      },
    },
    {
      name: 'stays apart from what the client selects of the same objects',
      query: '{ shelves { room { house { id: code } } books } }',
      expect: {
        data: {
          shelves: [
            { room: { house: { id: 'N' } }, books: 20 },
            { room: { house: { id: 'N' } }, books: 300 },
            { room: null, books: 1 },
          ],
        },
        asked: { library: 1, counting: 1 },
      },
    },
    {
      name: 'is not taken from what the client calls by the same names',
      query:
        '{ shelves { number: label room: books key: room { house: floor floor: house { floor: code } } } }',
      expect: {
        data: {
          shelves: [
            { number: 'Atlases', room: 20, key: { house: 2, floor: { floor: 'N' } } },
            { number: 'Novels', room: 300, key: { house: 3, floor: { floor: 'N' } } },
            { number: 'Lost', room: 1, key: null },
          ],
        },
        asked: { library: 1, counting: 1 },
      },
      stockIsWrong: 'It sends the label as the number.',
    },
  ],
});
