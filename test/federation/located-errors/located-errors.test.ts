// An error of a subgraph is told where the client finds the null that it explains: by the client's names and list indexes.

import { GraphQLError } from 'graphql';
import { federationCase } from '../harness/federation-case.ts';

const refuse = (code: string) => {
  throw new GraphQLError('Not now.', { extensions: { code } });
};
const book = (id: string) => ({ id, title: `Title ${id}` });

federationCase({
  name: 'an error of a subgraph',
  subgraphs: {
    library: {
      sdl: `
        type Query { book(id: ID!): Book books: [Book]! shelf: Shelf secret: String crash: [Book] }
        type Shelf { label: String books: [Book!] }
        type Book @key(fields: "id") { id: ID! title: String! note: String }
      `,
      resolvers: {
        Query: {
          book: (_, { id }) => (id === 'gone' ? refuse('NOT_FOUND') : book(String(id))),
          books: () => ['b1', 'b2', 'b3'].map(book),
          shelf: () => ({ label: 'A', books: ['b1', 'b2'].map(book) }),
          secret: () => refuse('FORBIDDEN'),
          crash: () => ['b1', 'crash'].map(book),
        },
        Book: { note: ({ id }) => (id === 'b2' ? refuse('FORBIDDEN') : 'read') },
      },
    },
    shop: {
      sdl: `
        type Book @key(fields: "id") { id: ID! rating: Int price: Price offers: [Offer] tags: [String] grid: [[Int]] }
        type Price { amount: Int currency: String }
        type Offer { text: String seller: Seller }
        type Seller { name: String }
      `,
      resolvers: {
        Book: {
          __resolveReference: ({ id }) => {
            // Thrown at once it concerns all entities of the request, later it concerns this one.
            if (id === 'crash') refuse('SUBGRAPH_UNAVAILABLE');
            return id === 'b3' ? Promise.resolve().then(() => refuse('CONFLICT')) : { id };
          },
          rating: ({ id }) => (id === 'b2' ? refuse('NOT_FOUND') : 4),
          price: ({ id }) => ({ id, currency: 'EUR' }),
          offers: ({ id }) => (id === 'b1' ? [{ n: 0 }, { n: 1 }, null] : []),
          tags: () => ['a', new GraphQLError('x', { extensions: { code: 'FORBIDDEN' } }), 'c'],
          grid: () => [[1], [new GraphQLError('x'), 3]],
        },
        Price: { amount: ({ id }) => (id === 'b1' ? refuse('UNAUTHENTICATED') : 9) },
        Offer: { text: ({ n }) => `offer ${n}`, seller: ({ n }) => ({ n }) },
        Seller: { name: ({ n }) => (n === 1 ? refuse('FORBIDDEN') : 'Sam') },
      },
    },
  },
  operations: [
    {
      name: 'at a field of the root',
      query: '{ hidden: secret book(id: "gone") { title } }',
      expect: {
        data: { hidden: null, book: null },
        errors: [
          { path: ['hidden'], code: 'FORBIDDEN' },
          { path: ['book'], code: 'NOT_FOUND' },
        ],
      },
    },
    {
      name: 'in a list of the first subgraph',
      query: '{ all: books { remark: note title } }',
      expect: {
        data: {
          all: [
            { remark: 'read', title: 'Title b1' },
            { remark: null, title: 'Title b2' },
            { remark: 'read', title: 'Title b3' },
          ],
        },
        errors: [{ path: ['all', 1, 'remark'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'at one entity of a list',
      query: '{ shelf { list: books { title stars: rating } } }',
      expect: {
        data: {
          shelf: {
            list: [
              { title: 'Title b1', stars: 4 },
              { title: 'Title b2', stars: null },
            ],
          },
        },
        errors: [{ path: ['shelf', 'list', 1, 'stars'], code: 'NOT_FOUND' }],
        asked: { library: 1, shop: 1 },
      },
    },
    {
      name: 'at an entity as a whole is told for each of its fields that were asked there',
      query: '{ books { id rating price { currency } } }',
      expect: {
        data: {
          books: [
            { id: 'b1', rating: 4, price: { currency: 'EUR' } },
            { id: 'b2', rating: null, price: { currency: 'EUR' } },
            { id: 'b3', rating: null, price: null },
          ],
        },
        errors: [
          { path: ['books', 1, 'rating'], code: 'NOT_FOUND' },
          { path: ['books', 2, 'rating'], code: 'CONFLICT' },
          { path: ['books', 2, 'price'], code: 'CONFLICT' },
        ],
      },
    },
    {
      name: 'about all entities of a request is told for each field that was asked there',
      query: '{ crash { title stars: rating price { amount } } }',
      expect: {
        data: {
          crash: [
            { title: 'Title b1', stars: null, price: null },
            { title: 'Title crash', stars: null, price: null },
          ],
        },
        errors: [0, 1].flatMap((index) => [
          { path: ['crash', index, 'stars'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['crash', index, 'price'], code: 'SUBGRAPH_UNAVAILABLE' },
        ]),
      },
    },
    {
      name: 'below an object of an entity',
      query: '{ book(id: "b1") { cost: price { value: amount currency } } }',
      expect: {
        data: { book: { cost: { value: null, currency: 'EUR' } } },
        errors: [{ path: ['book', 'cost', 'value'], code: 'UNAUTHENTICATED' }],
      },
    },
    {
      name: 'in a list below an entity',
      query: '{ book(id: "b1") { offers { text by: seller { name } } } }',
      expect: {
        data: {
          book: {
            offers: [{ text: 'offer 0', by: { name: 'Sam' } }, { text: 'offer 1', by: { name: null } }, null],
          },
        },
        errors: [{ path: ['book', 'offers', 1, 'by', 'name'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'at an item of a list of values',
      query: '{ book(id: "b1") { tags grid } }',
      expect: {
        data: { book: { tags: ['a', null, 'c'], grid: [[1], [null, 3]] } },
        errors: [
          { path: ['book', 'tags', 1], code: 'FORBIDDEN' },
          { path: ['book', 'grid', 1, 0], code: 'INTERNAL_SERVER_ERROR' },
        ],
      },
    },
    {
      name: 'at each of the names that its field has',
      query: '{ book(id: "b2") { one: rating two: rating note again: note } }',
      expect: {
        data: { book: { one: null, two: null, note: null, again: null } },
        errors: [
          { path: ['book', 'one'], code: 'NOT_FOUND' },
          { path: ['book', 'two'], code: 'NOT_FOUND' },
          { path: ['book', 'note'], code: 'FORBIDDEN' },
          { path: ['book', 'again'], code: 'FORBIDDEN' },
        ],
      },
    },
    {
      name: 'stands beside errors of other subgraphs and all the data there is',
      query: '{ secret shelf { label books { note rating title } } }',
      expect: {
        data: {
          secret: null,
          shelf: {
            label: 'A',
            books: [
              { note: 'read', rating: 4, title: 'Title b1' },
              { note: null, rating: null, title: 'Title b2' },
            ],
          },
        },
        errors: [
          { path: ['secret'], code: 'FORBIDDEN' },
          { path: ['shelf', 'books', 1, 'note'], code: 'FORBIDDEN' },
          { path: ['shelf', 'books', 1, 'rating'], code: 'NOT_FOUND' },
        ],
        asked: { library: 1, shop: 1 },
      },
    },
    {
      name: 'is found in a request that serves several places',
      query: '{ one: book(id: "b2") { rating } two: book(id: "b1") { price { amount } rating } }',
      expect: {
        data: { one: { rating: null }, two: { price: { amount: null }, rating: 4 } },
        errors: [
          { path: ['one', 'rating'], code: 'NOT_FOUND' },
          { path: ['two', 'price', 'amount'], code: 'UNAUTHENTICATED' },
        ],
        asked: { library: 1, shop: 1 },
      },
    },
  ],
});
