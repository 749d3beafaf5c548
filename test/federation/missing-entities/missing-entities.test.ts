// A subgraph that knows nothing of an entity, and says so without an error: what may be null is null, what is promised is missing.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const missing = (path: (string | number)[]) => ({ path, code: 'SUBGRAPH_VALUE_MISSING' });

federationCase({
  name: 'an entity that its subgraph does not know',
  subgraphs: {
    orders: {
      sdl: `
        type Query { lines: [Line]! line: Line strict: [Line!] }
        type Line { count: Int! product: Product promised: Product! }
        type Product @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          lines: () => [line('known'), line('gone')],
          line: () => line('gone'),
          strict: () => [line('known'), line('gone')],
        },
      },
    },
    catalog: {
      sdl: `
        type Product @key(fields: "id") { id: ID! name: String price: Int! maker: Maker tags: [String!]! }
        type Maker @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Product: {
          __resolveReference: entityIn([
            { id: 'known', name: 'Table', price: 3, maker: { id: 'm' }, tags: [] },
          ]),
        },
      },
    },
    makers: {
      sdl: 'type Maker @key(fields: "id") { id: ID! label: String! }',
      resolvers: { Maker: { __resolveReference: () => null } },
    },
  },
  operations: [
    {
      name: 'has nulls where they are allowed, and that is no error',
      query: '{ lines { count product { id name maker { id } } } }',
      expect: {
        data: {
          lines: [
            { count: 1, product: { id: 'known', name: 'Table', maker: { id: 'm' } } },
            { count: 1, product: { id: 'gone', name: null, maker: null } },
          ],
        },
      },
    },
    {
      name: 'is null where a value was promised',
      query: '{ line { count product { id name price } } }',
      expect: {
        data: { line: { count: 1, product: null } },
        errors: [missing(['line', 'product', 'price'])],
      },
    },
    {
      name: 'is null where a list was promised',
      query: '{ line { product { id list: tags } } }',
      expect: { data: { line: { product: null } }, errors: [missing(['line', 'product', 'list'])] },
    },
    {
      name: 'takes what holds it, when itself was promised',
      query: '{ lines { count promised { price } } }',
      expect: {
        data: { lines: [{ count: 1, promised: { price: 3 } }, null] },
        errors: [missing(['lines', 1, 'promised', 'price'])],
      },
    },
    {
      name: 'takes the list of those that are promised',
      query: '{ strict { promised { price } } }',
      expect: { data: { strict: null }, errors: [missing(['strict', 1, 'promised', 'price'])] },
    },
    {
      name: 'is still itself when nothing but its key is asked',
      query: '{ line { product { id __typename } } }',
      expect: {
        data: { line: { product: { id: 'gone', __typename: 'Product' } } },
        asked: { orders: 1 },
      },
    },
    {
      name: 'may be the last of a chain',
      query: '{ lines { product { name maker { id label } } } }',
      expect: {
        data: {
          lines: [{ product: { name: 'Table', maker: null } }, { product: { name: null, maker: null } }],
        },
        errors: [missing(['lines', 0, 'product', 'maker', 'label'])],
        asked: { orders: 1, catalog: 1, makers: 1 },
      },
    },
  ],
});

function line(id: string) {
  return { count: 1, product: { id }, promised: { id } };
}
