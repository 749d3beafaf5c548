// Subgraphs name things as they like: imported directives under other names, not imported ones, root types of other names.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const spec = 'url: "https://specs.apollo.dev/federation/v2.9"';
let title = 'first';

federationCase({
  name: 'names of directives and root types',
  subgraphs: {
    renamed: {
      sdl: `
        extend schema @link(${spec}, import: [{ name: "@key", as: "@identity" }, { name: "@shareable", as: "@both" }])
        schema { query: Reading mutation: Writing }
        type Reading { page: Page! }
        type Writing { retitle(title: String!): Page! }
        type Page @identity(fields: "id") { id: ID! title: String! words: Int! @both }
      `,
      resolvers: {
        Reading: { page: () => ({ id: 1, title, words: 5 }) },
        Writing: {
          retitle: (_, given: { title: string }) => {
            title = given.title;
            return { id: 1, title, words: 5 };
          },
        },
      },
    },
    prefixed: {
      sdl: `
        extend schema @link(${spec}, as: "fed")
        schema { query: Root }
        type Root { pages: [Page!]! }
        type Page @fed__key(fields: "id") {
          id: ID!
          words: Int! @fed__shareable
          title: String! @fed__external
          slug: String! @fed__requires(fields: "title")
        }
      `,
      resolvers: {
        Root: { pages: () => [{ id: 1, words: 5 }] },
        Page: {
          __resolveReference: entityIn([{ id: '1', words: 5 }]),
          slug: (page) => `the-${page['title']}`,
        },
      },
    },
  },
  operations: [
    {
      name: 'differ between subgraphs and fit together all the same',
      query: '{ page { slug words title } pages { words } __typename }',
      reset: () => {
        title = 'first';
      },
      expect: {
        data: {
          page: { slug: 'the-first', words: 5, title: 'first' },
          pages: [{ words: 5 }],
          __typename: 'Query',
        },
        asked: { renamed: 1, prefixed: 2 },
      },
    },
    {
      name: 'of mutations may differ too',
      query: 'mutation { __typename retitle(title: "second") { slug } }',
      expect: {
        data: { __typename: 'Mutation', retitle: { slug: 'the-second' } },
        inOrder: true,
        asked: [
          { subgraph: 'renamed', selects: ['retitle(title: "second")'] },
          {
            subgraph: 'prefixed',
            representations: [{ __typename: 'Page', id: '1', title: 'second' }],
          },
        ],
      },
    },
  ],
});
