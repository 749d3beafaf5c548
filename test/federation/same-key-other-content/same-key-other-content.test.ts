// Entities that have the same key, and yet not the same content: each place keeps its own, whatever else is fetched for it.

import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const selections = ['price name shipping', 'price shipping name', 'name shipping', 'shipping name'];
const product: Record<string, unknown>[] = [
  { price: 1, name: 'chair', shipping: 10 },
  { price: 2, name: 'chair', shipping: 20 },
];

function picked(from: Record<string, unknown> | undefined, selection: string): Record<string, unknown> {
  return Object.fromEntries(selection.split(' ').map((name) => [name, from?.[name]]));
}

federationCase({
  name: 'an entity whose subgraph gives it another price at each place',
  subgraphs: {
    shop: {
      sdl: `
        type Query { lines: [Line!]! offer: Product }
        type Line { product: Product }
        type Product @key(fields: "id") { id: ID! price: Int @shareable }
      `,
      resolvers: {
        Query: {
          lines: () => [{ product: { id: 'chair', price: 1 } }, { product: { id: 'chair', price: 2 } }],
          offer: () => ({ id: 'chair', price: 3 }),
        },
      },
    },
    names: {
      sdl: 'type Product @key(fields: "id") { id: ID! name: String }',
      resolvers: { Product: { __resolveReference: (given) => given, name: ({ id }) => id } },
    },
    shipping: {
      sdl: `
        type Product @key(fields: "id") {
          id: ID! price: Int @external
          shipping: Int @requires(fields: "price")
        }
      `,
      resolvers: {
        Product: { __resolveReference: (given) => given, shipping: ({ price }) => Number(price) * 10 },
      },
    },
  },
  operations: [
    ...selections.map((selection) => ({
      name: `keeps them where the client asks for ${selection}`,
      query: `{ lines { product { ${selection} } } }`,
      expect: {
        data: { lines: product.map((each) => ({ product: picked(each, selection) })) },
        asked: [
          { subgraph: 'shop' },
          { subgraph: 'names', representations: [{ __typename: 'Product', id: 'chair' }] },
          {
            subgraph: 'shipping',
            representations: [1, 2].map((price) => ({ __typename: 'Product', id: 'chair', price })),
          },
        ],
      },
    })),
    {
      name: 'keeps them where nothing but the key is needed further on',
      query: '{ lines { product { price name } } }',
      expect: {
        data: { lines: product.map((each) => ({ product: picked(each, 'price name') })) },
        asked: { shop: 1, names: 1 },
      },
    },
    {
      name: 'keeps them under two fields of the root',
      query: '{ offer { name shipping price } lines { product { shipping name } } }',
      expect: {
        data: {
          offer: { name: 'chair', shipping: 30, price: 3 },
          lines: product.map((each) => ({ product: picked(each, 'shipping name') })),
        },
      },
    },
    {
      name: 'lacks it at one place alone',
      query: '{ lines { product { price shipping name } } }',
      misbehaving: {
        shop: says(
          {
            lines: [1, null].map((price) => ({ product: { __typename: 'Product', id: 'chair', price } })),
          },
          [{ message: 'Not now.', path: ['lines', 1, 'product', 'price'], extensions: { code: 'CONFLICT' } }],
        ),
      },
      expect: {
        data: {
          lines: [
            { product: { price: 1, shipping: 10, name: 'chair' } },
            { product: { price: null, shipping: null, name: 'chair' } },
          ],
        },
        errors: ['price', 'shipping'].map((name) => ({
          path: ['lines', 1, 'product', name],
          code: 'CONFLICT',
        })),
      },
      stockIsWrong: 'It asks what shipping costs where there is no price.',
    },
  ],
});

federationCase({
  name: 'two types with the same key, of which one subgraph knows the interface alone,',
  subgraphs: {
    library: {
      sdl: `
        type Query { items: [Media!]! }
        interface Media @key(fields: "id") { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! }
        type Film implements Media @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          items: () => [
            { __typename: 'Book', id: '1' },
            { __typename: 'Film', id: '1' },
          ],
        },
      },
    },
    ratings: {
      sdl: 'type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }',
      resolvers: { Media: { __resolveReference: (given) => given, stars: () => 5 } },
    },
    details: {
      sdl: `
        type Book @key(fields: "id") { id: ID! pages: Int }
        type Film @key(fields: "id") { id: ID! minutes: Int }
      `,
      resolvers: {
        Book: { __resolveReference: (given) => given, pages: () => 100 },
        Film: { __resolveReference: (given) => given, minutes: () => 90 },
      },
    },
  },
  operations: [
    ...[
      'stars ... on Book { pages } ... on Film { minutes }',
      '... on Book { pages } ... on Film { minutes } stars',
    ].map((selection) => ({
      name: `stay what they are: ${selection}`,
      query: `{ items { id __typename ${selection} } }`,
      expect: {
        data: {
          items: selection.startsWith('stars')
            ? [
                { id: '1', __typename: 'Book', stars: 5, pages: 100 },
                { id: '1', __typename: 'Film', stars: 5, minutes: 90 },
              ]
            : [
                { id: '1', __typename: 'Book', pages: 100, stars: 5 },
                { id: '1', __typename: 'Film', minutes: 90, stars: 5 },
              ],
        },
        asked: { library: 1, ratings: 1, details: 1 },
      },
    })),
    {
      name: 'stay what they are where only one of them is rated',
      query: '{ items { ... on Book { pages } ... on Film { stars minutes } } }',
      expect: { data: { items: [{ pages: 100 }, { stars: 5, minutes: 90 }] } },
    },
  ],
});
