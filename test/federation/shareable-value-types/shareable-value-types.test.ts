// A value type without a key whose fields are spread over subgraphs: each part is asked where the type is reached.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'shared value types',
  subgraphs: {
    shop: {
      sdl: `
        type Query { product: Product store: Store @shareable }
        type Product @key(fields: "id") { id: ID! size: Size @shareable }
        type Size @shareable { width: Int! unit: Unit! }
        type Unit { name: String! @shareable factor: Int! }
        type Store { name: String! @shareable street: String! }
      `,
      resolvers: {
        Query: {
          product: () => ({ id: 'p1', size: { width: 3, unit: { name: 'cm', factor: 10 } } }),
          store: () => ({ name: 'Corner shop', street: 'Main Street' }),
        },
      },
    },
    depot: {
      sdl: `
        type Query { store: Store @shareable }
        type Product @key(fields: "id") { id: ID! size: Size @shareable }
        type Size { width: Int! @shareable depth: Int! unit: Unit! @shareable }
        type Unit { name: String! @shareable symbol: String! }
        type Store { name: String! @shareable gates: Int! }
      `,
      resolvers: {
        Query: { store: () => ({ name: 'Corner shop', gates: 4 }) },
        Product: {
          __resolveReference: entityIn([
            { id: 'p1', size: { width: 3, depth: 5, unit: { name: 'cm', symbol: '㎝' } } },
          ]),
        },
      },
    },
  },
  operations: [
    {
      name: 'are answered by one subgraph where it knows all that is wanted',
      query: '{ product { size { width unit { name factor } } } store { name } }',
      expect: {
        data: {
          product: { size: { width: 3, unit: { name: 'cm', factor: 10 } } },
          store: { name: 'Corner shop' },
        },
        asked: { shop: 1 },
      },
    },
    {
      name: 'below an entity are put together from both, nested ones too',
      query: '{ product { size { depth width unit { factor symbol name } } } }',
      expect: {
        data: { product: { size: { depth: 5, width: 3, unit: { factor: 10, symbol: '㎝', name: 'cm' } } } },
        asked: [
          { subgraph: 'shop', selects: ['factor'], omits: ['depth', 'symbol'] },
          {
            subgraph: 'depot',
            selects: ['depth', 'symbol'],
            omits: ['factor'],
            representations: [{ __typename: 'Product', id: 'p1' }],
          },
        ],
      },
    },
    {
      name: 'at the root are put together from both, asked at once',
      query: '{ store { gates name street } }',
      expect: {
        data: { store: { gates: 4, name: 'Corner shop', street: 'Main Street' } },
        asked: [
          { subgraph: 'shop', selects: ['street'], omits: ['gates'] },
          { subgraph: 'depot', selects: ['gates'], omits: ['street'] },
        ],
      },
    },
    {
      name: 'lose only the part of the subgraph that fails, as far as its fields may be null',
      query: '{ product { id size { width depth } } }',
      misbehaving: { depot: 'hang up' },
      expect: {
        data: { product: { id: 'p1', size: null } },
        errors: [{ path: ['product', 'size', 'depth'], code: 'SUBGRAPH_UNAVAILABLE' }],
      },
    },
  ],
});
