// Errors whose path leads nowhere, or to something that is there after all: no data is lost by them, and they are told.

import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const paths: [string, unknown][] = [
  ['is not there', undefined],
  ['is null', null],
  ['is empty', []],
  ['is text', '_entities.0.stars'],
  ['is a number', 0],
  ['is an object', { 0: '_entities' }],
  ['leads to an entity beyond the last', ['_entities', 2, 'stars']],
  ['leads to an entity before the first', ['_entities', -1, 'stars']],
  ['leads to half an entity', ['_entities', 0.5, 'stars']],
  ['names the number of an entity as text', ['_entities', '0', 'stars']],
  ['names what every list has', ['_entities', 'length']],
  ['leads to all entities, though they are there', ['_entities']],
  ['leads to an entity that is there', ['_entities', 0]],
  ['leads to a value that is there', ['_entities', 0, 'stars']],
  ['goes on below a value', ['_entities', 0, 'stars', 'deeper', 3]],
  ['names a field that nobody asked for', ['_entities', 0, 'other']],
  ['names what all objects have', ['__proto__', 'polluted']],
  ['names what all objects have, within an entity', ['_entities', 0, 'constructor', 'prototype']],
  ['has objects in it', [{ a: 1 }, ['b'], null]],
  ['is in the words of the client', ['products', 0, 'stars']],
  ['is very long', Array.from({ length: 5000 }, (_, index) => `step ${index}`)],
];

const rootPaths: [string, unknown][] = [
  ['is empty', []],
  ['is text', 'products'],
  ['leads to a field that is there', ['products']],
  ['leads to half an item', ['products', 0.5, 'name']],
  ['leads to half an item and no further', ['products', 0.5]],
  ['leads to an item beyond the last', ['products', 1]],
  ['names the number of an item as text', ['products', '0', 'name']],
  ['goes on below a value', ['products', 0, 'name', 0]],
  ['names a field that nobody asked for', ['product']],
  ['names what all objects have', ['constructor']],
  ['names what all objects have, within an item', ['products', 0, '__proto__', 'x']],
];

const oddErrors: object[] = [
  {},
  { message: 7 },
  { message: null, extensions: null, locations: null },
  { message: 'x', extensions: 'x', locations: 'x' },
  { message: 'x', extensions: ['NOT_FOUND'], locations: [null, {}, { line: 'a' }] },
  { message: 'x', extensions: { code: 7 } },
  { message: 'x', extensions: { code: 'toString' } },
  { message: 'x', extensions: { code: ['NOT_FOUND'] } },
  { message: 'x', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' }, locations: [null, 7, { line: 1 }] },
];

const error = (path: unknown) => ({ message: 'Not now.', path, extensions: { code: 'CONFLICT' } });
const entities = (...stars: (number | null)[]) => stars.map((value) => ({ stars: value }));

federationCase({
  name: 'an error of a subgraph whose path',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { products: [Product!]! }
        type Product @key(fields: "id") { id: ID! name: String! }
      `,
      resolvers: {
        Query: {
          products: () => [
            { id: 'p1', name: 'Table' },
            { id: 'p2', name: 'Chair' },
          ],
        },
      },
    },
    reviews: { sdl: 'type Product @key(fields: "id") { id: ID! stars(of: Int = 5): Int }' },
  },
  operations: [
    ...paths.map(([name, path]) => ({
      name,
      query: '{ products { name rating: stars } }',
      misbehaving: { reviews: says({ _entities: entities(5, 4) }, [error(path)]) },
      expect: {
        data: {
          products: [
            { name: 'Table', rating: 5 },
            { name: 'Chair', rating: 4 },
          ],
        },
        errors: [{ code: 'CONFLICT' }],
      },
    })),
    ...rootPaths.map(([name, path]) => ({
      name: `${name}, in an answer about the root`,
      query: '{ list: products { name } }',
      misbehaving: { catalog: says({ products: [{ name: 'Table' }] }, [error(path)]) },
      expect: { data: { list: [{ name: 'Table' }] }, errors: [{ code: 'CONFLICT' }] },
    })),
    ...oddErrors.map((odd) => ({
      name: `is right, but nothing else of it: ${JSON.stringify(odd)}`,
      query: '{ products { stars(of: 5) } }',
      misbehaving: {
        reviews: says({ _entities: entities(5, null) }, [{ ...odd, path: ['_entities', 1, 'stars'] }]),
      },
      expect: {
        data: { products: [{ stars: 5 }, { stars: null }] },
        errors: [{ path: ['products', 1, 'stars'], code: 'INTERNAL_SERVER_ERROR' }],
      },
    })),
    {
      name: 'leads nowhere explains entities that are null',
      query: '{ products { name rating: stars } }',
      misbehaving: {
        reviews: says({ _entities: [{ stars: 5 }, null] }, [error(['stars'])]),
      },
      expect: {
        data: {
          products: [
            { name: 'Table', rating: 5 },
            { name: 'Chair', rating: null },
          ],
        },
        errors: [{ path: ['products', 1, 'rating'], code: 'CONFLICT' }],
      },
    },
    {
      name: 'goes on below a null, as far as the client knows the way',
      query: '{ products { rating: stars } }',
      misbehaving: {
        reviews: says({ _entities: entities(null, 4) }, [error(['_entities', 0, 'stars', 'deeper', 3])]),
      },
      expect: {
        data: { products: [{ rating: null }, { rating: 4 }] },
        errors: [{ path: ['products', 0, 'rating'], code: 'CONFLICT' }],
      },
    },
    {
      name: 'is right stands beside others whose path is not',
      query: '{ products { rating: stars } }',
      misbehaving: {
        reviews: says({ _entities: entities(null, 4) }, [
          error(['nowhere']),
          error(['_entities', 0, 'stars']),
          7,
          null,
        ]),
      },
      expect: {
        data: { products: [{ rating: null }, { rating: 4 }] },
        errors: [
          { code: 'CONFLICT' },
          { code: 'INTERNAL_SERVER_ERROR' },
          { code: 'INTERNAL_SERVER_ERROR' },
          { path: ['products', 0, 'rating'], code: 'CONFLICT' },
        ],
      },
    },
    {
      name: 'is the same for two errors tells both',
      query: '{ products { rating: stars } }',
      misbehaving: {
        reviews: says({ _entities: entities(3, null) }, [
          error(['_entities', 1, 'stars']),
          { ...error(['_entities', 1, 'stars']), extensions: { code: 'FORBIDDEN' } },
        ]),
      },
      expect: {
        data: { products: [{ rating: 3 }, { rating: null }] },
        errors: [
          { path: ['products', 1, 'rating'], code: 'CONFLICT' },
          { path: ['products', 1, 'rating'], code: 'FORBIDDEN' },
        ],
      },
    },
  ],
});
