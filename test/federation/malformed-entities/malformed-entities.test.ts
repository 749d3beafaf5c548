// Answers to a question for entities that are no answers to it: what cannot be told apart is never shown as somebody else's.

import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const malformed = 'SUBGRAPH_MALFORMED';
const strange = 'it answers an internal error, and all that was asked there is lost';
const unread = 'it does not compare what it is answered with what it asked';

/** What the second subgraph says for a book and a film, and what of it the client sees. */
const answers: {
  name: string;
  data: object;
  errors?: object[];
  pages?: number;
  minutes?: number;
  told: [string | undefined, string | undefined];
  stockIsWrong?: string;
}[] = [
  {
    name: 'as they should be',
    data: { _entities: [{ pages: 600 }, { minutes: 117 }] },
    pages: 600,
    minutes: 117,
    told: [undefined, undefined],
  },
  { name: 'fewer than asked for', data: { _entities: [{ pages: 600 }] }, told: [malformed, malformed] },
  {
    name: 'more than asked for',
    data: { _entities: [{ pages: 600 }, { minutes: 117 }, null] },
    told: [malformed, malformed],
  },
  { name: 'none', data: { _entities: [] }, told: [malformed, malformed] },
  { name: 'not a list', data: { _entities: { pages: 600 } }, told: [malformed, malformed] },
  { name: 'null without an error', data: { _entities: null }, told: [malformed, malformed] },
  { name: 'not mentioned', data: {}, told: [malformed, malformed] },
  {
    name: 'called something else',
    data: { entities: [{ pages: 600 }, { minutes: 117 }] },
    told: [malformed, malformed],
  },
  {
    name: 'of each other’s type',
    data: {
      _entities: [
        { __typename: 'Film', pages: 1, minutes: 117 },
        { __typename: 'Book', pages: 600, minutes: 1 },
      ],
    },
    told: [malformed, malformed],
    stockIsWrong: unread,
  },
  {
    name: 'in one case of a type that nobody knows',
    data: {
      _entities: [
        { __typename: 'Song', pages: 600 },
        { __typename: 'Film', minutes: 117 },
      ],
    },
    minutes: 117,
    told: [malformed, undefined],
    stockIsWrong: unread,
  },
  {
    name: 'in one case text',
    data: { _entities: ['book', { minutes: 117 }] },
    minutes: 117,
    told: [malformed, undefined],
    stockIsWrong: strange,
  },
  {
    name: 'in one case a list',
    data: { _entities: [{ pages: 600 }, [{ minutes: 117 }]] },
    pages: 600,
    told: [undefined, malformed],
    stockIsWrong: unread,
  },
  {
    name: 'in one case true',
    data: { _entities: [true, { minutes: 117 }] },
    minutes: 117,
    told: [malformed, undefined],
    stockIsWrong: strange,
  },
  {
    name: 'in one case null, and an error says why',
    data: { _entities: [null, { minutes: 117 }] },
    errors: [{ message: 'No.', path: ['_entities', 0], extensions: { code: 'FORBIDDEN' } }],
    minutes: 117,
    told: ['FORBIDDEN', undefined],
  },
  {
    name: 'both null, and one error says why, without a place',
    data: { _entities: [null, null] },
    errors: [{ message: 'No.', extensions: { code: 'CONFLICT' } }],
    told: ['CONFLICT', 'CONFLICT'],
  },
];

federationCase({
  name: 'entities that a subgraph answers are',
  subgraphs: {
    search: {
      sdl: `
        type Query { found: [Medium!]! }
        union Medium = Book | Film
        type Book @key(fields: "id") { id: ID! }
        type Film @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          found: () => [
            { __typename: 'Book', id: '1' },
            { __typename: 'Film', id: '1' },
          ],
        },
      },
    },
    facts: {
      sdl: `
        type Book @key(fields: "id") { id: ID! pages: Int }
        type Film @key(fields: "id") { id: ID! minutes: Int }
      `,
    },
  },
  operations: answers.map(({ name, data, errors, pages = null, minutes = null, told, stockIsWrong }) => ({
    name,
    query: '{ found { ... on Book { id pages } ... on Film { id length: minutes } } }',
    misbehaving: { facts: says(data, errors) },
    expect: {
      data: {
        found: [
          { id: '1', pages },
          { id: '1', length: minutes },
        ],
      },
      errors: [
        { path: ['found', 0, 'pages'], code: told[0] },
        { path: ['found', 1, 'length'], code: told[1] },
      ].flatMap(({ path, code }) => (code === undefined ? [] : [{ path, code }])),
      asked: { search: 1, facts: 1 },
    },
    ...(stockIsWrong !== undefined && { stockIsWrong }),
  })),
});
