// A key that lies in another entity: an offer is named by the product it is for and by its seller.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const offers = [
  { product: { upc: 'p1' }, seller: { id: 's1' }, price: 3 },
  { product: { upc: 'p1' }, seller: { id: 's2' }, price: 4 },
];

federationCase({
  name: 'a key within other entities',
  subgraphs: {
    offers: {
      sdl: `
        type Query { offers: [Offer!]! }
        type Offer @key(fields: "product { upc } seller { id }") { product: Product! seller: Seller! price: Int! }
        type Product @key(fields: "upc", resolvable: false) { upc: ID! }
        type Seller @key(fields: "id", resolvable: false) { id: ID! }
      `,
      resolvers: { Query: { offers: () => offers } },
    },
    catalog: {
      sdl: `
        type Query { product: Product }
        type Product @key(fields: "upc") { upc: ID! name: String! }
      `,
      resolvers: {
        Query: { product: () => ({ upc: 'p1', name: 'Lamp' }) },
        Product: { __resolveReference: entityIn([{ upc: 'p1', name: 'Lamp' }]) },
      },
    },
    delivery: {
      sdl: `
        type Offer @key(fields: "product { upc } seller { id }") {
          product: Product!
          seller: Seller!
          days: Int
        }
        type Product @key(fields: "upc") { upc: ID! fastest: Int }
        type Seller @key(fields: "id") { id: ID! country: String }
      `,
      resolvers: {
        Offer: {
          __resolveReference: entityIn([
            { ...offers[0], days: 2 },
            { ...offers[1], days: 9 },
          ]),
        },
        Product: { fastest: () => 2 },
        Seller: { country: ({ id }) => (id === 's1' ? 'NL' : 'DE') },
      },
    },
  },
  operations: [
    {
      name: 'is sent in its shape',
      query: '{ offers { days price } }',
      expect: {
        data: {
          offers: [
            { days: 2, price: 3 },
            { days: 9, price: 4 },
          ],
        },
        asked: [
          { subgraph: 'offers', selects: ['upc', 'id', 'price'] },
          {
            subgraph: 'delivery',
            representations: [
              { __typename: 'Offer', product: { upc: 'p1' }, seller: { id: 's1' } },
              { __typename: 'Offer', product: { upc: 'p1' }, seller: { id: 's2' } },
            ],
          },
        ],
      },
    },
    {
      name: 'does not mix with the entities in it, which other subgraphs fill',
      query: '{ offers { product { name fastest } days seller { country } } }',
      expect: {
        data: {
          offers: [
            { product: { name: 'Lamp', fastest: 2 }, days: 2, seller: { country: 'NL' } },
            { product: { name: 'Lamp', fastest: 2 }, days: 9, seller: { country: 'DE' } },
          ],
        },
        asked: { offers: 1, catalog: 1, delivery: 1 },
      },
    },
  ],
});
