// Fragments, however they are named, nested and narrowed, select what their fields written out would select.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const dune = { __typename: 'Book', id: 'b1', title: 'Dune', author: { id: 'a1' } };
const alien = { __typename: 'Film', id: 'f1', title: 'Alien' };

federationCase({
  name: 'fragments',
  subgraphs: {
    media: {
      sdl: `
        type Query { media: [Medium!]! found: [Found!]! book: Book! node: Node }
        interface Node { id: ID! }
        interface Medium implements Node { id: ID! title: String! }
        union Found = Book | Film
        type Book implements Node & Medium @key(fields: "id") { id: ID! title: String! author: Person! }
        type Film implements Node & Medium @key(fields: "id") { id: ID! title: String! }
        type Person @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          media: () => [dune, alien],
          found: () => [alien, dune],
          book: () => dune,
          node: () => alien,
        },
      },
    },
    facts: {
      sdl: `
        type Book @key(fields: "id") { id: ID! pages: Int }
        type Film @key(fields: "id") { id: ID! minutes: Int }
        type Person @key(fields: "id") { id: ID! name: String born: Int }
      `,
      resolvers: {
        Book: { __resolveReference: entityIn([{ id: 'b1', pages: 600 }]) },
        Film: { __resolveReference: entityIn([{ id: 'f1', minutes: 117 }]) },
        Person: { __resolveReference: entityIn([{ id: 'a1', name: 'Frank', born: 1920 }]) },
      },
    },
  },
  operations: [
    {
      name: 'reach into another subgraph by name',
      query: `query { book { ...Basics author { ...Who } } }
        fragment Basics on Book { title pages } fragment Who on Person { name }`,
      expect: {
        data: { book: { title: 'Dune', pages: 600, author: { name: 'Frank' } } },
        asked: { media: 1, facts: 1 },
      },
    },
    {
      name: 'lie in each other, over the root as well',
      query: `{ ...Root } fragment Root on Query { media { ...Medium } ...More }
        fragment More on Query { book { ...Book } }
        fragment Medium on Medium { title ...Book ... on Film { ...Film } }
        fragment Book on Book { pages author { ... { born } } } fragment Film on Film { minutes }`,
      expect: {
        data: {
          media: [
            { title: 'Dune', pages: 600, author: { born: 1920 } },
            { title: 'Alien', minutes: 117 },
          ],
          book: { pages: 600, author: { born: 1920 } },
        },
        asked: { media: 1, facts: 1 },
      },
    },
    {
      name: 'on an interface hold for each member of a union that implements it',
      query: '{ found { ... on Medium { title } ... on Node { id } ... on Film { minutes } } }',
      expect: {
        data: {
          found: [
            { title: 'Alien', id: 'f1', minutes: 117 },
            { title: 'Dune', id: 'b1' },
          ],
        },
        asked: { media: 1, facts: 1 },
      },
    },
    {
      name: 'on an interface widen an object type and narrow it again',
      query:
        '{ book { ... on Node { ... on Medium { title ... on Book { pages } ... on Film { minutes } } } } }',
      expect: { data: { book: { title: 'Dune', pages: 600 } }, asked: { media: 1, facts: 1 } },
    },
    {
      name: 'on other types than the object has select nothing, and their subgraph is not asked',
      query: '{ node { ... on Book { pages author { name } } ... on Medium { title } } }',
      expect: { data: { node: { title: 'Alien' } }, asked: { media: 1 } },
    },
    {
      name: 'written once for two places work at both',
      query: `{ book { ...Title } media { ...Title } } fragment Title on Medium { kind: __typename name: title }`,
      expect: {
        data: {
          book: { kind: 'Book', name: 'Dune' },
          media: [
            { kind: 'Book', name: 'Dune' },
            { kind: 'Film', name: 'Alien' },
          ],
        },
        asked: { media: 1 },
      },
    },
    {
      name: 'set the order of fields by where they come first',
      query: `{ book { ...B pages ...A title } } fragment A on Book { id } fragment B on Book { title ...C id }
        fragment C on Book { author { name } }`,
      expect: {
        data: { book: { title: 'Dune', author: { name: 'Frank' }, id: 'b1', pages: 600 } },
        asked: { media: 1, facts: 1 },
      },
    },
    {
      name: 'of which one operation of several uses some',
      query: `query One { ...Books } query Two { ...Films }
        fragment Books on Query { book { pages } } fragment Films on Query { node { id ... on Film { minutes } } }`,
      operationName: 'Two',
      expect: { data: { node: { id: 'f1', minutes: 117 } }, asked: { media: 1, facts: 1 } },
    },
  ],
});
