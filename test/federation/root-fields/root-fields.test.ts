// Fields of the root that belong to different subgraphs: each subgraph is asked once, the answer keeps the client's order.

import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'fields of the root',
  subgraphs: {
    books: {
      sdl: `
        type Query { book(id: ID = "1"): Book books: [Book!]! version: String! @shareable }
        type Book { id: ID! title: String! }
      `,
      resolvers: {
        Query: {
          book: (_, { id }) => ({ id, title: `Book ${id}` }),
          books: () => [{ id: '1', title: 'Book 1' }],
          version: () => '7',
        },
      },
    },
    films: {
      sdl: `
        type Query { film: Film version: String! @shareable }
        type Film { title: String! }
      `,
      resolvers: { Query: { film: () => ({ title: 'Alien' }), version: () => '7' } },
    },
    news: {
      sdl: `
        type Query { headline: String! ticker: [String!] }
      `,
      resolvers: { Query: { headline: () => 'Rain', ticker: () => ['a', 'b'] } },
    },
  },
  operations: [
    {
      name: 'come each from its subgraph, in the order of the client',
      query: '{ headline film { title } book { title } ticker }',
      expect: {
        data: { headline: 'Rain', film: { title: 'Alien' }, book: { title: 'Book 1' }, ticker: ['a', 'b'] },
        asked: { books: 1, films: 1, news: 1 },
      },
    },
    {
      name: 'of one subgraph are one request, also when others lie between',
      query: '{ one: book { id } film { title } two: book(id: "b2") { id } headline books { title } }',
      expect: {
        data: {
          one: { id: '1' },
          film: { title: 'Alien' },
          two: { id: 'b2' },
          headline: 'Rain',
          books: [{ title: 'Book 1' }],
        },
        asked: [
          { subgraph: 'books', selects: ['book', 'book(id: "b2")', 'books'] },
          { subgraph: 'films' },
          { subgraph: 'news', selects: ['headline'], omits: ['ticker'] },
        ],
      },
    },
    {
      name: 'that several subgraphs know come from one that is asked anyway',
      query: '{ version film { title } }',
      expect: { data: { version: '7', film: { title: 'Alien' } }, asked: { films: 1 } },
    },
    {
      name: 'of other subgraphs are not disturbed by one that is away',
      query: '{ film { title } again: film { title } book { title } headline }',
      misbehaving: { films: 'hang up' },
      expect: {
        data: { film: null, again: null, book: { title: 'Book 1' }, headline: 'Rain' },
        errors: [
          { path: ['film'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['again'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
        asked: { books: 1, films: 1, news: 1 },
      },
    },
    {
      name: 'that may not be null take all others with them',
      query: '{ film { title } headline }',
      misbehaving: { news: 'hang up' },
      expect: { data: null, errors: [{ path: ['headline'], code: 'SUBGRAPH_UNAVAILABLE' }] },
    },
  ],
});
