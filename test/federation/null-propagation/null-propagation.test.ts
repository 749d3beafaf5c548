// A null where the client's schema promises a value takes the nearest thing that may be null with it, and no more.

import { GraphQLError } from 'graphql';
import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const refuse = () => {
  throw new GraphQLError('Not now.', { extensions: { code: 'FORBIDDEN' } });
};
const books = [{ id: 'good' }, { id: 'bad' }];

federationCase({
  name: 'a value that fails though it may not be null',
  subgraphs: {
    library: {
      sdl: `
        type Query {
          book(id: ID!): Book promised(id: ID!): Book! loose: [Book] strict: [Book!] all: [Book!]! shelf: Shelf name: String
        }
        type Shelf { label: String! books: [Book!]! grid: [[Book!]] }
        type Book @key(fields: "id") { id: ID! details: Details }
        type Details { isbn: String! year: Int }
      `,
      resolvers: {
        Query: {
          book: (_, { id }) => ({ id }),
          promised: (_, { id }) => ({ id }),
          loose: () => books,
          strict: () => books,
          all: () => books,
          shelf: () => ({ label: 'A', books, grid: [[books[0]], books] }),
          name: () => 'Library',
        },
        Book: { details: () => ({ year: 1965 }) },
        Details: { isbn: refuse },
      },
    },
    agent: {
      sdl: `
        type Query { offer: Book }
        type Book @key(fields: "id") { id: ID! }
      `,
      resolvers: { Query: { offer: () => ({ id: 'bad' }) } },
    },
    archive: {
      sdl: 'type Book @key(fields: "id", resolvable: false) { id: ID! size: Int @shareable }',
    },
    shop: {
      sdl: `
        type Book @key(fields: "id") {
          id: ID! price: Int! pages: Int size: Int! @shareable offers: [Offer!] maker: Maker
        }
        type Offer { text: String! by: Maker! }
        type Maker { name: String! }
      `,
      resolvers: {
        Book: {
          __resolveReference: entityIn([
            { id: 'good', price: 10, pages: 300, size: 7, offers: [{ ok: true }], maker: { name: 'Ace' } },
            { id: 'bad', pages: 300, offers: [{ ok: true }, { ok: false }], maker: {} },
          ]),
          price: ({ price }) => price ?? refuse(),
          size: ({ size }) => size ?? refuse(),
        },
        Offer: { text: () => 'ten off', by: ({ ok }) => (ok ? { name: 'Ace' } : {}) },
        Maker: { name: ({ name }) => name ?? refuse() },
      },
    },
  },
  operations: [
    {
      name: 'takes the entity around it',
      query: '{ book(id: "bad") { id price } name }',
      expect: {
        data: { book: null, name: 'Library' },
        errors: [{ path: ['book', 'price'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'takes the item of a list',
      query: '{ loose { id cost: price } }',
      expect: {
        data: { loose: [{ id: 'good', cost: 10 }, null] },
        errors: [{ path: ['loose', 1, 'cost'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'takes the whole list of items that may not be null',
      query: '{ name strict { price } }',
      expect: {
        data: { name: 'Library', strict: null },
        errors: [{ path: ['strict', 1, 'price'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'takes the whole answer',
      query: '{ name all { price } }',
      expect: { data: null, errors: [{ path: ['all', 1, 'price'], code: 'FORBIDDEN' }] },
    },
    {
      name: 'takes the whole answer through an entity that is promised',
      query: '{ promised(id: "bad") { price } name }',
      expect: { data: null, errors: [{ path: ['promised', 'price'], code: 'FORBIDDEN' }] },
    },
    {
      name: 'takes the object around a list that may not be null',
      query: '{ shelf { label books { id price } } name }',
      expect: {
        data: { shelf: null, name: 'Library' },
        errors: [{ path: ['shelf', 'books', 1, 'price'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'takes the inner list of lists',
      query: '{ shelf { label grid { price } } }',
      expect: {
        data: { shelf: { label: 'A', grid: [[{ price: 10 }], null] } },
        errors: [{ path: ['shelf', 'grid', 1, 1, 'price'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'in an object of the first subgraph is told with its whole path',
      query: '{ book(id: "good") { about: details { year number: isbn } price } }',
      expect: {
        data: { book: { about: null, price: 10 } },
        errors: [{ path: ['book', 'about', 'number'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'in an object of an entity is told with its whole path',
      query: '{ book(id: "bad") { id pages by: maker { title: name } } }',
      expect: {
        data: { book: { id: 'bad', pages: 300, by: null } },
        errors: [{ path: ['book', 'by', 'title'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'deep in a list of an entity is told with its whole path',
      query: '{ book(id: "bad") { pages deals: offers { text who: by { name } } } }',
      expect: {
        data: { book: { pages: 300, deals: null } },
        errors: [{ path: ['book', 'deals', 1, 'who', 'name'], code: 'FORBIDDEN' }],
      },
    },
    {
      name: 'in the subgraph alone, whose schema is stricter than the client’s, fails all that was asked there',
      query: '{ offer { pages size } }',
      expect: {
        data: { offer: { pages: null, size: null } },
        errors: [
          { path: ['offer', 'pages'], code: 'FORBIDDEN' },
          { path: ['offer', 'size'], code: 'FORBIDDEN' },
        ],
        asked: { agent: 1, shop: 1 },
      },
    },
    {
      name: 'is no failure where the client skips it',
      query: 'query ($no: Boolean!) { strict { id price @include(if: $no) pages } }',
      variables: { no: false },
      expect: {
        data: {
          strict: [
            { id: 'good', pages: 300 },
            { id: 'bad', pages: 300 },
          ],
        },
      },
    },
    {
      name: 'is told by the client’s names where it takes the whole answer',
      query: '{ everything: all { cost: price } }',
      misbehaving: {
        shop: says({ _entities: [{ price: 10 }, null] }, [
          { message: 'No.', path: ['_entities', 1, 'price'], extensions: { code: 'NOT_FOUND' } },
        ]),
      },
      expect: { data: null, errors: [{ path: ['everything', 1, 'cost'], code: 'NOT_FOUND' }] },
    },
  ],
});
