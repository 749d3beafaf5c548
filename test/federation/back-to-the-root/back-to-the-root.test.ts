// A payload whose field leads back to the root, as some clients want it after a mutation: all subgraphs' root fields are there.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

let title = 'Dune';
const reset = () => {
  title = 'Dune';
};

federationCase({
  name: 'a field that leads back to the root',
  subgraphs: {
    books: {
      sdl: `
        type Query { book: Book! self: Query! }
        type Mutation { rename(title: String!): Renamed! }
        type Renamed { ok: Boolean! query: Query! all: [Query!]! }
        type Book @key(fields: "id") { id: ID! title: String! }
      `,
      resolvers: {
        Query: { book: () => ({ id: '1', title }), self: () => ({}) },
        Mutation: {
          rename(_, given) {
            title = String(given['title']);
            return { ok: true, query: {}, all: [{}, {}] };
          },
        },
      },
    },
    films: {
      sdl: `
        type Query { film: String }
        type Book @key(fields: "id") { id: ID! stars: Int }
      `,
      resolvers: {
        Query: { film: () => 'Alien' },
        Book: { __resolveReference: entityIn([{ id: '1', stars: 5 }]) },
      },
    },
  },
  operations: [
    {
      name: 'reads what was just changed, and from other subgraphs',
      reset,
      query: 'mutation { rename(title: "Emma") { query { book { title stars } film } ok } }',
      expect: {
        data: { rename: { query: { book: { title: 'Emma', stars: 5 }, film: 'Alien' }, ok: true } },
      },
    },
    {
      name: 'may come several times',
      reset,
      query: 'mutation { rename(title: "Emma") { all { film } } }',
      expect: {
        data: { rename: { all: [{ film: 'Alien' }, { film: 'Alien' }] } },
        asked: { books: 1, films: 1 },
      },
    },
    {
      name: 'may lie in itself',
      query: '{ film self { film self { book { stars } __typename } } }',
      reset,
      expect: {
        data: { film: 'Alien', self: { film: 'Alien', self: { book: { stars: 5 }, __typename: 'Query' } } },
      },
    },
    {
      name: 'fails for the fields of one subgraph alone',
      reset,
      query: 'mutation { rename(title: "Emma") { query { film book { title } } } }',
      misbehaving: { films: 'hang up' },
      expect: {
        data: { rename: { query: { film: null, book: { title: 'Emma' } } } },
        errors: [{ path: ['rename', 'query', 'film'], code: 'SUBGRAPH_UNAVAILABLE' }],
      },
    },
  ],
});
