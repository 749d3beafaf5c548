// A chain of subgraphs, where each one's question needs what the one before has answered.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const unavailable = (path: (string | number)[]) => ({ path, code: 'SUBGRAPH_UNAVAILABLE' });

federationCase({
  name: 'a chain of subgraphs',
  subgraphs: {
    orders: {
      sdl: `
        type Query { order(id: ID!): Order orders: [Order!]! }
        type Order { id: ID! total: Int! product: Product }
        type Product @key(fields: "sku") { sku: String! }
      `,
      resolvers: {
        Query: {
          order: (_, { id }) =>
            id === 'none' ? { id, total: 0, product: null } : order(String(id), 'chair'),
          orders: () => [order('o1', 'chair'), order('o2', 'lamp'), order('o3', 'chair')],
        },
      },
    },
    products: {
      sdl: `
        type Product @key(fields: "sku") @key(fields: "ean") {
          sku: String! ean: String! name: String brand: Brand
        }
        type Brand @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Product: {
          __resolveReference: entityIn([
            { sku: 'chair', ean: '400', name: 'Chair', brand: { id: 'aalto' } },
            { sku: 'lamp', ean: '500', name: 'Lamp', brand: null },
          ]),
        },
      },
    },
    brands: {
      sdl: `
        type Brand @key(fields: "id") { id: ID! label: String country: Country }
        type Country @key(fields: "code") { code: String! }
      `,
      resolvers: {
        Brand: { __resolveReference: entityIn([{ id: 'aalto', label: 'Aalto', country: { code: 'FI' } }]) },
      },
    },
    countries: {
      sdl: 'type Country @key(fields: "code") { code: String! capital: String! }',
      resolvers: { Country: { __resolveReference: entityIn([{ code: 'FI', capital: 'Helsinki' }]) } },
    },
    stores: {
      sdl: 'type Product @key(fields: "ean") { ean: String! inStock: Int }',
      resolvers: { Product: { __resolveReference: entityIn([{ ean: '400', inStock: 3 }]) } },
    },
  },
  operations: [
    {
      name: 'is asked link by link',
      query: '{ order(id: "o1") { product { brand { country { capital } label } name } total } }',
      expect: {
        data: {
          order: {
            product: { brand: { country: { capital: 'Helsinki' }, label: 'Aalto' }, name: 'Chair' },
            total: 5,
          },
        },
        asked: [
          { subgraph: 'orders', selects: ['sku'] },
          { subgraph: 'products', representations: [{ __typename: 'Product', sku: 'chair' }] },
          { subgraph: 'brands', representations: [{ __typename: 'Brand', id: 'aalto' }] },
          { subgraph: 'countries', representations: [{ __typename: 'Country', code: 'FI' }] },
        ],
        inOrder: true,
      },
    },
    {
      name: 'is asked once each for a whole list, and not beyond the nulls in it',
      query: '{ orders { id product { name brand { label country { code } } inStock } } }',
      expect: {
        data: {
          orders: [
            {
              id: 'o1',
              product: { name: 'Chair', brand: { label: 'Aalto', country: { code: 'FI' } }, inStock: 3 },
            },
            { id: 'o2', product: { name: 'Lamp', brand: null, inStock: null } },
            {
              id: 'o3',
              product: { name: 'Chair', brand: { label: 'Aalto', country: { code: 'FI' } }, inStock: 3 },
            },
          ],
        },
        asked: [
          { subgraph: 'orders' },
          {
            subgraph: 'products',
            representations: ['chair', 'lamp'].map((sku) => ({ __typename: 'Product', sku })),
          },
          { subgraph: 'brands', representations: [{ __typename: 'Brand', id: 'aalto' }] },
          {
            subgraph: 'stores',
            representations: ['400', '500'].map((ean) => ({ __typename: 'Product', ean })),
          },
        ],
      },
    },
    {
      name: 'ends where there is nothing',
      query: '{ order(id: "none") { id product { brand { country { capital } } inStock } } }',
      expect: { data: { order: { id: 'none', product: null } }, asked: { orders: 1 } },
    },
    {
      name: 'breaks at the field of the link that failed, and nobody after it is asked',
      query: '{ order(id: "o1") { total product { sku brand { country { capital } } } } }',
      misbehaving: { products: 'hang up' },
      expect: {
        data: { order: { total: 5, product: { sku: 'chair', brand: null } } },
        errors: [unavailable(['order', 'product', 'brand'])],
        asked: { orders: 1, products: 1 },
      },
    },
    {
      name: 'breaks for fields whose key came from the link that failed',
      query: '{ order(id: "o1") { product { stock: inStock sku name } } }',
      misbehaving: { products: 'hang up' },
      expect: {
        data: { order: { product: { stock: null, sku: 'chair', name: null } } },
        errors: [unavailable(['order', 'product', 'stock']), unavailable(['order', 'product', 'name'])],
        asked: { orders: 1, products: 1 },
      },
    },
    {
      name: 'breaks in its middle, and keeps what was there before',
      query: '{ order(id: "o1") { product { name brand { id label country { capital } } inStock } } }',
      misbehaving: { brands: { status: 503, body: 'busy' } },
      expect: {
        data: {
          order: {
            product: { name: 'Chair', brand: { id: 'aalto', label: null, country: null }, inStock: 3 },
          },
        },
        errors: [
          unavailable(['order', 'product', 'brand', 'label']),
          unavailable(['order', 'product', 'brand', 'country']),
        ],
        asked: { orders: 1, products: 1, brands: 1, stores: 1 },
      },
    },
    {
      name: 'whose last link fails loses the last object alone',
      query: '{ order(id: "o1") { product { name brand { label country { capital } } } } }',
      misbehaving: { countries: 'hang up' },
      expect: {
        data: { order: { product: { name: 'Chair', brand: { label: 'Aalto', country: null } } } },
        errors: [unavailable(['order', 'product', 'brand', 'country', 'capital'])],
      },
    },
    {
      name: 'whose first link fails asks nobody else',
      query: '{ one: order(id: "o1") { product { name } } two: order(id: "o2") { id } }',
      misbehaving: { orders: 'hang up' },
      expect: {
        data: { one: null, two: null },
        errors: [unavailable(['one']), unavailable(['two'])],
        asked: { orders: 1 },
      },
    },
  ],
});

function order(id: string, sku: string) {
  return { id, total: 5, product: { sku } };
}
