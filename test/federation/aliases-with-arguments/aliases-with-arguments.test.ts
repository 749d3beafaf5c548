// One field under several aliases with different arguments is several fields, wherever in the plan it lies.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'one field with different arguments',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { product(id: ID!): Product }
        type Product @key(fields: "id") { id: ID! image(size: Int!): String! parts(first: Int!): [Product!]! }
      `,
      resolvers: {
        Query: { product: (_, { id }) => ({ id }) },
        Product: {
          image: ({ id }, { size }) => `${id}-${size}.png`,
          parts: ({ id }, { first }) =>
            ['x', 'y', 'z'].slice(0, Number(first)).map((part) => ({ id: `${id}${part}` })),
        },
      },
    },
    prices: {
      sdl: `
        type Product @key(fields: "id") { id: ID! price(in: Currency = EUR): Price! tags(like: [String!]): [String!] }
        type Price { amount(decimals: Int = 2): String! }
        enum Currency { EUR USD }
      `,
      resolvers: {
        Product: {
          __resolveReference: entityIn([{ id: 'p' }, { id: 'q' }, { id: 'px' }, { id: 'py' }, { id: 'pz' }]),
          price: ({ id }, args) => ({ id, in: args['in'] }),
          tags: (_, { like }) => like ?? ['all'],
        },
        Price: {
          amount: ({ id, in: currency }, { decimals }) =>
            `${id}: ${(1).toFixed(Number(decimals))} ${currency}`,
        },
      },
    },
  },
  operations: [
    {
      name: 'is several fields of the root, of one request',
      query: '{ one: product(id: "p") { id } two: product(id: "q") { id } product(id: "r") { id } }',
      expect: {
        data: { one: { id: 'p' }, two: { id: 'q' }, product: { id: 'r' } },
        asked: { catalog: 1 },
      },
    },
    {
      name: 'is several fields of an object',
      query:
        '{ product(id: "p") { small: image(size: 1) image(size: 2) big: image(size: 100) small: image(size: 1) } }',
      expect: { data: { product: { small: 'p-1.png', image: 'p-2.png', big: 'p-100.png' } } },
    },
    {
      name: 'is several fields of an entity',
      query: `query ($us: Currency) { product(id: "p") {
        dollars: price(in: $us) { exact: amount amount(decimals: 0) }
        price { amount(decimals: 1) }
        few: tags(like: ["a"]) tags
      } }`,
      variables: { us: 'USD' },
      expect: {
        data: {
          product: {
            dollars: { exact: 'p: 1.00 USD', amount: 'p: 1 USD' },
            price: { amount: 'p: 1.0 EUR' },
            few: ['a'],
            tags: ['all'],
          },
        },
        asked: { catalog: 1, prices: 1 },
      },
    },
    {
      name: 'is several lists, whose entities are not mixed up',
      query: `{ product(id: "p") {
        one: parts(first: 1) { id price { amount } }
        all: parts(first: 3) { price(in: USD) { amount(decimals: 0) } }
      } }`,
      expect: {
        data: {
          product: {
            one: [{ id: 'px', price: { amount: 'px: 1.00 EUR' } }],
            all: ['px', 'py', 'pz'].map((id) => ({ price: { amount: `${id}: 1 USD` } })),
          },
        },
        asked: { catalog: 1, prices: 1 },
      },
    },
    {
      name: 'is one field where the arguments are the same under one name',
      query: `query ($in: Currency) { product(id: "p") { price(in: $in) { amount } ...Price } }
        fragment Price on Product { price(in: $in) { exact: amount(decimals: 3) } }`,
      variables: { in: 'USD' },
      expect: { data: { product: { price: { amount: 'p: 1.00 USD', exact: 'p: 1.000 USD' } } } },
    },
    {
      name: 'under other aliases in another operation is not answered from the first one’s plan',
      query: '{ product(id: "p") { small: image(size: 100) big: image(size: 1) } }',
      expect: { data: { product: { small: 'p-100.png', big: 'p-1.png' } } },
    },
  ],
});
