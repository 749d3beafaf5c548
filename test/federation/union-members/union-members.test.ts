// Members of a union live in different subgraphs: each is asked for what it knows about its own members alone.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const dune = { __typename: 'Book', id: 'b1', title: 'Dune' };
const emma = { __typename: 'Book', id: 'b2', title: 'Emma' };
const alien = { __typename: 'Film', id: 'f1', title: 'Alien' };
const shelves: Record<string, object[]> = { mixed: [dune, alien, emma], films: [alien], none: [] };

federationCase({
  name: 'members of a union',
  subgraphs: {
    search: {
      sdl: `
        type Query { search(shelf: String!): [Medium!]! first: Medium }
        union Medium = Book | Film
        type Book @key(fields: "id") { id: ID! title: String }
        type Film @key(fields: "id") { id: ID! title: String }
      `,
      resolvers: { Query: { search: (_, { shelf }) => shelves[String(shelf)], first: () => alien } },
    },
    print: {
      sdl: `
        type Query { latest: Medium }
        union Medium = Book | Song
        type Book @key(fields: "id") { id: ID! pages: Int }
        type Song { bars: Int }
      `,
      resolvers: {
        Query: { latest: () => ({ __typename: 'Song', bars: 64 }) },
        Book: {
          __resolveReference: entityIn([
            { id: 'b1', pages: 600 },
            { id: 'b2', pages: 400 },
          ]),
        },
      },
    },
    cinema: {
      sdl: 'type Film @key(fields: "id") { id: ID! minutes: Int }',
      resolvers: { Film: { __resolveReference: entityIn([{ id: 'f1', minutes: 117 }]) } },
    },
  },
  operations: [
    {
      name: 'are each completed by the subgraph that knows them',
      query: `{ search(shelf: "mixed") {
        ... on Film { minutes title } ... on Book { title pages } ... on Song { bars }
      } }`,
      expect: {
        data: {
          search: [
            { title: 'Dune', pages: 600 },
            { minutes: 117, title: 'Alien' },
            { title: 'Emma', pages: 400 },
          ],
        },
        asked: [
          { subgraph: 'search', selects: ['title'], omits: ['pages', 'minutes', 'bars'] },
          {
            subgraph: 'print',
            selects: ['pages'],
            representations: [
              { __typename: 'Book', id: 'b1' },
              { __typename: 'Book', id: 'b2' },
            ],
          },
          {
            subgraph: 'cinema',
            selects: ['minutes'],
            representations: [{ __typename: 'Film', id: 'f1' }],
          },
        ],
      },
    },
    {
      name: 'that do not occur are not asked for',
      query: '{ search(shelf: "films") { ... on Film { minutes } ... on Book { pages } } }',
      expect: { data: { search: [{ minutes: 117 }] }, asked: { search: 1, cinema: 1 } },
    },
    {
      name: 'are nobody in an empty list',
      query: '{ search(shelf: "none") { ... on Film { minutes } ... on Book { pages } } }',
      expect: { data: { search: [] }, asked: { search: 1 } },
    },
    {
      name: 'of which nothing is asked are empty objects',
      query: '{ search(shelf: "mixed") { ... on Film { minutes } } }',
      expect: { data: { search: [{}, { minutes: 117 }, {}] }, asked: { search: 1, cinema: 1 } },
    },
    {
      name: 'that the subgraph does not know are never there',
      query: '{ first { ... on Song { bars } } }',
      expect: { data: { first: {} }, asked: { search: 1 } },
    },
    {
      name: 'that only one subgraph knows come from there',
      query: '{ latest { kind: __typename ... on Song { bars } ... on Film { minutes } } }',
      expect: { data: { latest: { kind: 'Song', bars: 64 } }, asked: { print: 1 } },
    },
    {
      name: 'say their type by whatever name, without anything else',
      query: '{ search(shelf: "mixed") { kind: __typename __typename } }',
      expect: {
        data: {
          search: [
            { kind: 'Book', __typename: 'Book' },
            { kind: 'Film', __typename: 'Film' },
            { kind: 'Book', __typename: 'Book' },
          ],
        },
        asked: { search: 1 },
      },
    },
  ],
});
