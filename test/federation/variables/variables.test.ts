// Variables reach resolvers as if the client had asked them directly: defaults, nulls and what is not there stay distinct.

import { GraphQLScalarType } from 'graphql';
import { federationCase } from '../harness/federation-case.ts';

const json = (given: object) => JSON.stringify(given);

federationCase({
  name: 'variables',
  subgraphs: {
    echo: {
      sdl: `
        type Query {
          ints(n: Int, count: Int = 10): String!
          search(filter: Filter, first: [Int!]): String!
          types(id: ID, float: Float, on: Boolean, color: Color = GREEN, colors: [Color!], grid: [[Int]]): String!
          raw(json: JSON, list: [JSON]): String!
          node(id: ID!): Node
        }
        type Mutation { save(filter: Filter!): String! }
        input Filter { min: Int max: Int = 99 tags: [String!] color: Color inner: Filter json: JSON need: [Filter!] }
        enum Color { RED GREEN }
        scalar JSON
        type Node @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        JSON: new GraphQLScalarType({ name: 'JSON' }),
        Query: {
          ints: (_, args) => json(args),
          search: (_, args) => json(args),
          types: (_, args) => json(args),
          raw: (_, args) => json(args),
          node: (_, { id }) => ({ id }),
        },
        Mutation: { save: (_, args) => json(args) },
      },
    },
    details: {
      sdl: `
        type Node @key(fields: "id") { id: ID! told(words: [String], how: How, times: Int = 1): String! }
        input How { loud: Boolean = true pitch: Float }
      `,
      resolvers: { Node: { __resolveReference: (node) => node, told: (_, args) => json(args) } },
    },
  },
  operations: [
    {
      name: 'that are not there leave arguments out, and defaults of arguments hold',
      query: 'query ($n: Int, $count: Int) { ints(n: $n, count: $count) }',
      expect: { data: { ints: json({ count: 10 }) } },
    },
    {
      name: 'that are null make arguments null, defaults or not',
      query: 'query ($n: Int, $count: Int) { ints(n: $n, count: $count) }',
      variables: { n: null, count: null },
      expect: { data: { ints: json({ n: null, count: null }) } },
    },
    {
      name: 'have defaults of their own',
      query: 'query ($n: Int = 3, $count: Int = 4) { ints(n: $n, count: $count) }',
      expect: { data: { ints: json({ n: 3, count: 4 }) } },
    },
    {
      name: 'that are null are not given their default',
      query: 'query ($n: Int = 3, $count: Int = 4) { ints(n: $n, count: $count) }',
      variables: { n: null, count: 5 },
      expect: { data: { ints: json({ n: null, count: 5 }) } },
    },
    {
      name: 'may have the default null',
      query: 'query ($n: Int = null, $count: Int = null) { ints(n: $n, count: $count) }',
      expect: { data: { ints: json({ n: null, count: null }) } },
    },
    {
      name: 'with one name in two operations are those of the one that runs',
      query: 'query One($n: Int = 1) { ints(n: $n) } query Two($n: Int = 2) { ints(n: $n) }',
      operationName: 'Two',
      expect: { data: { ints: json({ n: 2, count: 10 }) } },
    },
    {
      name: 'are input objects with defaults inside',
      query: 'query ($filter: Filter!) { search(filter: $filter) }',
      variables: { filter: { min: null, tags: ['a'], inner: { max: 1, color: 'RED' }, need: [{}] } },
      expect: {
        data: {
          search: json({
            filter: {
              min: null,
              max: 99,
              tags: ['a'],
              inner: { max: 1, color: 'RED' },
              need: [{ max: 99 }],
            },
          }),
        },
      },
    },
    {
      name: 'lie inside of literal objects and lists, and leave nothing where they are not there',
      query: `query ($min: Int, $max: Int, $tag: String!, $color: Color, $n: Int!) {
        search(filter: { min: $min, max: $max, tags: ["x", $tag], color: $color, inner: { min: $n } }, first: [$n, 2])
      }`,
      variables: { tag: 't', n: 7, color: null },
      expect: {
        data: {
          search: json({
            filter: { max: 99, tags: ['x', 't'], color: null, inner: { min: 7, max: 99 } },
            first: [7, 2],
          }),
        },
      },
    },
    {
      name: 'become lists where one value is given for a list',
      query: 'query ($first: [Int!], $tags: [String!]) { search(first: $first, filter: { tags: $tags }) }',
      variables: { first: 3, tags: 't' },
      expect: { data: { search: json({ filter: { max: 99, tags: ['t'] }, first: [3] }) } },
    },
    {
      name: 'are coerced to their types',
      query: `query ($id: ID, $float: Float, $on: Boolean, $color: Color, $colors: [Color!], $grid: [[Int]]) {
        types(id: $id, float: $float, on: $on, color: $color, colors: $colors, grid: $grid)
      }`,
      variables: {
        id: 7,
        float: 2,
        on: false,
        color: 'RED',
        colors: ['GREEN', 'RED'],
        grid: [[1, null], null, []],
      },
      expect: {
        data: {
          types: json({
            id: '7',
            float: 2,
            on: false,
            color: 'RED',
            colors: ['GREEN', 'RED'],
            grid: [[1, null], null, []],
          }),
        },
      },
    },
    {
      name: 'and literals of all kinds stand side by side',
      query: `query ($color: Color = RED) {
        a: types(color: $color, id: 7, float: 1.5e3, on: true, colors: [RED, GREEN], grid: [[1], []])
        b: types(color: null, id: "x")
        c: types
      }`,
      expect: {
        data: {
          a: json({
            id: '7',
            float: 1500,
            on: true,
            color: 'RED',
            colors: ['RED', 'GREEN'],
            grid: [[1], []],
          }),
          b: json({ id: 'x', color: null }),
          c: json({ color: 'GREEN' }),
        },
        asked: { echo: 1 },
      },
    },
    {
      name: 'of custom scalars carry any JSON unread',
      query: 'query ($json: JSON, $list: [JSON]) { raw(json: $json, list: $list) }',
      variables: {
        json: { deep: [{ a: null, constructor: 1 }], $n: '$n', min: { max: [] } },
        list: [1, 'two', false, null, { three: 3 }, [4]],
      },
      expect: {
        data: {
          raw: json({
            json: { deep: [{ a: null, constructor: 1 }], $n: '$n', min: { max: [] } },
            list: [1, 'two', false, null, { three: 3 }, [4]],
          }),
        },
      },
    },
    {
      name: 'inside of literals of custom scalars are filled in',
      query: 'query ($a: Int, $b: JSON) { raw(json: { a: $a, b: [$b, "$a", RED, 1.5] }) }',
      variables: { a: 1, b: { c: 2 } },
      expect: { data: { raw: json({ json: { a: 1, b: [{ c: 2 }, '$a', 'RED', 1.5] } }) } },
    },
    {
      name: 'reach mutations',
      query: 'mutation ($filter: Filter!) { save(filter: $filter) }',
      variables: { filter: { min: 1 } },
      expect: { data: { save: json({ filter: { min: 1, max: 99 } }) } },
    },
    {
      name: 'reach the second subgraph, and only those that it needs',
      query: `query ($id: ID!, $words: [String], $loud: Boolean, $n: Int = 3) {
        ints(n: $n) node(id: $id) { told(words: $words, how: { loud: $loud, pitch: 1 }) }
      }`,
      variables: { id: 'n1', words: ['a', null], loud: false },
      expect: {
        data: {
          ints: json({ n: 3, count: 10 }),
          node: { told: json({ words: ['a', null], how: { loud: false, pitch: 1 }, times: 1 }) },
        },
        asked: [
          { subgraph: 'echo', selects: ['node(id: "n1")', 'ints(n: 3)'] },
          { subgraph: 'details', representations: [{ __typename: 'Node', id: 'n1' }] },
        ],
      },
    },
    {
      name: 'that are not there leave arguments out in the second subgraph, too',
      query:
        'query ($words: [String], $how: How, $times: Int) { node(id: 1) { told(words: $words, how: $how, times: $times) } }',
      variables: { how: {} },
      expect: { data: { node: { told: json({ how: { loud: true }, times: 1 }) } } },
    },
    {
      name: 'named as the router’s own variables do not get in their way',
      query:
        'query ($representations: [String], $_id: ID!) { node(id: $_id) { told(words: $representations) } }',
      variables: { representations: ['r'], _id: 'n1' },
      stockIsWrong: 'it has the one name for two things',
      expect: { data: { node: { told: json({ words: ['r'], times: 1 }) } } },
    },
    {
      name: 'may decide and be told at once',
      query: `query ($on: Boolean!, $skip: Boolean = false) {
        a: types(on: $on) @include(if: $on) b: types(on: $on) @skip(if: $on) c: types(on: $skip) @skip(if: $skip)
      }`,
      variables: { on: true },
      expect: {
        data: { a: json({ on: true, color: 'GREEN' }), c: json({ on: false, color: 'GREEN' }) },
      },
    },
    {
      name: 'that nobody declared are ignored',
      query: 'query ($n: Int) { ints(n: $n) }',
      variables: { n: 1, count: 2, other: {} },
      expect: { data: { ints: json({ n: 1, count: 10 }) } },
    },
  ],
});
