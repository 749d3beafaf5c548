// A subgraph that cannot be used at all: each field that it should have served says so, everything else is there.

import type { Misbehaviour } from '../harness/case-subgraph.ts';
import { federationCase } from '../harness/federation-case.ts';

const ways: { name: string; way: Misbehaviour; code: string }[] = [
  { name: 'hangs up', way: 'hang up', code: 'SUBGRAPH_UNAVAILABLE' },
  {
    name: 'has a web page for an error before it',
    way: { status: 502, contentType: 'text/html', body: '<html><body>Bad Gateway</body></html>' },
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  { name: 'is overloaded', way: { status: 503, body: '' }, code: 'SUBGRAPH_UNAVAILABLE' },
  {
    name: 'is a web page',
    way: { contentType: 'text/html', body: '<!doctype html><p>Welcome' },
    code: 'SUBGRAPH_MALFORMED',
  },
  {
    name: 'sends half of an answer',
    way: { body: '{"data":{"_entities":[{"sta' },
    code: 'SUBGRAPH_MALFORMED',
  },
  { name: 'sends nothing', way: { body: '' }, code: 'SUBGRAPH_MALFORMED' },
  { name: 'sends two answers', way: { body: '{"data":{}}{"data":{}}' }, code: 'SUBGRAPH_MALFORMED' },
  { name: 'sends a list', way: { body: [{ data: {} }] }, code: 'SUBGRAPH_MALFORMED' },
  { name: 'sends neither data nor errors', way: { body: { extensions: {} } }, code: 'SUBGRAPH_MALFORMED' },
  { name: 'sends data that is no object', way: { body: { data: 'x' } }, code: 'SUBGRAPH_MALFORMED' },
  {
    name: 'sends data that is null, and nothing to explain it',
    way: { body: { data: null } },
    code: 'SUBGRAPH_MALFORMED',
  },
  { name: 'refuses the caller', way: { status: 403, body: 'no' }, code: 'FORBIDDEN' },
  {
    name: 'sends an error alone',
    way: { body: { errors: [{ message: 'No.', extensions: { code: 'NOT_FOUND' } }] } },
    code: 'NOT_FOUND',
  },
  {
    name: 'sends an error with data that is null',
    way: { body: { data: null, errors: [{ message: 'No.', extensions: { code: 'CONFLICT' } }] } },
    code: 'CONFLICT',
  },
  {
    name: 'explains its status by an error',
    way: { status: 500, body: { errors: [{ message: 'pool drained', extensions: { code: 'E_POOL' } }] } },
    code: 'INTERNAL_SERVER_ERROR',
  },
];

federationCase({
  name: 'a subgraph that cannot be used because it',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { products: [Product] one: Product }
        type Product @key(fields: "id") { id: ID! name: String! }
      `,
      resolvers: {
        Query: {
          products: () => [{ id: 'p1', name: 'Table' }, null, { id: 'p2', name: 'Chair' }],
          one: () => ({ id: 'p1', name: 'Table' }),
        },
      },
    },
    reviews: {
      sdl: `
        type Query { headline: String }
        type Product @key(fields: "id") { id: ID! stars: Int best: Review }
        type Review { text: String! }
      `,
      resolvers: { Product: { __resolveReference: ({ id }) => ({ id, stars: 5, best: { text: 'good' } }) } },
    },
  },
  operations: [
    {
      name: 'was only a moment ago so, and now answers',
      query: '{ one { stars } }',
      expect: { data: { one: { stars: 5 } } },
    },
    ...ways.map(({ name, way, code }) => ({
      name,
      query: '{ products { name stars top: best { text } } news: headline }',
      misbehaving: { reviews: way },
      expect: {
        data: {
          products: [
            { name: 'Table', stars: null, top: null },
            null,
            { name: 'Chair', stars: null, top: null },
          ],
          news: null,
        },
        errors: [
          { path: ['products', 0, 'stars'], code },
          { path: ['products', 0, 'top'], code },
          { path: ['products', 2, 'stars'], code },
          { path: ['products', 2, 'top'], code },
          { path: ['news'], code },
        ],
        asked: { catalog: 1, reviews: 2 },
      },
    })),
    {
      name: 'was away answers again',
      query: '{ one { best { text } stars } }',
      expect: { data: { one: { best: { text: 'good' }, stars: 5 } } },
    },
  ],
});
