// `@requires` of a field with arguments: each requirement gets the field as it wants it, whatever else selects that field.
import { federationCase } from '../harness/federation-case.ts';

const rates: Record<string, number> = { EUR: 1, USD: 2, YEN: 100 };

federationCase({
  name: 'a requirement with arguments',
  subgraphs: {
    shop: {
      sdl: `
        type Query { product(id: ID!): Product products: [Product!]! }
        type Product @key(fields: "id") {
          id: ID!
          name: String
          price(currency: String = "EUR", cents: Boolean): Int
          stock(in: Place, kinds: [Kind!], note: String): String
        }
        input Place { country: String = "NL" floors: [Int] }
        enum Kind { NEW USED }
      `,
      resolvers: {
        Query: {
          product: (_, { id }) => ({ id, name: 'Lamp' }),
          products: () => [
            { id: '3', name: 'Rug' },
            { id: '7', name: 'Lamp' },
          ],
        },
        Product: {
          price: ({ id }, { currency, cents }: { currency: string; cents?: boolean }) =>
            Number(id) * (rates[currency] ?? 0) * (cents ? 100 : 1),
          stock: (_, given) => JSON.stringify(given),
        },
      },
    },
    freight: {
      sdl: `
        type Product @key(fields: "id") {
          id: ID!
          price(currency: String = "EUR", cents: Boolean): Int @external
          duty: Int @requires(fields: "price(currency: \\"USD\\")")
          levy: Int @requires(fields: "price(currency: \\"YEN\\", cents: true)")
          stock(in: Place, kinds: [Kind!], note: String): String @external
          near: String
            @requires(fields: "stock(in: { floors: [1, null] }, kinds: [NEW, USED], note: \\"say \\\\\\"hi\\\\\\"\\")")
          far: String @requires(fields: "stock(in: null, kinds: NEW)")
        }
        input Place { country: String = "NL" floors: [Int] }
        enum Kind { NEW USED }
      `,
      resolvers: {
        Product: {
          duty: ({ price }: { price: number }) => price + 1,
          levy: ({ price }: { price: number }) => price + 2,
          near: ({ stock }) => stock,
          far: ({ stock }) => stock,
        },
      },
    },
  },
  operations: [
    {
      name: 'is fetched with its arguments and sent under the name of the field',
      query: '{ product(id: "7") { duty } }',
      expect: {
        data: { product: { duty: 15 } },
        asked: [
          { subgraph: 'shop', selects: ['price(currency: "USD")'] },
          {
            subgraph: 'freight',
            selects: ['duty'],
            representations: [{ __typename: 'Product', id: '7', price: 14 }],
          },
        ],
      },
    },
    {
      name: 'stays apart from another requirement of the same field with other arguments',
      query: '{ product(id: "7") { duty levy } }',
      expect: {
        data: { product: { duty: 15, levy: 70_002 } },
        asked: [
          {
            subgraph: 'shop',
            selects: ['price(currency: "USD")', 'price(currency: "YEN", cents: true)'],
          },
          {
            subgraph: 'freight',
            selects: ['duty', 'levy'],
            representations: [
              { __typename: 'Product', id: '7', price: 14 },
              { __typename: 'Product', id: '7', price: 70_000 },
            ],
          },
        ],
      },
      stockIsWrong: 'Both requirements get whichever price was fetched.',
    },
    {
      name: 'stays apart from what the client asks of the field, with a literal, a default or a variable',
      query: `query($currency: String) {
        products { price euros: price(currency: "EUR") duty mine: price(currency: $currency, cents: false) levy }
      }`,
      variables: { currency: 'YEN' },
      expect: {
        data: {
          products: [
            { price: 3, euros: 3, duty: 7, mine: 300, levy: 30_002 },
            { price: 7, euros: 7, duty: 15, mine: 700, levy: 70_002 },
          ],
        },
        asked: { shop: 1, freight: 1 },
      },
      stockIsWrong: "The requirements get the client's own price.",
    },
    {
      name: 'may have arguments of every kind',
      query: '{ product(id: "7") { near far stock } }',
      expect: {
        data: {
          product: {
            near: '{"in":{"country":"NL","floors":[1,null]},"kinds":["NEW","USED"],"note":"say \\"hi\\""}',
            far: '{"in":null,"kinds":["NEW"]}',
            stock: '{}',
          },
        },
        asked: { shop: 1, freight: 1 },
      },
      stockIsWrong: 'Both requirements get the same stock.',
    },
    {
      name: 'takes nothing from a client that asks for exactly what is required',
      query: '{ product(id: "7") { price: price(currency: "USD") duty } }',
      expect: {
        data: { product: { price: 14, duty: 15 } },
        asked: [
          { subgraph: 'shop' },
          { subgraph: 'freight', representations: [{ __typename: 'Product', id: '7', price: 14 }] },
        ],
      },
    },
    {
      name: 'is not confused by an alias that is the name of the field',
      query: '{ product(id: "7") { price: name duty } }',
      expect: { data: { product: { price: 'Lamp', duty: 15 } }, asked: { shop: 1, freight: 1 } },
      stockIsWrong: 'It sends the name under the alias "price" as the required price.',
    },
  ],
});
