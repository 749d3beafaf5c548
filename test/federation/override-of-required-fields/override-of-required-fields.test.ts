// `@override` of a field that another subgraph requires: that one gets it from where it is now.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'an overridden field that is required',
  subgraphs: {
    monolith: {
      sdl: `
        type Query { product: Product }
        type Product @key(fields: "id") { id: ID! weight: Int! price: Int! }
      `,
      resolvers: {
        Query: { product: () => ({ id: 'p1', weight: 1, price: 10 }) },
        Product: { __resolveReference: entityIn([{ id: 'p1', weight: 1, price: 10 }]) },
      },
    },
    measures: {
      sdl: `type Product @key(fields: "id") { id: ID! weight: Int! @override(from: "monolith") }`,
      resolvers: { Product: { __resolveReference: entityIn([{ id: 'p1', weight: 2 }]) } },
    },
    post: {
      sdl: `
        type Product @key(fields: "id") {
          id: ID!
          weight: Int! @external
          postage: Int @requires(fields: "weight")
        }
      `,
      resolvers: { Product: { postage: ({ weight }: { weight: number }) => weight * 5 } },
    },
  },
  operations: [
    {
      name: 'is fetched from its new home for the field that requires it',
      query: '{ product { postage price } }',
      expect: {
        data: { product: { postage: 10, price: 10 } },
        inOrder: true,
        asked: [
          { subgraph: 'monolith', selects: ['price'], omits: ['weight'] },
          { subgraph: 'measures', selects: ['weight'] },
          { subgraph: 'post', representations: [{ __typename: 'Product', id: 'p1', weight: 2 }] },
        ],
      },
    },
  ],
});
