// The same entity at many places of an answer is one representation, and what is said about it holds at all of them.

import { GraphQLError } from 'graphql';
import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const review = (text: string, author: string, of: object) => ({ text, author: { id: author }, of });
const dune = { __typename: 'Book', id: '1' };
const alien = { __typename: 'Film', id: '1' };

federationCase({
  name: 'the same entity at many places',
  subgraphs: {
    reviews: {
      sdl: `
        type Query { reviews: [Review!]! }
        type Review { text: String! author: User! of: Medium! desk: Desk! }
        union Medium = Book | Film
        type User @key(fields: "id") { id: ID! }
        type Book @key(fields: "id") { id: ID! }
        type Film @key(fields: "id") { id: ID! }
        type Desk @key(fields: "floor room { wing number }") { floor: Int! room: Room! }
        type Room @shareable { wing: String! number: Int! }
      `,
      resolvers: {
        Query: {
          reviews: () => [
            review('good', 'u1', dune),
            review('bad', 'u2', alien),
            review('fine', 'u1', dune),
            review('odd', 'u1', alien),
          ],
        },
        Review: {
          desk: ({ text }) =>
            text === 'odd'
              ? { floor: 2, room: { wing: 'W', number: 7 } }
              : { floor: 1, room: { wing: 'W', number: 7 } },
        },
      },
    },
    accounts: {
      sdl: `
        type User @key(fields: "id") { id: ID! name: String mood: String }
        type Desk @key(fields: "floor room { wing number }") { floor: Int! room: Room! phone: String }
        type Room @shareable { wing: String! number: Int! }
      `,
      resolvers: {
        User: {
          __resolveReference: entityIn([
            { id: 'u1', name: 'Una' },
            { id: 'u2', name: 'Udo', mood: 'glad' },
          ]),
          mood: ({ id, mood }) => {
            if (id === 'u1') throw new GraphQLError('No.', { extensions: { code: 'FORBIDDEN' } });
            return mood;
          },
        },
        Desk: {
          __resolveReference: (desk) => desk,
          phone: ({ floor }) => `+49 ${floor}`,
        },
      },
    },
    media: {
      sdl: `
        type Book @key(fields: "id") { id: ID! title: String }
        type Film @key(fields: "id") { id: ID! title: String }
      `,
      resolvers: {
        Book: { __resolveReference: entityIn([{ id: '1', title: 'Dune' }]) },
        Film: { __resolveReference: entityIn([{ id: '1', title: 'Alien' }]) },
      },
    },
  },
  operations: [
    {
      name: 'is asked for once',
      query: '{ reviews { text author { name } } }',
      expect: {
        data: {
          reviews: [
            { text: 'good', author: { name: 'Una' } },
            { text: 'bad', author: { name: 'Udo' } },
            { text: 'fine', author: { name: 'Una' } },
            { text: 'odd', author: { name: 'Una' } },
          ],
        },
        asked: [
          { subgraph: 'reviews' },
          {
            subgraph: 'accounts',
            representations: [
              { __typename: 'User', id: 'u1' },
              { __typename: 'User', id: 'u2' },
            ],
          },
        ],
      },
    },
    {
      name: 'is not taken for an entity of another type with the same key',
      query: '{ reviews { of { ... on Book { title } ... on Film { title } } } }',
      expect: {
        data: {
          reviews: ['Dune', 'Alien', 'Dune', 'Alien'].map((title) => ({ of: { title } })),
        },
        asked: [
          { subgraph: 'reviews' },
          {
            subgraph: 'media',
            representations: [
              { __typename: 'Book', id: '1' },
              { __typename: 'Film', id: '1' },
            ],
          },
        ],
      },
    },
    {
      name: 'is known again by a key of several and nested fields',
      query: '{ reviews { desk { phone } } }',
      expect: {
        data: { reviews: ['+49 1', '+49 1', '+49 1', '+49 2'].map((phone) => ({ desk: { phone } })) },
        asked: [
          { subgraph: 'reviews' },
          {
            subgraph: 'accounts',
            representations: [1, 2].map((floor) => ({
              __typename: 'Desk',
              floor,
              room: { wing: 'W', number: 7 },
            })),
          },
        ],
      },
    },
    {
      name: 'is asked for with other entities of that subgraph in one request',
      query: '{ reviews { author { name } desk { phone } } }',
      expect: {
        data: {
          reviews: [
            { author: { name: 'Una' }, desk: { phone: '+49 1' } },
            { author: { name: 'Udo' }, desk: { phone: '+49 1' } },
            { author: { name: 'Una' }, desk: { phone: '+49 1' } },
            { author: { name: 'Una' }, desk: { phone: '+49 2' } },
          ],
        },
        asked: { reviews: 1, accounts: 1 },
      },
    },
    {
      name: 'has its null at each of them, and the one error of the subgraph is told for each',
      query: '{ reviews { text author { mood } } }',
      expect: {
        data: {
          reviews: [
            { text: 'good', author: { mood: null } },
            { text: 'bad', author: { mood: 'glad' } },
            { text: 'fine', author: { mood: null } },
            { text: 'odd', author: { mood: null } },
          ],
        },
        errors: [0, 2, 3].map((index) => ({ path: ['reviews', index, 'author', 'mood'], code: 'FORBIDDEN' })),
        asked: { reviews: 1, accounts: 1 },
      },
    },
  ],
});
