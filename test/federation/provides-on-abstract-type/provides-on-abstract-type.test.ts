// `@provides` with inline fragments: a path provides fields of some members of a union and of implementations.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const books = [{ id: 'b1', title: 'Emma', pages: 474 }];
const films = [{ id: 'f1', title: 'Clueless', minutes: 97 }];

federationCase({
  name: 'fields that a path provides for members of abstract types',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { titles: [String!]! }
        interface Media { id: ID! title: String! }
        type Book implements Media @key(fields: "id") { id: ID! title: String! @shareable pages: Int! }
        type Film implements Media @key(fields: "id") { id: ID! title: String! @shareable minutes: Int! }
      `,
      resolvers: {
        Query: { titles: () => ['Emma', 'Clueless'] },
        Book: { __resolveReference: entityIn(books) },
        Film: { __resolveReference: entityIn(films) },
      },
    },
    shelves: {
      sdl: `
        type Query {
          found: [Thing!]! @provides(fields: "... on Book { title }")
          shown: [Media!]! @provides(fields: "... on Film { title }")
        }
        union Thing = Book | Film
        interface Media { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! title: String! @external }
        type Film implements Media @key(fields: "id") { id: ID! title: String! @external }
      `,
      resolvers: {
        Query: {
          found: () => [
            { __typename: 'Book', id: 'b1', title: 'Emma (copy)' },
            { __typename: 'Film', id: 'f1' },
          ],
          shown: () => [
            { __typename: 'Film', id: 'f1', title: 'Clueless (copy)' },
            { __typename: 'Book', id: 'b1' },
          ],
        },
      },
    },
  },
  operations: [
    {
      name: 'are taken from there for the member that has them, and asked for the others',
      query: '{ found { ... on Book { title } ... on Film { title } } }',
      expect: {
        data: { found: [{ title: 'Emma (copy)' }, { title: 'Clueless' }] },
        asked: [
          { subgraph: 'shelves', selects: ['title'] },
          { subgraph: 'catalog', selects: ['title'], representations: [{ __typename: 'Film', id: 'f1' }] },
        ],
      },
    },
    {
      name: 'save the whole request when only the provided member is wanted',
      query: '{ found { __typename ... on Book { title } } }',
      expect: {
        data: { found: [{ __typename: 'Book', title: 'Emma (copy)' }, { __typename: 'Film' }] },
        asked: { shelves: 1 },
      },
    },
    {
      name: 'work for implementations of an interface as well',
      query: '{ shown { id title } }',
      expect: {
        data: {
          shown: [
            { id: 'f1', title: 'Clueless (copy)' },
            { id: 'b1', title: 'Emma' },
          ],
        },
        asked: [
          { subgraph: 'shelves' },
          { subgraph: 'catalog', representations: [{ __typename: 'Book', id: 'b1' }] },
        ],
      },
    },
    {
      name: 'do not keep other fields of the provided member from being asked for',
      query: '{ found { ... on Book { pages title } } }',
      expect: {
        data: { found: [{ pages: 474, title: 'Emma (copy)' }, {}] },
        asked: [
          { subgraph: 'shelves', selects: ['title'] },
          { subgraph: 'catalog', selects: ['pages'], representations: [{ __typename: 'Book', id: 'b1' }] },
        ],
      },
    },
  ],
});
