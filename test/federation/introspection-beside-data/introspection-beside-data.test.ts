// Questions about the schema are answered by the router, beside data of subgraphs, and show what clients may see alone.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const fieldNames = (...names: string[]) => ({ fields: names.map((name) => ({ name })) });

federationCase({
  name: 'introspection',
  subgraphs: {
    catalog: {
      sdl: `
        "What can be read."
        type Query { product: Product! old: String @deprecated(reason: "gone") }
        type Mutation { touch: Product! }
        "Something to buy."
        type Product @key(fields: "id") { id: ID! name: String! cost: Int! @inaccessible color: Color }
        enum Color { RED BLUE @deprecated }
      `,
      resolvers: {
        Query: { product: () => ({ id: 'p1', name: 'Table' }), old: () => 'old' },
        Mutation: { touch: () => ({ id: 'p1', name: 'Table' }) },
      },
    },
    reviews: {
      sdl: 'type Product @key(fields: "id") { id: ID! stars(of: Int = 5): Int }',
      resolvers: { Product: { __resolveReference: entityIn([{ id: 'p1', stars: 4 }]) } },
    },
  },
  operations: [
    {
      name: 'stands beside data in the order of the client',
      query: `{ __schema { queryType { name description } mutationType { name } subscriptionType { name } }
        product { stars } type: __type(name: "Product") { name description } }`,
      expect: {
        data: {
          __schema: {
            queryType: { name: 'Query', description: 'What can be read.' },
            mutationType: { name: 'Mutation' },
            subscriptionType: null,
          },
          product: { stars: 4 },
          type: { name: 'Product', description: 'Something to buy.' },
        },
        asked: { catalog: 1, reviews: 1 },
      },
    },
    {
      name: 'alone asks no subgraph',
      query: '{ __type(name: "Query") { kind fields { name isDeprecated } } }',
      expect: {
        data: { __type: { kind: 'OBJECT', fields: [{ name: 'product', isDeprecated: false }] } },
        asked: {},
      },
    },
    {
      name: 'joins the fields of all subgraphs and hides those that are inaccessible',
      query: '{ __type(name: "Product") { fields { name } } }',
      expect: { data: { __type: fieldNames('id', 'name', 'color', 'stars') }, asked: {} },
    },
    {
      name: 'takes variables',
      query: `query ($name: String!, $old: Boolean = false, $product: Boolean!) {
        __type(name: $name) { enumValues(includeDeprecated: $old) { name } } product @include(if: $product) { name }
      }`,
      variables: { name: 'Color', old: true, product: true },
      expect: {
        data: { __type: { enumValues: [{ name: 'RED' }, { name: 'BLUE' }] }, product: { name: 'Table' } },
        asked: { catalog: 1 },
      },
    },
    {
      name: 'is left out by @skip, and may come twice under aliases',
      query: `query ($no: Boolean = false) { __schema @include(if: $no) { types { name } } product { name }
        a: __type(name: "Color") { kind } b: __type(name: "Nothing") { kind } }`,
      expect: {
        data: { product: { name: 'Table' }, a: { kind: 'ENUM' }, b: null },
        asked: { catalog: 1 },
      },
    },
    ...['_Entity', '_Any', '_Service', 'join__Graph', 'link__Import', 'join__FieldSet'].map((name) => ({
      name: `knows no type ${name}, which is between router and subgraphs`,
      query: `{ __type(name: "${name}") { name } }`,
      expect: { data: { __type: null }, asked: {} },
    })),
    {
      name: 'knows only directives that clients can use',
      query: '{ __schema { directives { name } } }',
      expect: {
        data: {
          __schema: {
            directives: ['include', 'skip', 'deprecated', 'specifiedBy', 'oneOf'].map((name) => ({ name })),
          },
        },
        asked: {},
      },
    },
    {
      name: 'lies in fragments on the root',
      query: `{ ...Both } fragment Both on Query { product { ...P } ... { __type(name: "Color") { ...T } } }
        fragment P on Product { name } fragment T on __Type { kind name }`,
      expect: {
        data: { product: { name: 'Table' }, __type: { kind: 'ENUM', name: 'Color' } },
        asked: { catalog: 1 },
      },
    },
    {
      name: 'says the type of the root without asking anybody',
      query: '{ __typename }',
      expect: { data: { __typename: 'Query' }, asked: {} },
    },
    {
      name: 'says the type of the root by other names and beside data, in order',
      query: '{ kind: __typename product { name __typename } __typename again: __typename }',
      expect: {
        data: {
          kind: 'Query',
          product: { name: 'Table', __typename: 'Product' },
          __typename: 'Query',
          again: 'Query',
        },
        asked: { catalog: 1 },
      },
    },
    {
      name: 'says the type of a mutation without asking anybody',
      query: 'mutation { __typename m: __typename }',
      expect: { data: { __typename: 'Mutation', m: 'Mutation' }, asked: {} },
    },
    {
      name: 'says the type of a mutation beside its data',
      query: 'mutation { a: __typename touch { name stars } }',
      expect: {
        data: { a: 'Mutation', touch: { name: 'Table', stars: 4 } },
        asked: { catalog: 1, reviews: 1 },
      },
    },
    {
      name: 'is told though all data failed that may be null',
      query: '{ old __schema { queryType { name } } __typename }',
      misbehaving: { catalog: 'hang up' },
      expect: {
        data: { old: null, __schema: { queryType: { name: 'Query' } }, __typename: 'Query' },
        errors: [{ path: ['old'], code: 'SUBGRAPH_UNAVAILABLE' }],
      },
    },
  ],
});
