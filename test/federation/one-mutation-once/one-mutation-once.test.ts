// A mutation that is written twice is one mutation to GraphQL, and is sent once.
import { federationCase } from '../harness/federation-case.ts';

let added = 0;

federationCase({
  name: 'a mutation under one name',
  subgraphs: {
    carts: {
      sdl: `
        type Query { pieces: Int }
        type Mutation { add(input: Piece!): Cart }
        input Piece { product: ID! quantity: Int }
        type Cart @key(fields: "id") { id: ID! pieces: Int code: String }
      `,
      resolvers: {
        Mutation: {
          add: (_, { input }) => {
            added += (input as { quantity: number }).quantity;
            return { id: 'c1', pieces: added, code: 'OK' };
          },
        },
      },
    },
  },
  operations: [
    {
      name: 'runs once, in whatever order its input is written',
      query:
        'mutation { add(input: {product: "p", quantity: 1}) { pieces } add(input: {quantity: 1, product: "p"}) { code } }',
      reset: () => {
        added = 0;
      },
      expect: { data: { add: { pieces: 1, code: 'OK' } }, asked: { carts: 1 } },
    },
    {
      name: 'and runs twice under two names',
      query:
        'mutation { a: add(input: {product: "p", quantity: 1}) { pieces } b: add(input: {quantity: 1, product: "p"}) { pieces } }',
      reset: () => {
        added = 0;
      },
      expect: { data: { a: { pieces: 1 }, b: { pieces: 2 } } },
    },
  ],
});
