// A supergraph that says what fields cost (@cost, @listSize) loads and answers as if it did not.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'a supergraph that says what fields cost',
  subgraphs: {
    catalog: {
      sdl: `
        type Query {
          products(first: Int = 2 @cost(weight: 1)): [Product!]! @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
          search(like: Like): [Product!]! @listSize(assumedSize: 10) @cost(weight: 5)
        }
        input Like { name: String @cost(weight: 3) }
        type Product @key(fields: "id") @cost(weight: 2) { id: ID! name: String! color: Color }
        enum Color @cost(weight: 1) { RED }
      `,
      resolvers: {
        Query: {
          products: (_, { first }) => ['a', 'b', 'c'].slice(0, Number(first)).map(product),
          search: (_, { like }) => [product((like as { name: string }).name)],
        },
      },
    },
    stock: {
      sdl: 'type Product @key(fields: "id") { id: ID! count: Int @cost(weight: 20) }',
      resolvers: {
        Product: { __resolveReference: entityIn(['a', 'b', 'c'].map((id) => ({ id, count: 1 }))) },
      },
    },
  },
  operations: [
    {
      name: 'answers lists, arguments and entities',
      query: '{ products { name count color } search(like: { name: "c" }) { count } }',
      expect: {
        data: {
          products: [
            { name: 'Product a', count: 1, color: 'RED' },
            { name: 'Product b', count: 1, color: 'RED' },
          ],
          search: [{ count: 1 }],
        },
        asked: { catalog: 1, stock: 1 },
      },
    },
  ],
});

function product(id: string) {
  return { id, name: `Product ${id}`, color: 'RED' };
}
