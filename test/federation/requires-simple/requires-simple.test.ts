// A field with `@requires` is computed by its subgraph from a field of another one, which the representation brings along.
import { federationCase } from '../harness/federation-case.ts';

const products = [
  { upc: 'p1', name: 'Table', price: 899, weight: 100 },
  { upc: 'p2', name: 'Couch', price: 1299, weight: 1000 },
  { upc: 'p3', name: 'Idea', price: 5, weight: null },
];

federationCase({
  name: 'a field that requires a field of another subgraph',
  subgraphs: {
    products: {
      sdl: `
        type Query { products: [Product!]! product(upc: ID!): Product }
        type Product @key(fields: "upc") { upc: ID! name: String! price: Int! weight: Int }
      `,
      resolvers: {
        Query: {
          products: () => products,
          product: (_, { upc }) => products.find((product) => product.upc === upc),
        },
        Product: {
          weight: ({ upc, weight }) => {
            if (upc === 'p2') throw new Error('the scales are broken');
            return weight;
          },
        },
      },
    },
    shipping: {
      sdl: `
        type Product @key(fields: "upc") {
          upc: ID!
          weight: Int @external
          price: Int! @external
          shipping: Int @requires(fields: "weight")
          insurance: Int @requires(fields: "price weight")
          carriers: [String!]
        }
      `,
      resolvers: {
        Product: {
          shipping: ({ weight }: { weight?: number | null }) => (weight == null ? weight : weight / 10),
          insurance: ({ weight, price }: { weight?: number | null; price?: number }) =>
            price === undefined ? undefined : price + (weight ?? 0),
          carriers: () => ['Hermes'],
        },
      },
    },
  },
  operations: [
    {
      name: 'has it fetched first, and sent in the representation, without a trace in the answer',
      query: '{ product(upc: "p1") { shipping } }',
      expect: {
        data: { product: { shipping: 10 } },
        inOrder: true,
        asked: [
          { subgraph: 'products', selects: ['upc', 'weight'], omits: ['price', 'name'] },
          {
            subgraph: 'shipping',
            selects: ['shipping'],
            representations: [{ __typename: 'Product', upc: 'p1', weight: 100 }],
          },
        ],
      },
    },
    {
      name: 'is computed from null where the other field is null',
      query: '{ product(upc: "p3") { shipping insurance } }',
      expect: {
        data: { product: { shipping: null, insurance: 5 } },
        asked: [
          { subgraph: 'products' },
          {
            subgraph: 'shipping',
            representations: [{ __typename: 'Product', upc: 'p3', weight: null, price: 5 }],
          },
        ],
      },
    },
    {
      name: 'shares one fetch of the entity with fields that require nothing',
      query: '{ product(upc: "p1") { insurance carriers shipping name } }',
      expect: {
        data: { product: { insurance: 999, carriers: ['Hermes'], shipping: 10, name: 'Table' } },
        asked: { products: 1, shipping: 1 },
      },
    },
    {
      name: 'carries the failure of what it requires, and its neighbours do not',
      query: '{ product(upc: "p2") { name cost: shipping carriers } }',
      expect: {
        data: { product: { name: 'Couch', cost: null, carriers: ['Hermes'] } },
        errors: [{ path: ['product', 'cost'], code: 'INTERNAL_SERVER_ERROR' }],
      },
    },
    {
      name: 'is told from what the client selects itself, also when that has another name',
      query: '{ product(upc: "p1") { weight: name price: shipping mass: weight } }',
      expect: {
        data: { product: { weight: 'Table', price: 10, mass: 100 } },
        asked: [
          { subgraph: 'products' },
          {
            subgraph: 'shipping',
            representations: [{ __typename: 'Product', upc: 'p1', weight: 100 }],
          },
        ],
      },
      stockIsWrong: 'It sends the name under the alias "weight" as what is required.',
    },
  ],
});
