// @skip and @include decide what is asked of subgraphs, not only what is shown of their answers.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const table = { id: 'p1', name: 'Table', weight: 40 };

federationCase({
  name: '@skip and @include',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { product: Product! things: [Thing!]! }
        interface Thing { id: ID! name: String! }
        type Product implements Thing @key(fields: "id") { id: ID! name: String! weight: Int! parent: Product }
      `,
      resolvers: {
        Query: {
          product: () => ({ ...table, parent: { id: 'p0', name: 'Furniture', weight: 0 } }),
          things: () => [{ __typename: 'Product', ...table }],
        },
      },
    },
    reviews: {
      sdl: `
        type Query { headline: String! }
        type Product @key(fields: "id") { id: ID! stars: Int reviews(first: Int = 1): [String!] }
      `,
      resolvers: {
        Query: { headline: () => 'Rain' },
        Product: {
          __resolveReference: entityIn([
            { id: 'p1', stars: 5, all: ['good', 'fine'] },
            { id: 'p0', stars: 1, all: [] },
          ]),
          reviews: ({ all }, { first }) => (all as string[]).slice(0, Number(first)),
        },
      },
    },
    post: {
      sdl: `
        type Product @key(fields: "id") {
          id: ID! weight: Int! @external postage: Int @requires(fields: "weight")
        }
      `,
      resolvers: {
        Product: {
          __resolveReference: (product) => product,
          postage: ({ weight }) => Number(weight) * 2,
        },
      },
    },
  },
  operations: [
    {
      name: 'leave fields out by variables',
      query: `query ($a: Boolean!, $b: Boolean!) {
        product { id @skip(if: $a) name @include(if: $b) weight @skip(if: $b) }
      }`,
      variables: { a: true, b: true },
      expect: {
        data: { product: { name: 'Table' } },
        asked: [{ subgraph: 'catalog', selects: ['name'], omits: ['weight'] }],
      },
    },
    {
      name: 'are evaluated anew for other values',
      query: `query ($a: Boolean!, $b: Boolean!) {
        product { id @skip(if: $a) name @include(if: $b) weight @skip(if: $b) }
      }`,
      variables: { a: false, b: false },
      expect: {
        data: { product: { id: 'p1', weight: 40 } },
        asked: [{ subgraph: 'catalog', selects: ['weight'], omits: ['name'] }],
      },
    },
    {
      name: 'spare a subgraph of which nothing is left to ask',
      query:
        'query ($more: Boolean!) { product { name stars @include(if: $more) ... @include(if: $more) { postage } } }',
      variables: { more: false },
      expect: { data: { product: { name: 'Table' } }, asked: { catalog: 1 } },
    },
    {
      name: 'spare it when a fragment around its fields is left out',
      query: `query ($more: Boolean = false) { product { name ...More @include(if: $more) } }
        fragment More on Product { stars parent { stars } }`,
      expect: { data: { product: { name: 'Table' } }, asked: { catalog: 1 } },
    },
    {
      name: 'ask it when a value of the request overrules the default',
      query: `query ($more: Boolean = false) { product { name ...More @include(if: $more) } }
        fragment More on Product { stars parent { stars } }`,
      variables: { more: true },
      expect: {
        data: { product: { name: 'Table', stars: 5, parent: { stars: 1 } } },
        asked: { catalog: 1, reviews: 1 },
      },
    },
    {
      name: 'spare a subgraph at the root',
      query: 'query ($a: Boolean!) { product { name } headline @include(if: $a) }',
      variables: { a: false },
      expect: { data: { product: { name: 'Table' } }, asked: { catalog: 1 } },
    },
    {
      name: 'ask only for what remains',
      query: `query ($stars: Boolean!) {
        product { stars @include(if: $stars) reviews(first: 2) @skip(if: $stars) }
      }`,
      variables: { stars: false },
      expect: {
        data: { product: { reviews: ['good', 'fine'] } },
        asked: [{ subgraph: 'catalog' }, { subgraph: 'reviews', selects: ['reviews'], omits: ['stars'] }],
      },
    },
    ...[
      [false, false, false],
      [false, true, true],
      [true, false, false],
      [true, true, false],
    ].map(([skip, include, shown]) => ({
      name: `on one field: skip ${skip} and include ${include} ${shown ? 'show' : 'hide'} it`,
      query: `query ($skip: Boolean!, $include: Boolean!) {
        product { name stars @skip(if: $skip) @include(if: $include) }
      }`,
      variables: { skip, include },
      expect: {
        data: { product: { name: 'Table', ...(shown && { stars: 5 }) } },
        asked: { catalog: 1, ...(shown && { reviews: 1 }) },
      },
    })),
    {
      name: 'take fixed values, too',
      query: '{ product { name @skip(if: true) stars @include(if: false) weight @skip(if: false) } }',
      expect: { data: { product: { weight: 40 } }, asked: [{ subgraph: 'catalog', omits: ['name'] }] },
    },
    {
      name: 'do not hide a field that is selected once more without them',
      query:
        'query ($yes: Boolean!) { product { stars @skip(if: $yes) id ...Stars } } fragment Stars on Product { stars }',
      variables: { yes: true },
      expect: { data: { product: { id: 'p1', stars: 5 } } },
    },
    {
      name: 'decide for each mention of a field what of it is selected below',
      query: `query ($yes: Boolean!) {
        product { parent @skip(if: $yes) { name stars } parent { weight } ... @include(if: $yes) { parent { id } } }
      }`,
      variables: { yes: true },
      expect: { data: { product: { parent: { weight: 0, id: 'p0' } } }, asked: { catalog: 1 } },
    },
    {
      name: 'hide a key or a required field from the client, not from subgraphs',
      query: 'query ($yes: Boolean!) { product { id @skip(if: $yes) weight @skip(if: $yes) stars postage } }',
      variables: { yes: true },
      expect: {
        data: { product: { stars: 5, postage: 80 } },
        asked: [
          { subgraph: 'catalog' },
          { subgraph: 'reviews', representations: [{ __typename: 'Product', id: 'p1' }] },
          { subgraph: 'post', representations: [{ __typename: 'Product', id: 'p1', weight: 40 }] },
        ],
      },
    },
    {
      name: 'may leave nothing of an object but the object',
      query: '{ product { name @skip(if: true) } }',
      expect: { data: { product: {} }, asked: { catalog: 1 } },
    },
    {
      name: 'may leave nothing of an operation, and nobody is asked',
      query:
        'query ($no: Boolean!) { product @include(if: $no) { name } ... @include(if: $no) { headline } }',
      variables: { no: false },
      expect: { data: {}, asked: {} },
    },
    {
      name: 'work inside each other',
      query: `query ($a: Boolean!, $b: Boolean!) {
        ... @include(if: $a) { things { name ... on Product @skip(if: $b) { stars } } headline @skip(if: $b) }
      }`,
      variables: { a: true, b: true },
      expect: { data: { things: [{ name: 'Table' }] }, asked: { catalog: 1 } },
    },
    {
      name: 'hide __typename',
      query:
        'query ($yes: Boolean!) { __typename @skip(if: $yes) product { __typename @skip(if: $yes) stars } }',
      variables: { yes: true },
      expect: { data: { product: { stars: 5 } }, asked: { catalog: 1, reviews: 1 } },
    },
  ],
});
