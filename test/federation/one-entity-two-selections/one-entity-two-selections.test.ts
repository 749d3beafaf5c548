// One entity at two places of an answer, of which the client wants different things: neither place sees what the other asked for.

import { GraphQLError } from 'graphql';
import { federationCase } from '../harness/federation-case.ts';

const authors: Record<string, string> = { r1: 'u1', r2: 'u1', r3: 'u2' };

federationCase({
  name: 'one entity at two places',
  subgraphs: {
    reviews: {
      sdl: `
        type Query { review(id: ID!): Review reviews: [Review!]! }
        type Review { id: ID! author: User! }
        type User @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          review: (_, { id }) => ({ id }),
          reviews: () => Object.keys(authors).map((id) => ({ id })),
        },
        Review: { author: ({ id }) => ({ id: authors[String(id)] }) },
      },
    },
    accounts: {
      sdl: `
        type User @key(fields: "id") { id: ID! profile: Profile! }
        type Profile { motto: String pic: Pic! pics: [Pic!]! }
        type Pic @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        User: {
          __resolveReference: ({ id }) => ({
            profile: { motto: `I am ${id}`, pic: { id: `${id}-pic` }, pics: [{ id: `${id}-pic` }] },
          }),
        },
      },
    },
    images: {
      sdl: 'type Pic @key(fields: "id") { id: ID! url(size: Int! = 1): String format(as: String): String! }',
      resolvers: {
        Pic: {
          __resolveReference: ({ id }) => ({ id }),
          url(pic, { size }) {
            if (Number(size) < 0) throw new GraphQLError('No.', { extensions: { code: 'BAD_USER_INPUT' } });
            return `${pic['id']}?${size}`;
          },
          format: (_, args) => `${args['as']}`,
        },
      },
    },
  },
  operations: [
    {
      name: 'takes different arguments at each',
      query: `{
        a: review(id: "r1") { author { profile { pic { url(size: 1) } } } }
        b: review(id: "r2") { author { profile { pic { url(size: 2) } } } }
      }`,
      expect: {
        data: {
          a: { author: { profile: { pic: { url: 'u1-pic?1' } } } },
          b: { author: { profile: { pic: { url: 'u1-pic?2' } } } },
        },
        asked: { reviews: 1, accounts: 1, images: 1 },
      },
    },
    {
      name: 'fails at one of them alone',
      query: `{
        a: review(id: "r1") { author { profile { pic { url } } } }
        b: review(id: "r2") { author { profile { pic { url(size: -1) } } } }
        c: reviews { author { profile { pic { url(size: 3) } } } }
      }`,
      expect: {
        data: {
          a: { author: { profile: { pic: { url: 'u1-pic?1' } } } },
          b: { author: { profile: { pic: { url: null } } } },
          c: ['u1', 'u1', 'u2'].map((id) => ({ author: { profile: { pic: { url: `${id}-pic?3` } } } })),
        },
        errors: [{ path: ['b', 'author', 'profile', 'pic', 'url'], code: 'BAD_USER_INPUT' }],
        asked: { reviews: 1, accounts: 1, images: 1 },
      },
    },
    {
      name: 'is asked for different fields at each',
      query: `{
        a: review(id: "r1") { author { profile { motto pics { url } } } }
        b: review(id: "r2") { author { id profile { pics { id } } } }
        c: review(id: "r3") { author { profile { pics { format(as: "png") url } pic { id } } } }
      }`,
      expect: {
        data: {
          a: { author: { profile: { motto: 'I am u1', pics: [{ url: 'u1-pic?1' }] } } },
          b: { author: { id: 'u1', profile: { pics: [{ id: 'u1-pic' }] } } },
          c: {
            author: {
              profile: { pics: [{ format: 'png', url: 'u2-pic?1' }], pic: { id: 'u2-pic' } },
            },
          },
        },
        asked: { reviews: 1, accounts: 1, images: 1 },
      },
    },
    {
      name: 'is asked for one field under different names and arguments at each',
      query: `query ($n: Int!) {
        a: review(id: "r1") { author { profile { pic { url: format(as: "a") format: url(size: $n) } } } }
        b: review(id: "r1") { author { profile { pic { url: url format: format(as: "b") } pics { url(size: 9) } } } }
      }`,
      variables: { n: 5 },
      expect: {
        data: {
          a: { author: { profile: { pic: { url: 'a', format: 'u1-pic?5' } } } },
          b: {
            author: { profile: { pic: { url: 'u1-pic?1', format: 'b' }, pics: [{ url: 'u1-pic?9' }] } },
          },
        },
      },
    },
    {
      name: 'is skipped at one of them alone',
      query: `query ($no: Boolean!) {
        a: review(id: "r1") { author { profile { pic { url(size: 1) } } } }
        b: review(id: "r2") { author { profile { pic { id url(size: 2) @include(if: $no) } } } }
      }`,
      variables: { no: false },
      expect: {
        data: {
          a: { author: { profile: { pic: { url: 'u1-pic?1' } } } },
          b: { author: { profile: { pic: { id: 'u1-pic' } } } },
        },
      },
    },
  ],
});
