// An interface with a key: subgraphs that know the interface and its implementations add fields to all of them.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const media = [
  { __typename: 'Book', id: 'm1', title: 'Emma', pages: 474 },
  { __typename: 'Film', id: 'm2', title: 'Clueless', minutes: 97 },
  { __typename: 'Book', id: 'm3', title: 'Persuasion', pages: 249 },
];
const loans = [
  { __typename: 'Book', id: 'm1', loaned: true, shelf: 'A' },
  { __typename: 'Film', id: 'm2', loaned: false },
  { __typename: 'Book', id: 'm3', loaned: false, shelf: 'B' },
];

federationCase({
  name: 'an entity interface',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { media: [Media!]! }
        interface Media @key(fields: "id") { id: ID! title: String! }
        type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! }
        type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
      `,
      resolvers: {
        Query: { media: () => media },
        Media: { __resolveReference: entityIn(media) },
        Book: { __resolveReference: entityIn(media) },
      },
    },
    loans: {
      sdl: `
        type Query { newest: Media }
        interface Media @key(fields: "id") { id: ID! loaned: Boolean! }
        type Book implements Media @key(fields: "id") { id: ID! loaned: Boolean! shelf: String! }
        type Film implements Media @key(fields: "id") { id: ID! loaned: Boolean! }
      `,
      resolvers: {
        Query: { newest: () => ({ __typename: 'Book', id: 'm3', loaned: false, shelf: 'B' }) },
        Media: { __resolveReference: entityIn(loans) },
        Book: { __resolveReference: entityIn(loans) },
        Film: { __resolveReference: entityIn(loans) },
      },
    },
  },
  operations: [
    {
      name: 'has fields that another subgraph adds to the interface, asked in one request',
      query: '{ media { title loaned } }',
      expect: {
        data: {
          media: [
            { title: 'Emma', loaned: true },
            { title: 'Clueless', loaned: false },
            { title: 'Persuasion', loaned: false },
          ],
        },
        asked: [
          { subgraph: 'catalog', selects: ['title'] },
          {
            subgraph: 'loans',
            selects: ['loaned'],
            representations: [
              { __typename: 'Media', id: 'm1' },
              { __typename: 'Media', id: 'm2' },
              { __typename: 'Media', id: 'm3' },
            ],
          },
        ],
      },
    },
    {
      name: 'asks only for the implementation whose fields are wanted',
      query: '{ media { ... on Book { shelf pages } __typename } }',
      expect: {
        data: {
          media: [
            { shelf: 'A', pages: 474, __typename: 'Book' },
            { __typename: 'Film' },
            { shelf: 'B', pages: 249, __typename: 'Book' },
          ],
        },
        asked: [
          { subgraph: 'catalog' },
          {
            subgraph: 'loans',
            representations: [
              { __typename: 'Book', id: 'm1' },
              { __typename: 'Book', id: 'm3' },
            ],
          },
        ],
      },
    },
    {
      name: 'works from either side',
      query: '{ newest { kind: __typename loaned title ... on Book { pages } } }',
      expect: {
        data: { newest: { kind: 'Book', loaned: false, title: 'Persuasion', pages: 249 } },
        asked: { loans: 1, catalog: 1 },
      },
    },
  ],
});
