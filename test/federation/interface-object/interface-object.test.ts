// `@interfaceObject`: a subgraph adds fields to all implementations of an interface without knowing any of them.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const media = [
  { __typename: 'Book', id: 'm1', title: 'Emma', pages: 474 },
  { __typename: 'Film', id: 'm2', title: 'Clueless', minutes: 97 },
];
const ratings = [
  { id: 'm1', stars: 5, review: { text: 'witty' } },
  { id: 'm2', stars: 4, review: null },
];

federationCase({
  name: 'an interface object',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { media: [Media!]! book: Book }
        interface Media @key(fields: "id") { id: ID! title: String! }
        type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! }
        type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
      `,
      resolvers: {
        Query: { media: () => media, book: () => media[0] },
        Media: { __resolveReference: entityIn(media) },
        Book: { __resolveReference: entityIn(media) },
        Film: { __resolveReference: entityIn(media) },
      },
    },
    ratings: {
      sdl: `
        type Query { best: Media rated: [Media!]! }
        type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int! review: Review }
        type Review { text: String! media: Media! }
      `,
      resolvers: {
        Query: { best: () => ratings[0], rated: () => [...ratings, ...ratings] },
        Media: { __resolveReference: entityIn(ratings) },
        Review: { media: () => ratings[0] },
      },
    },
  },
  operations: [
    {
      name: 'adds its fields to each implementation, asked as the interface in one request',
      query: '{ media { title stars } }',
      expect: {
        data: {
          media: [
            { title: 'Emma', stars: 5 },
            { title: 'Clueless', stars: 4 },
          ],
        },
        asked: [
          { subgraph: 'catalog' },
          {
            subgraph: 'ratings',
            selects: ['stars'],
            representations: [
              { __typename: 'Media', id: 'm1' },
              { __typename: 'Media', id: 'm2' },
            ],
          },
        ],
      },
    },
    {
      name: 'adds its fields to a concrete type, which stays what it is',
      query: '{ book { __typename stars pages } }',
      expect: {
        data: { book: { __typename: 'Book', stars: 5, pages: 474 } },
        asked: [
          { subgraph: 'catalog' },
          { subgraph: 'ratings', representations: [{ __typename: 'Media', id: 'm1' }] },
        ],
      },
      stockIsWrong: 'It lets "Media", which the interface object calls itself, take the place of "Book".',
    },
    {
      name: 'does not take the concrete types of a list away',
      query: '{ media { stars __typename ... on Book { kind: __typename review { text } } } }',
      expect: {
        data: {
          media: [
            { stars: 5, __typename: 'Book', kind: 'Book', review: { text: 'witty' } },
            { stars: 4, __typename: 'Film' },
          ],
        },
        asked: { catalog: 1, ratings: 1 },
      },
    },
    {
      name: 'adds its fields to the one implementation whose fragment asks for them',
      query: '{ media { ... on Film { stars minutes } title } }',
      expect: {
        data: {
          media: [{ title: 'Emma' }, { stars: 4, minutes: 97, title: 'Clueless' }],
        },
        asked: [
          { subgraph: 'catalog' },
          { subgraph: 'ratings', representations: [{ __typename: 'Media', id: 'm2' }] },
        ],
      },
    },
    {
      name: 'is answered alone where only its own fields are wanted',
      query: '{ best { stars id review { text } } }',
      expect: {
        data: { best: { stars: 5, id: 'm1', review: { text: 'witty' } } },
        asked: { ratings: 1 },
      },
    },
    {
      name: 'learns its concrete type from the subgraph that knows it',
      query: '{ rated { __typename stars } }',
      expect: {
        data: {
          rated: [
            { __typename: 'Book', stars: 5 },
            { __typename: 'Film', stars: 4 },
            { __typename: 'Book', stars: 5 },
            { __typename: 'Film', stars: 4 },
          ],
        },
        asked: [
          { subgraph: 'ratings' },
          {
            subgraph: 'catalog',
            representations: [
              { __typename: 'Media', id: 'm1' },
              { __typename: 'Media', id: 'm2' },
            ],
          },
        ],
      },
    },
    {
      name: 'learns its concrete type under an alias, and twice',
      query: '{ best { kind: __typename review { media { __typename kind: __typename } } } }',
      expect: {
        data: { best: { kind: 'Book', review: { media: { __typename: 'Book', kind: 'Book' } } } },
      },
    },
    {
      name: 'gets the fields of the interface and of its implementations from the subgraph that knows them',
      query: '{ rated { stars title ... on Book { pages } ... on Film { minutes } } }',
      expect: {
        data: {
          rated: [
            { stars: 5, title: 'Emma', pages: 474 },
            { stars: 4, title: 'Clueless', minutes: 97 },
            { stars: 5, title: 'Emma', pages: 474 },
            { stars: 4, title: 'Clueless', minutes: 97 },
          ],
        },
        asked: { ratings: 1, catalog: 1 },
      },
    },
    {
      name: 'shows its own field for the implementation alone whose fragment asks for it',
      query: '{ rated { ... on Film { stars } } }',
      expect: { data: { rated: [{}, { stars: 4 }, {}, { stars: 4 }] } },
    },
    {
      name: 'is null where the subgraph that knows the type does not know the entity',
      query: '{ best { title stars } }',
      misbehaving: { catalog: { body: { data: { _entities: [null] } } } },
      expect: {
        data: { best: null },
        errors: [{ path: ['best', 'title'], code: 'SUBGRAPH_VALUE_MISSING' }],
      },
    },
  ],
});
