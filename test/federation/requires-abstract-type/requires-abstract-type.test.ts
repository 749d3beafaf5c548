// `@requires` with inline fragments on a union and on an interface: each member sends its own fields, with its type.

import type { Data } from '../harness/case-subgraph.ts';
import { federationCase } from '../harness/federation-case.ts';

const posts = [
  {
    id: '1',
    content: { __typename: 'Text', words: 120 },
    author: { __typename: 'Person', first: 'Ada', name: 'Ada' },
  },
  {
    id: '2',
    content: { __typename: 'Video', seconds: 30 },
    author: { __typename: 'Bot', version: 3, name: 'Crawler' },
  },
  { id: '3', content: null, author: { __typename: 'Person', first: 'Alan', name: 'Alan' } },
];

federationCase({
  name: 'a field that requires fields of a union or an interface',
  subgraphs: {
    posts: {
      sdl: `
        type Query { posts: [Post!]! }
        type Post @key(fields: "id") { id: ID! content: Content author: Author! }
        union Content = Text | Video
        type Text { words: Int! }
        type Video { seconds: Int! }
        interface Author { name: String! }
        type Person implements Author { name: String! first: String! }
        type Bot implements Author { name: String! version: Int! }
      `,
      resolvers: { Query: { posts: () => posts } },
    },
    reading: {
      sdl: `
        type Post @key(fields: "id") {
          id: ID!
          content: Content @external
          author: Author! @external
          time: Int @requires(fields: "content { __typename ... on Text { words } ... on Video { seconds } }")
          credit: String @requires(fields: "author { name ... on Bot { version } }")
        }
        union Content = Text | Video
        type Text { words: Int! @external }
        type Video { seconds: Int! @external }
        interface Author { name: String! }
        type Person implements Author { name: String! @external }
        type Bot implements Author { name: String! @external version: Int! @external }
      `,
      resolvers: {
        Post: {
          time({ content }: { content: Data | null }) {
            if (content?.['__typename'] === 'Text') return Number(content['words']) / 2;
            return content?.['seconds'];
          },
          credit: ({ author }: { author: Data }) => `${author['name']} ${author['version'] ?? ''}`.trim(),
        },
      },
    },
  },
  operations: [
    {
      name: 'gets the fields of the member that is there, and its type where that is required too',
      query: '{ posts { time } }',
      expect: {
        data: { posts: [{ time: 60 }, { time: 30 }, { time: null }] },
        asked: [
          { subgraph: 'posts', selects: ['words', 'seconds'], omits: ['author'] },
          {
            subgraph: 'reading',
            representations: [
              { __typename: 'Post', id: '1', content: { __typename: 'Text', words: 120 } },
              { __typename: 'Post', id: '2', content: { __typename: 'Video', seconds: 30 } },
              { __typename: 'Post', id: '3', content: null },
            ],
          },
        ],
      },
    },
    {
      name: 'gets fields of the interface beside those of an implementation',
      query: '{ posts { credit } }',
      expect: {
        data: { posts: [{ credit: 'Ada' }, { credit: 'Crawler 3' }, { credit: 'Alan' }] },
        asked: { posts: 1, reading: 1 },
      },
    },
    {
      name: 'does not show the members to a client that selects others of their fields',
      query: '{ posts { author { ... on Person { first } } content { __typename } time credit } }',
      expect: {
        data: {
          posts: [
            { author: { first: 'Ada' }, content: { __typename: 'Text' }, time: 60, credit: 'Ada' },
            { author: {}, content: { __typename: 'Video' }, time: 30, credit: 'Crawler 3' },
            { author: { first: 'Alan' }, content: null, time: null, credit: 'Alan' },
          ],
        },
        asked: { posts: 1, reading: 1 },
      },
    },
  ],
});
