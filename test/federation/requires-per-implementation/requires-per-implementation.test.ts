// Implementations of an interface whose common field has other requirements in each of them, deep in lists.
import { federationCase } from '../harness/federation-case.ts';

const carts = [
  {
    id: 'c1',
    rows: [
      [
        { __typename: 'Book', isbn: 'b1', pages: 100 },
        { __typename: 'Poster', id: 'x1', size: { cm: 40 } },
      ],
      [],
    ],
  },
  {
    id: 'c2',
    rows: [[{ __typename: 'Book', isbn: 'b1', pages: 100 }, { __typename: 'Voucher', code: 'v1' }, null]],
  },
];

federationCase({
  name: 'a requirement for each implementation',
  subgraphs: {
    shop: {
      sdl: `
        type Query { carts: [Cart!]! }
        type Cart { id: ID! rows: [[Item]!]! }
        interface Item { label: String }
        type Book implements Item @key(fields: "isbn") { isbn: ID! pages: Int! label: String }
        type Poster implements Item @key(fields: "id") { id: ID! size: Size label: String }
        type Voucher implements Item { code: ID! label: String grams: Int @shareable }
        type Size { cm: Int! }
      `,
      resolvers: { Query: { carts: () => carts }, Voucher: { grams: () => 0 } },
    },
    post: {
      sdl: `
        interface Heavy { grams: Int }
        type Book implements Heavy @key(fields: "isbn") {
          isbn: ID!
          pages: Int! @external
          grams: Int @requires(fields: "pages")
        }
        type Poster implements Heavy @key(fields: "id") {
          id: ID!
          size: Size @external
          grams: Int @requires(fields: "size { cm }")
        }
        type Size { cm: Int! @external }
      `,
      resolvers: {
        Book: { grams: ({ pages }: { pages: number }) => pages * 2 },
        Poster: { grams: ({ size }: { size: { cm: number } }) => size.cm },
      },
    },
  },
  operations: [
    {
      name: 'is sent for each entity once, all of them in one request',
      query: `{
        carts { rows { __typename ... on Book { grams } ... on Poster { grams } ... on Voucher { grams code } } id }
      }`,
      expect: {
        data: {
          carts: [
            {
              rows: [
                [
                  { __typename: 'Book', grams: 200 },
                  { __typename: 'Poster', grams: 40 },
                ],
                [],
              ],
              id: 'c1',
            },
            {
              rows: [
                [{ __typename: 'Book', grams: 200 }, { __typename: 'Voucher', grams: 0, code: 'v1' }, null],
              ],
              id: 'c2',
            },
          ],
        },
        asked: [
          { subgraph: 'shop', selects: ['pages', 'cm', 'code'] },
          {
            subgraph: 'post',
            representations: [
              { __typename: 'Book', isbn: 'b1', pages: 100 },
              { __typename: 'Poster', id: 'x1', size: { cm: 40 } },
            ],
          },
        ],
      },
    },
    {
      name: 'can be reached through an interface that only the other subgraph has',
      query: '{ carts { rows { ... on Heavy { weight: grams } } } }',
      expect: {
        data: {
          carts: [{ rows: [[{ weight: 200 }, { weight: 40 }], []] }, { rows: [[{ weight: 200 }, {}, null]] }],
        },
        asked: { shop: 1, post: 1 },
      },
    },
  ],
});
