// Values of custom scalars that are objects and lists: nobody looks into them, whatever their keys are called.

import { GraphQLScalarType } from 'graphql';
import { federationCase } from '../harness/federation-case.ts';

const json = new GraphQLScalarType({ name: 'JSON' });
const odd = {
  __typename: 'Product',
  id: 'not a key',
  z: 1,
  a: [{ __typename: 'Nothing', settings: null }, [], {}],
  constructor: { prototype: null },
  '10': 'ten',
  '@': '... on Product',
  empty: '',
  deep: { settings: { id: 7, nested: [[null, false, 0.5, 1e21]] } },
};
const values: Record<string, unknown> = {
  odd,
  list: [1, null, { id: 2 }],
  text: 'x',
  number: 0.1,
  no: false,
  nothing: null,
};

federationCase({
  name: 'a value of a custom scalar',
  subgraphs: {
    catalog: {
      sdl: `
        scalar JSON
        type Query { product(id: ID!): Product products(ids: [ID!]!): [Product!]! root: JSON }
        type Product @key(fields: "id") { id: ID! settings: JSON place: JSON! }
      `,
      resolvers: {
        JSON: json,
        Query: {
          product: (_, { id }) => product(String(id)),
          products: (_, { ids }) => (ids as string[]).map(product),
          root: () => odd,
        },
      },
    },
    maps: {
      sdl: `
        scalar JSON
        type Product @key(fields: "id") {
          id: ID! place: JSON! @external
          near: JSON @requires(fields: "place")
          style(of: JSON): JSON list: [JSON!]
        }
        type Spot @key(fields: "at") { at: JSON! name: String }
      `,
      resolvers: {
        JSON: json,
        Product: {
          __resolveReference: (product) => product,
          near: ({ place }) => ({ near: place }),
          style: ({ id }, { of }) => ({ id, of }),
          list: () => [odd, { id: 1 }, 'x'],
        },
        Spot: { __resolveReference: ({ at }) => ({ at, name: JSON.stringify(at) }) },
      },
    },
    trips: {
      sdl: `
        scalar JSON
        type Query { spots: [Spot!]! }
        type Spot @key(fields: "at") { at: JSON! }
      `,
      resolvers: {
        JSON: json,
        Query: { spots: () => [{ at: { lat: 1, lon: [2] } }, { at: 'here' }, { at: { lat: 1, lon: [2] } }] },
      },
    },
  },
  operations: [
    ...Object.entries(values).map(([id, value]) => ({
      name: `of the kind "${id}" is handed through`,
      query: `{ product(id: "${id}") { settings } }`,
      expect: { data: { product: { settings: value } }, asked: { catalog: 1 } },
    })),
    {
      name: 'is handed through at the root and under another name',
      query: '{ root other: root }',
      expect: { data: { root: odd, other: odd } },
    },
    {
      name: 'is handed on in representations',
      query: '{ products(ids: ["odd", "text"]) { near } }',
      expect: {
        data: { products: [{ near: { near: { at: odd } } }, { near: { near: { at: 'x' } } }] },
        asked: [
          { subgraph: 'catalog' },
          {
            subgraph: 'maps',
            representations: [
              { __typename: 'Product', id: 'odd', place: { at: odd } },
              { __typename: 'Product', id: 'text', place: { at: 'x' } },
            ],
          },
        ],
      },
    },
    {
      name: 'is handed through from a second subgraph, argument and answer',
      query:
        'query ($of: JSON) { product(id: "text") { style(of: $of) list plain: style(of: { id: [1, "two"] }) } }',
      variables: { of: { ...odd, constructor: 1 } },
      expect: {
        data: {
          product: {
            style: { id: 'text', of: { ...odd, constructor: 1 } },
            list: [odd, { id: 1 }, 'x'],
            plain: { id: 'text', of: { id: [1, 'two'] } },
          },
        },
      },
    },
    {
      name: 'is a key as good as another',
      query: '{ spots { name } }',
      expect: {
        data: {
          spots: [{ name: '{"lat":1,"lon":[2]}' }, { name: '"here"' }, { name: '{"lat":1,"lon":[2]}' }],
        },
        asked: [
          { subgraph: 'trips' },
          {
            subgraph: 'maps',
            representations: [
              { __typename: 'Spot', at: { lat: 1, lon: [2] } },
              { __typename: 'Spot', at: 'here' },
            ],
          },
        ],
      },
    },
  ],
});

function product(id: string) {
  return { id, settings: values[id], place: { at: values[id] } };
}
