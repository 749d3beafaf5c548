// `@inaccessible` hides fields, types, enum values, arguments and input fields from clients; what needs them inside still works.
import { federationCase } from '../harness/federation-case.ts';

const refuses = (what: string, query: string, message: string) => ({
  name: `hides ${what}`,
  query,
  expect: { refused: 'GRAPHQL_VALIDATION_FAILED', says: message },
});

federationCase({
  name: 'inaccessible parts of the graph',
  subgraphs: {
    shop: {
      sdl: `
        type Query {
          product(id: ID = "p1", asOf: Int = 7 @inaccessible): Product
          search(filter: Filter): [Item]
          audit: Audit @inaccessible
        }
        type Product @key(fields: "secret") {
          secret: ID! @inaccessible
          name: String
          color: Color
          weight: Int @inaccessible
        }
        enum Color { RED GREEN ULTRAVIOLET @inaccessible }
        input Filter { name: String hidden: Boolean = true @inaccessible }
        union Item = Product | Audit
        type Audit @inaccessible { by: String }
      `,
      resolvers: {
        Query: {
          product: (_, { id, asOf }) => {
            if (id === 'none') return null;
            return {
              secret: `key of ${id}`,
              name: `as of ${asOf}`,
              color: id === 'uv' ? 'ULTRAVIOLET' : 'RED',
              weight: 3,
            };
          },
          search: (_, { filter }) => [
            { __typename: 'Product', name: JSON.stringify(filter) },
            { __typename: 'Audit', by: 'nobody' },
          ],
        },
      },
    },
    post: {
      sdl: `
        type Product @key(fields: "secret") {
          secret: ID!
          weight: Int @external
          postage: Int @requires(fields: "weight")
        }
      `,
      resolvers: { Product: { postage: ({ weight }: { weight: number }) => weight * 2 } },
    },
  },
  operations: [
    {
      name: 'are keys and requirements all the same, and show nowhere in the answer',
      query: '{ product { name postage } }',
      expect: {
        data: { product: { name: 'as of 7', postage: 6 } },
        asked: [
          { subgraph: 'shop' },
          {
            subgraph: 'post',
            representations: [{ __typename: 'Product', secret: 'key of p1', weight: 3 }],
          },
        ],
      },
    },
    {
      name: 'show in no introspection of objects',
      query: `{
        product: __type(name: "Product") { fields { name } }
        query: __type(name: "Query") { fields { name args { name } } }
        item: __type(name: "Item") { possibleTypes { name } }
        audit: __type(name: "Audit") { name }
      }`,
      expect: {
        data: {
          product: { fields: [{ name: 'postage' }, { name: 'name' }, { name: 'color' }] },
          query: {
            fields: [
              { name: 'product', args: [{ name: 'id' }] },
              { name: 'search', args: [{ name: 'filter' }] },
            ],
          },
          item: { possibleTypes: [{ name: 'Product' }] },
          audit: null,
        },
        asked: {},
      },
    },
    {
      name: 'show in no introspection of values',
      query: `{
        color: __type(name: "Color") { enumValues { name } }
        filter: __type(name: "Filter") { inputFields { name } }
      }`,
      expect: {
        data: {
          color: { enumValues: [{ name: 'RED' }, { name: 'GREEN' }] },
          filter: { inputFields: [{ name: 'name' }] },
        },
        asked: {},
      },
    },
    {
      name: 'are taken for a failure where a subgraph answers with a hidden value of an enum',
      query: '{ product(id: "uv") { name color } }',
      expect: {
        data: { product: { name: 'as of 7', color: null } },
        errors: [{ path: ['product', 'color'], code: 'SUBGRAPH_MALFORMED' }],
      },
    },
    {
      name: 'are taken for a failure where a subgraph answers with an object of a hidden type',
      query: '{ search(filter: { name: "x" }) { __typename ... on Product { name } } }',
      expect: {
        data: { search: [{ __typename: 'Product', name: '{"name":"x","hidden":true}' }, null] },
        errors: [{ path: ['search', 1], code: 'SUBGRAPH_MALFORMED' }],
      },
    },
    refuses('fields', '{ product { weight } }', 'Cannot query field "weight" on type "Product".'),
    refuses('keys', '{ product { secret } }', 'Cannot query field "secret" on type "Product".'),
    refuses('fields of the root', '{ audit { by } }', 'Cannot query field "audit" on type "Query".'),
    refuses('types', '{ search { ... on Audit { by } } }', 'Unknown type "Audit".'),
    refuses(
      'arguments',
      '{ product(asOf: 1) { name } }',
      'Unknown argument "asOf" on field "Query.product".',
    ),
    refuses(
      'fields of inputs',
      '{ search(filter: { hidden: false }) { __typename } }',
      'Field "hidden" is not defined by type "Filter".',
    ),
  ],
});
