// `@override` with a label: while nobody switches the label on, the field stays where it was, and everything else works.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'a progressively overridden field',
  subgraphs: {
    monolith: {
      sdl: `
        type Query { product: Product }
        type Product @key(fields: "id") { id: ID! name: String price: Int }
      `,
      resolvers: {
        Query: { product: () => ({ id: 'p1', name: 'Lamp', price: 1 }) },
        Product: { __resolveReference: entityIn([{ id: 'p1', name: 'Lamp', price: 1 }]) },
      },
    },
    pricing: {
      sdl: `
        type Query { cheapest: Product }
        type Product @key(fields: "id") {
          id: ID!
          price: Int @override(from: "monolith", label: "percent(0)")
          discount: Int
        }
      `,
      resolvers: {
        Query: { cheapest: () => ({ id: 'p1', price: 2, discount: 3 }) },
        Product: { __resolveReference: entityIn([{ id: 'p1', price: 2, discount: 3 }]) },
      },
    },
  },
  operations: [
    {
      name: 'is answered by its old home',
      query: '{ product { name price } }',
      expect: {
        data: { product: { name: 'Lamp', price: 1 } },
        asked: [{ subgraph: 'monolith', selects: ['price'] }],
      },
    },
    {
      name: 'is answered by its old home also where its new one is asked first',
      query: '{ cheapest { discount price } }',
      expect: {
        data: { cheapest: { discount: 3, price: 1 } },
        asked: [
          { subgraph: 'pricing', omits: ['price'] },
          { subgraph: 'monolith', selects: ['price'] },
        ],
      },
    },
  ],
});
