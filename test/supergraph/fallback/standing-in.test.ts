// Shows what clients get in place of a field that cannot be had, and what they are told of it.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type GraphQLSchema, parse } from 'graphql';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { isSignedIn } from '../../../supergraph/declaration/rule-words.ts';
import { shownSchema } from '../../../supergraph/declaration/shown-schema.ts';
import { type AnswerBody, problemsOfAnswer } from '../../failure/support/validate-answer.ts';
import type { Misbehaviour } from '../../federation/harness/case-subgraph.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';
import { type FallbackGraph, fallbacks, startFallbackGraph } from './fallback-graph.ts';

const dead: Misbehaviour = 'hang up';
const unavailable: Misbehaviour = { status: 503, body: 'not now' };

interface Case {
  query: string;
  headers?: Record<string, string>;
  /** Asked before, while everything is well. */
  before?: { query: string; headers?: Record<string, string> }[];
  broken?: Record<string, Misbehaviour>;
  failing?: Record<string, string>;
  data: unknown;
  /** `path coordinate strategy reason` */
  degraded?: string[];
  /** `path code` */
  errors?: string[];
}

const cases: Record<string, Case> = {
  'a value stands in for a field of a subgraph that is away, non-null or not': {
    query: '{ product(id: "p1") { name inStock quantity } }',
    broken: { stock: dead },
    data: { product: { name: 'Chair', inStock: false, quantity: null } },
    degraded: [
      'product.inStock Product.inStock value SUBGRAPH_UNAVAILABLE',
      'product.quantity Product.quantity value SUBGRAPH_UNAVAILABLE',
    ],
  },
  'an object stands in under the names of the client, with null where it says nothing': {
    query: '{ product(id: "p1") { w: warehouse { __typename city called: name level } } }',
    broken: { stock: unavailable },
    data: { product: { w: { __typename: 'Warehouse', city: null, called: 'somewhere', level: 'LOW' } } },
    degraded: ['product.w Product.warehouse value SUBGRAPH_UNAVAILABLE'],
  },
  'what stands in is told for each place, with its index': {
    query: '{ products { inStock } }',
    broken: { stock: dead },
    data: { products: [{ inStock: false }, { inStock: false }, { inStock: false }] },
    degraded: [0, 1, 2].map(
      (index) => `products.${index}.inStock Product.inStock value SUBGRAPH_UNAVAILABLE`,
    ),
  },
  'a field of one object of an error stands in alone where the subgraph bubbled null to the entity': {
    query: '{ product(id: "p1") { inStock quantity } }',
    failing: { 'Product.inStock': 'INTERNAL_SERVER_ERROR' },
    data: { product: { inStock: false, quantity: null } },
    degraded: [
      'product.inStock Product.inStock value INTERNAL_SERVER_ERROR',
      'product.quantity Product.quantity value INTERNAL_SERVER_ERROR',
    ],
  },
  'a field without a fallback fails as ever beside one that has one': {
    query: '{ product(id: "p1") { name inStock shelves { row } } }',
    broken: { stock: dead },
    data: { product: null },
    errors: ['product.shelves SUBGRAPH_UNAVAILABLE'],
  },
  'a true null is a value': {
    query: '{ product(id: "p1") { badge quantity } }',
    broken: {
      stock: ({ query }) => ({
        body: {
          data: {
            _entities: [{ __typename: 'Product', ...(query.includes('quantity') && { quantity: null }) }],
          },
        },
      }),
    },
    data: { product: { badge: null, quantity: null } },
  },
  'a missing value stands in for, and so does one of the wrong type': {
    query: '{ product(id: "p1") { inStock quantity } }',
    broken: {
      stock: { body: { data: { _entities: [{ __typename: 'Product', quantity: 'many' }] } } },
    },
    data: { product: { inStock: false, quantity: null } },
    degraded: [
      'product.inStock Product.inStock value SUBGRAPH_VALUE_MISSING',
      'product.quantity Product.quantity value SUBGRAPH_MALFORMED',
    ],
  },
  ...Object.fromEntries(
    ['FORBIDDEN', 'UNAUTHENTICATED', 'BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT'].map((code) => [
      `nothing stands in for ${code}`,
      {
        query: '{ product(id: "p1") { quantity } }',
        failing: { 'Product.quantity': code },
        data: { product: { quantity: null } },
        errors: [`product.quantity ${code}`],
      },
    ]),
  ),
  'what was known last stands in, with what other subgraphs said in it': {
    before: [{ query: '{ product(id: "p1") { rating reviews(first: 1) { text by: author { name } } } }' }],
    query: '{ product(id: "p1") { rating reviews(first: 1) { text by: author { name } } } }',
    broken: { reviews: dead, people: dead },
    data: { product: { rating: 4.5, reviews: [{ text: 'about r1', by: { name: 'Name of u1' } }] } },
    degraded: [
      'product.rating Product.rating lastKnown SUBGRAPH_UNAVAILABLE',
      'product.reviews Product.reviews lastKnown SUBGRAPH_UNAVAILABLE',
    ],
  },
  'what was known last of another entity does not stand in, and the next in the list does': {
    before: [{ query: '{ product(id: "p1") { rating } }' }],
    query: '{ product(id: "p2") { rating } }',
    broken: { reviews: dead },
    data: { product: { rating: 0 } },
    degraded: ['product.rating Product.rating value SUBGRAPH_UNAVAILABLE'],
  },
  'what was known last for other arguments does not stand in': {
    before: [{ query: '{ product(id: "p1") { reviews(first: 2) { text } } }' }],
    query: '{ product(id: "p1") { name reviews(first: 1) { text } } }',
    broken: { reviews: dead },
    data: { product: null },
    errors: ['product.reviews SUBGRAPH_UNAVAILABLE'],
  },
  'what was known last of a field of Query stands in for the same arguments': {
    before: [{ query: '{ search(text: "Cha") { name } }' }],
    query: '{ search(text: "Cha") { name } none: search(text: "x") { name } }',
    broken: { catalog: dead },
    data: { search: [{ name: 'Chair' }], none: [] },
    degraded: [
      'search Query.search lastKnown SUBGRAPH_UNAVAILABLE',
      'none Query.search value SUBGRAPH_UNAVAILABLE',
    ],
  },
  'another operation finds what was known last of the same selection': {
    before: [{ query: '{ products { rating } }' }],
    query: 'query Other { product(id: "p3") { name stars: rating } }',
    broken: { reviews: dead },
    data: { product: { name: 'Lamp', stars: 4.5 } },
    degraded: ['product.stars Product.rating lastKnown SUBGRAPH_UNAVAILABLE'],
  },
  'what was known last for one viewer stands in for no other': {
    before: [{ query: '{ me { note } }', headers: { authorization: 'Ann' } }],
    query: '{ me { note } }',
    headers: { authorization: 'Bob' },
    failing: { 'User.note': 'INTERNAL_SERVER_ERROR' },
    data: { me: { note: null } },
    errors: ['me.note INTERNAL_SERVER_ERROR'],
  },
  'what was known last for a viewer stands in for that one': {
    before: [{ query: '{ me { note } }', headers: { authorization: 'Ann' } }],
    query: '{ me { note } }',
    headers: { authorization: 'Ann' },
    failing: { 'User.note': 'INTERNAL_SERVER_ERROR' },
    data: { me: { note: 'Ann' } },
    degraded: ['me.note User.note lastKnown INTERNAL_SERVER_ERROR'],
  },
  'another field stands in for one that is asked for alone': {
    query: '{ me { picks { title: name price(currency: "USD") } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    data: {
      me: {
        picks: [
          { title: 'Lamp', price: 12 },
          { title: 'Table', price: 12 },
        ],
      },
    },
    degraded: ['me.picks User.picks field INTERNAL_SERVER_ERROR'],
  },
  'what stands in for a part of another field is told where it is': {
    query: '{ me { picks { inStock } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    broken: { stock: dead },
    data: { me: { picks: [{ inStock: false }, { inStock: false }] } },
    degraded: [
      'me.picks User.picks field INTERNAL_SERVER_ERROR',
      'me.picks.0.inStock Product.inStock value SUBGRAPH_UNAVAILABLE',
      'me.picks.1.inStock Product.inStock value SUBGRAPH_UNAVAILABLE',
    ],
  },
  'what stands in for a field brings back the object that null had taken with it, but for its other fields': {
    query: '{ me { note picks { name } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    data: { me: { note: null, picks: [{ name: 'Lamp' }, { name: 'Table' }] } },
    degraded: ['me.picks User.picks field INTERNAL_SERVER_ERROR'],
    errors: ['me.note INTERNAL_SERVER_ERROR'],
  },
  'an object that lacks more than what stands in is null': {
    query: '{ me { mood picks { name } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    data: { me: null },
    errors: ['me.picks INTERNAL_SERVER_ERROR'],
  },
  'what the viewer may not have is told where nothing fails': {
    query: '{ me { picks { x: cost name } } }',
    data: { me: { picks: [{ x: null, name: 'Chair' }] } },
    errors: ['me.picks.0.x UNAUTHENTICATED'],
  },
  'nothing else stands in for what the viewer may not have a part of': {
    query: '{ me { picks { cost name } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    data: { me: null },
    errors: ['me.picks INTERNAL_SERVER_ERROR'],
  },
  'what the router needs of what stands in is not in the answer, and takes no place of what is': {
    query: '{ me { picks { rating id: name } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    data: {
      me: {
        picks: [
          { rating: 4.5, id: 'Lamp' },
          { rating: 4.5, id: 'Table' },
        ],
      },
    },
    degraded: ['me.picks User.picks field INTERNAL_SERVER_ERROR'],
  },
  'what was known last stands in for a field that is selected on an interface': {
    before: [{ query: '{ marked { mark } }' }],
    query: '{ marked { mark } }',
    failing: { 'Product.mark': 'INTERNAL_SERVER_ERROR' },
    data: { marked: [{ mark: 'mark of p1' }, { mark: 'mark of p2' }] },
    degraded: [0, 1].map((index) => `marked.${index}.mark Product.mark lastKnown INTERNAL_SERVER_ERROR`),
  },
  'errors are told where they are in a list that goes without some of its items': {
    query: '{ feed { id author { id note } } }',
    broken: {
      people: ({ variables }) => {
        const of = variables['representations'] as { id: string }[];
        const entities = of.map(({ id }) => (id === 'u1' ? null : { __typename: 'User', id, note: null }));
        const errors = of.map(({ id }, index) => ({
          message: 'no',
          path: id === 'u1' ? ['_entities', index] : ['_entities', index, 'note'],
        }));
        return { body: { data: { _entities: entities }, errors } };
      },
      reviews: async (_asked, honest) => {
        const { data } = (await honest()) as { data: { feed: { author: object }[] } };
        const feed = data.feed.map((one, index) =>
          index === 0 ? { ...one, author: { __typename: 'Nobody' } } : one,
        );
        return { body: { data: { feed } } };
      },
    },
    data: {
      feed: [
        { id: 'r2', author: { id: 'u2', note: null } },
        { id: 'r3', author: { id: 'u1', note: null } },
      ],
    },
    degraded: ['feed Query.feed omit SUBGRAPH_VALUE_MISSING'],
    errors: ['feed.0.author.note INTERNAL_SERVER_ERROR', 'feed.1.author.note INTERNAL_SERVER_ERROR'],
  },
  'where the other field fails too, the first failure is told': {
    query: '{ me { picks { name } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    broken: { catalog: dead },
    data: { me: null },
    errors: ['me.picks INTERNAL_SERVER_ERROR'],
  },
  'a list goes without the items that cannot be had': {
    query: '{ feed { id author { name } } }',
    broken: {
      people: async (_asked, honest) => {
        const { data } = (await honest()) as { data: { _entities: unknown[] } };
        const errors = [{ message: 'no', path: ['_entities', 1] }];
        return { body: { data: { _entities: [data._entities[0], null] }, errors } };
      },
    },
    data: {
      feed: [
        { id: 'r1', author: { name: 'Name of u1' } },
        { id: 'r3', author: { name: 'Name of u1' } },
      ],
    },
    degraded: ['feed Query.feed omit INTERNAL_SERVER_ERROR'],
  },
  'a list that cannot be had at all is empty': {
    query: '{ feed { id } }',
    broken: { reviews: dead },
    data: { feed: [] },
    degraded: ['feed Query.feed omit SUBGRAPH_UNAVAILABLE'],
  },
  'without a critical field there is no answer': {
    query: '{ products { name price } latest { text } }',
    failing: { 'Product.price': 'INTERNAL_SERVER_ERROR' },
    data: null,
    errors: ['products INTERNAL_SERVER_ERROR'],
  },
  'nothing stands in for anything in a mutation': {
    query: 'mutation { write(text: "x") { id author { id picks { name } } } }',
    failing: { 'User.picks': 'INTERNAL_SERVER_ERROR' },
    data: null,
    errors: ['write.author.picks INTERNAL_SERVER_ERROR'],
  },
  'fields are known below an interface or a union too': {
    query: '{ thing(id: "p1") { ... on Product { name inStock } } }',
    broken: { stock: dead },
    data: { thing: { name: 'Chair', inStock: false } },
    degraded: ['thing.inStock Product.inStock value SUBGRAPH_UNAVAILABLE'],
  },
};

describe('what stands in', () => {
  let graph: FallbackGraph;
  let router: RouterUnderTest;
  let schema: GraphQLSchema;
  before(async () => {
    graph = await startFallbackGraph();
    schema = shownSchema(parse(graph.supergraphSdl));
  });
  beforeEach(async () => {
    await router?.stop();
    for (const { answerWith } of graph.subgraphs.values()) answerWith(undefined);
    graph.failing.clear();
    router = await startTestRouter(graph.supergraphSdl, {
      bff: defineBff({
        ...{ name: 'test', port: 0, fallbacks, subgraphs: { every: { timeout: '2s' } } },
        permissions: { Product: { cost: isSignedIn } },
      }),
    });
  });
  after(async () => {
    await router.stop();
    graph.stop();
  });

  for (const [name, one] of Object.entries(cases)) {
    test(name, async () => {
      for (const { query, headers } of one.before ?? []) {
        const answer = await router.ask(query, { ...(headers && { headers }) });
        assert.deepEqual(answer.body.errors, undefined);
        assert.deepEqual(answer.body.extensions, undefined);
      }
      for (const [subgraph, script] of Object.entries(one.broken ?? {}))
        graph.of(subgraph).answerWith(script);
      for (const [coordinate, code] of Object.entries(one.failing ?? {})) graph.failing.set(coordinate, code);
      const twice: Answer[] = [];
      // By both ways: through Apollo Server, and as an operation that is known.
      for (const _ of [1, 2])
        twice.push(await router.ask(one.query, { ...(one.headers && { headers: one.headers }) }));
      for (const { body, status, headers } of twice) {
        assert.equal(status, 200);
        assert.deepEqual(body.data, one.data);
        assert.deepEqual(degradedIn(body), one.degraded ?? []);
        assert.deepEqual(errorsIn(body), one.errors ?? []);
        assert.equal(headers.get('cache-control'), 'no-store');
        assert.deepEqual(problemsOfAnswer({ schema, document: parse(one.query) }, body as AnswerBody), []);
      }
    });
  }
});

function degradedIn({ extensions }: Answer['body']): string[] {
  const degraded = (extensions?.['degraded'] ?? []) as Record<string, unknown>[];
  return degraded.map(({ path, coordinate, strategy, reason, ageSeconds, ...rest }) => {
    assert.deepEqual(rest, {});
    assert.equal(typeof ageSeconds, strategy === 'lastKnown' ? 'number' : 'undefined');
    return `${(path as unknown[]).join('.')} ${coordinate} ${strategy} ${reason}`;
  });
}

function errorsIn({ errors = [] }: Answer['body']): string[] {
  return errors.map(({ path = [], extensions }) => `${path.join('.')} ${extensions['code']}`);
}
