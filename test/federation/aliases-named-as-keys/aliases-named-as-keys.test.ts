// The client gives other fields the names of keys, required fields and of __typename: that is its business alone.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const overwritten = 'it reads keys and required fields from the client’s names';
const products = [
  { upc: 'p1', sku: 's1', name: 'Table', weight: 40, size: { width: 3, depth: 2 } },
  { upc: 'p2', sku: 's2', name: 'Chair', weight: 5, size: { width: 1, depth: 1 } },
];

federationCase({
  name: 'aliases that are names of keys and required fields',
  subgraphs: {
    products: {
      sdl: `
        type Query { products: [Product!]! things: [Thing!]! }
        union Thing = Product
        type Product @key(fields: "upc") {
          upc: ID! sku: ID! name: String! weight: Int! size: Size! notes: String
        }
        type Size { width: Int! depth: Int! }
      `,
      resolvers: {
        Query: {
          products: () => products,
          things: () => products.map((product) => ({ __typename: 'Product', ...product })),
        },
      },
    },
    stock: {
      sdl: `
        type Product @key(fields: "upc") {
          upc: ID! id: String! price: Int
          weight: Int! @external
          size: Size! @external
          postage: Int @requires(fields: "weight")
          crate: String @requires(fields: "size { width depth }")
        }
        type Size { width: Int! @external depth: Int! @external }
      `,
      resolvers: {
        Product: {
          __resolveReference: entityIn([
            { upc: 'p1', id: 'stock-1', price: 100 },
            { upc: 'p2', id: 'stock-2', price: 30 },
          ]),
          postage: ({ weight }) => Number(weight) * 2,
          crate: ({ size }) => Object.values(size as object).join(' by '),
        },
      },
    },
  },
  operations: [
    {
      name: 'exchange names of two fields',
      query: '{ products { id: name upc: price } }',
      expect: {
        data: {
          products: [
            { id: 'Table', upc: 100 },
            { id: 'Chair', upc: 30 },
          ],
        },
        asked: [
          { subgraph: 'products' },
          { subgraph: 'stock', representations: ['p1', 'p2'].map((upc) => ({ __typename: 'Product', upc })) },
        ],
      },
    },
    {
      name: 'hide the key behind another field of the same subgraph',
      query: '{ products { upc: name key: upc price } }',
      stockIsWrong: overwritten,
      expect: {
        data: {
          products: [
            { upc: 'Table', key: 'p1', price: 100 },
            { upc: 'Chair', key: 'p2', price: 30 },
          ],
        },
      },
    },
    {
      name: 'hide the key behind an object',
      query: '{ products { upc: size { depth } price } }',
      stockIsWrong: overwritten,
      expect: {
        data: {
          products: [
            { upc: { depth: 2 }, price: 100 },
            { upc: { depth: 1 }, price: 30 },
          ],
        },
      },
    },
    {
      name: 'hide a required field',
      query: '{ products { weight: name postage } }',
      stockIsWrong: overwritten,
      expect: {
        data: {
          products: [
            { weight: 'Table', postage: 80 },
            { weight: 'Chair', postage: 10 },
          ],
        },
      },
    },
    {
      name: 'hide a required field behind a field of the same type, so that nothing could notice',
      query: '{ products { weight: price postage } }',
      expect: {
        data: {
          products: [
            { weight: 100, postage: 80 },
            { weight: 30, postage: 10 },
          ],
        },
      },
    },
    {
      name: 'exchange required fields of an inner object',
      query: '{ products { size { width: depth depth: width } crate } }',
      stockIsWrong: overwritten,
      expect: {
        data: {
          products: [
            { size: { width: 2, depth: 3 }, crate: '3 by 2' },
            { size: { width: 1, depth: 1 }, crate: '1 by 1' },
          ],
        },
      },
    },
    {
      name: 'stand for the type name',
      query:
        '{ products { __typename: name price } things { __typename: __typename ... on Product { price } } }',
      stockIsWrong: overwritten,
      expect: {
        data: {
          products: [
            { __typename: 'Table', price: 100 },
            { __typename: 'Chair', price: 30 },
          ],
          things: [
            { __typename: 'Product', price: 100 },
            { __typename: 'Product', price: 30 },
          ],
        },
      },
    },
    {
      name: 'name a field of the other subgraph after the key',
      query: '{ products { upc: id name: upc } }',
      expect: {
        data: {
          products: [
            { upc: 'stock-1', name: 'p1' },
            { upc: 'stock-2', name: 'p2' },
          ],
        },
      },
    },
    {
      name: 'name fields of the root after the fields of federation',
      query: '{ _entities: products { _service: price } representations: products { upc } }',
      expect: {
        data: {
          _entities: [{ _service: 100 }, { _service: 30 }],
          representations: [{ upc: 'p1' }, { upc: 'p2' }],
        },
      },
    },
    {
      name: 'may be all taken at once, and errors speak the client’s language',
      query: '{ upc: products { upc: name weight: price } }',
      stockIsWrong: overwritten,
      misbehaving: { stock: 'hang up' },
      expect: {
        data: {
          upc: [
            { upc: 'Table', weight: null },
            { upc: 'Chair', weight: null },
          ],
        },
        errors: [0, 1].map((index) => ({ path: ['upc', index, 'weight'], code: 'SUBGRAPH_UNAVAILABLE' })),
      },
    },
  ],
});
