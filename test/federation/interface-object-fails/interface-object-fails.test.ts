// Failures around an interface object: of the subgraph that adds fields, and of the one that knows the types.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const media = [
  { __typename: 'Book', id: 'm1', title: 'Emma' },
  { __typename: 'Film', id: 'm2', title: 'Clueless' },
];

federationCase({
  name: 'failures around an interface object',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { media: [Media]! }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String }
        type Film implements Media @key(fields: "id") { id: ID! title: String }
      `,
      resolvers: { Query: { media: () => media }, Media: { __resolveReference: entityIn(media) } },
    },
    ratings: {
      sdl: `
        type Query { rated: [Media] }
        type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int votes: Int! }
      `,
      resolvers: {
        Query: {
          rated: () => [
            { id: 'm1', stars: 5, votes: 2 },
            { id: 'm9', stars: 1, votes: 1 },
          ],
        },
        Media: {
          __resolveReference: async ({ id }) => {
            if (id === 'm2') throw new Error('no such rating');
            return { id, stars: 5, votes: 2 };
          },
        },
      },
    },
  },
  operations: [
    {
      name: 'leave fields null that may be null, at the place of each',
      query: '{ media { title points: stars __typename } }',
      expect: {
        data: {
          media: [
            { title: 'Emma', points: 5, __typename: 'Book' },
            { title: 'Clueless', points: null, __typename: 'Film' },
          ],
        },
        errors: [{ path: ['media', 1, 'points'], code: 'INTERNAL_SERVER_ERROR' }],
      },
    },
    {
      name: 'take the item away where a field must not be null',
      query: '{ media { title ... on Film { votes } } }',
      expect: {
        data: { media: [{ title: 'Emma' }, null] },
        errors: [{ path: ['media', 1, 'votes'], code: 'INTERNAL_SERVER_ERROR' }],
      },
    },
    {
      name: 'take away what is of a type that nobody knows, when its type is wanted',
      query: '{ rated { stars __typename } }',
      expect: {
        data: { rated: [{ stars: 5, __typename: 'Book' }, null] },
        errors: [{ path: ['rated', 1, '__typename'], code: 'SUBGRAPH_VALUE_MISSING' }],
      },
      stockIsWrong: 'It says nothing of the item that it takes away.',
    },
    {
      name: 'leave what needs no type when the subgraph that knows it cannot be reached',
      query: '{ rated { stars title } }',
      misbehaving: { catalog: 'hang up' },
      expect: {
        data: {
          rated: [
            { stars: 5, title: null },
            { stars: 1, title: null },
          ],
        },
        errors: [
          { path: ['rated', 0, 'title'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['rated', 1, 'title'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
      },
    },
    {
      name: 'take everything away that needs a type when the subgraph that knows it cannot be reached',
      query: '{ rated { ... on Book { stars } } }',
      misbehaving: { catalog: 'hang up' },
      expect: {
        data: { rated: [null, null] },
        errors: [
          { path: ['rated', 0], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['rated', 1], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
      },
      stockIsWrong: 'It answers objects without a field, as if they were of another type.',
    },
  ],
});
