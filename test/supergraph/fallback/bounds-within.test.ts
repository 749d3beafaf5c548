// Shows that what was known last never shows a part of it that is older than may be said of that part, and what clients get in its place.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type GraphQLSchema, parse } from 'graphql';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { shownSchema } from '../../../supergraph/declaration/shown-schema.ts';
import { type Clock, systemClock } from '../../../supergraph/foundation/clock.ts';
import type { ScriptedGraph } from '../../failure/support/scripted-subgraph.ts';
import { type AnswerBody, problemsOfAnswer } from '../../failure/support/validate-answer.ts';
import type { Data } from '../../federation/harness/case-subgraph.ts';
import { freePort } from '../../support/tributary.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';
import { bounds, startBoundedGraph } from './bounded-graph.ts';

interface Case {
  query: string;
  /** Minutes between the good answer and the outage. */
  later: number;
  /** `shop` where nothing is said. */
  broken?: string;
  data: unknown;
  /** `path coordinate strategy`, and the minutes of what was known last; the reason is the same for all. */
  degraded?: string[];
  /** Paths. */
  errors?: string[];
}

const manyNames = Array.from({ length: 700 }, (_, index) => `t${index}: __typename`).join(' ');
const named = (name: string) =>
  Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`t${index}`, name]));

const cases: Record<string, Case> = {
  'before its time is over all stands in as it was': {
    query: '{ best { price rating discount related { price } } }',
    later: 9,
    data: { best: { price: 10, rating: 4.5, discount: 2, related: [{ price: 10 }, { price: 10 }] } },
    degraded: ['best Query.best lastKnown 9'],
  },
  'a value stands in for what is too old, and the rest stays': {
    query: '{ best { id rating stock } }',
    later: 2,
    data: { best: { id: 'p1', rating: 4.5, stock: null } },
    degraded: ['best Query.best lastKnown 2', 'best.stock Product.stock value'],
  },
  'it does in each object of a list, under the name of the client': {
    query: '{ all: products { rating stars: rating rating2: weight } }',
    later: 11,
    data: { all: [0, 1].map(() => ({ rating: 0, stars: 0, rating2: 3 })) },
    degraded: [
      'all Query.products lastKnown 11',
      ...[0, 1].flatMap((index) => [
        `all.${index}.rating Product.rating value`,
        `all.${index}.stars Product.rating value`,
      ]),
    ],
  },
  'an object stands in with what the client selects of it': {
    query: '{ best { offer { until off: percent __typename } } }',
    later: 11,
    data: { best: { offer: { until: null, off: 0, __typename: 'Offer' } } },
    degraded: ['best Query.best lastKnown 11', 'best.offer Product.offer value'],
  },
  'it does in lists of lists, and null on the way stays': {
    query: '{ grid { rating } }',
    later: 11,
    data: { grid: [[{ rating: 0 }], [], [null, { rating: 0 }]] },
    degraded: [
      'grid Query.grid lastKnown 11',
      'grid.0.0.rating Product.rating value',
      'grid.2.1.rating Product.rating value',
    ],
  },
  'it does below other objects, where there are any': {
    query: '{ products { id twin { rating } } }',
    later: 11,
    data: {
      products: [
        { id: 'p1', twin: { rating: 0 } },
        { id: 'p2', twin: null },
      ],
    },
    degraded: ['products Query.products lastKnown 11', 'products.0.twin.rating Product.rating value'],
  },
  'it does in what was known last of an entity': {
    query: '{ best { price reviews { stars text } } }',
    later: 11,
    broken: 'opinions',
    data: { best: { price: 10, reviews: [{ stars: 0, text: 'good' }] } },
    degraded: ['best.reviews Product.reviews lastKnown 11', 'best.reviews.0.stars Review.stars value'],
  },
  'without a value nothing of it is to be had, and the next of the list is taken': {
    query: '{ products { id price } }',
    later: 11,
    data: { products: [] },
    degraded: ['products Query.products omit'],
  },
  'without a value and a next it is an error': {
    query: '{ best { id price } }',
    later: 11,
    data: { best: null },
    errors: ['best'],
  },
  'a field that may be null is not made null where nobody said so': {
    query: '{ best { id discount } }',
    later: 11,
    data: { best: null },
    errors: ['best'],
  },
  'another field, and what follows it, cannot stand in there': {
    query: '{ best { id brand { name } } }',
    later: 11,
    data: { best: null },
    errors: ['best'],
  },
  'what is critical by itself does not end the operation from there': {
    query: '{ products { id tax } }',
    later: 11,
    data: { products: [] },
    degraded: ['products Query.products omit'],
  },
  'what there is none of is not too old': {
    query: '{ none { price } }',
    later: 11,
    data: { none: [] },
    degraded: ['none Query.none lastKnown 11'],
  },
  'an empty list stands in for one that goes without its items, and nothing is told of what was in it': {
    query: '{ best { rating related { id price rating } } }',
    later: 21,
    data: { best: { rating: 0, related: [] } },
    degraded: [
      'best Query.best lastKnown 21',
      'best.rating Product.rating value',
      'best.related Product.related omit',
    ],
  },
  'what lies deep is no older than it may be either': {
    query: '{ best { id related { twin { id } related { price } } } }',
    later: 11,
    data: { best: null },
    errors: ['best'],
  },
  'a time that is longer than that around it says nothing': {
    query: '{ best { weight } }',
    later: 59,
    data: { best: { weight: 3 } },
    degraded: ['best Query.best lastKnown 59'],
  },
  'what is said of an interface counts for all its objects': {
    query: '{ marked { mark } }',
    later: 11,
    data: { marked: [{ mark: '-' }, { mark: '-' }] },
    degraded: [
      'marked Query.marked lastKnown 11',
      'marked.0.mark Marked.mark value',
      'marked.1.mark Marked.mark value',
    ],
  },
  'what is said alike of all types of an interface counts as said of it': {
    query: '{ marked { stock } }',
    later: 2,
    data: { marked: [{ stock: null }, { stock: null }] },
    degraded: [
      'marked Query.marked lastKnown 2',
      'marked.0.stock Marked.stock value',
      'marked.1.stock Marked.stock value',
    ],
  },
  'what is said of one type counts where only that is asked for it': {
    query: '{ marked { mark ... on Product { id rating } ... on Kit { id } } }',
    later: 11,
    data: {
      marked: [
        { mark: '-', id: 'p1', rating: 0 },
        { mark: '-', id: 'k1' },
      ],
    },
    degraded: [
      'marked Query.marked lastKnown 11',
      'marked.0.mark Marked.mark value',
      'marked.0.rating Product.rating value',
      'marked.1.mark Marked.mark value',
    ],
  },
  'what is said alike of several types counts for all of them': {
    query: '{ found { ... on Kit { stock } ... on Product { stock } } }',
    later: 2,
    data: { found: [{ stock: null }, { stock: null }] },
    degraded: [
      'found Query.found lastKnown 2',
      'found.0.stock Product.stock value',
      'found.1.stock Product.stock value',
    ],
  },
  'where types differ all stands in until the shortest time is over': {
    query: '{ found { ... on Product { title } ... on Kit { title } } }',
    later: 4,
    data: { found: [{ title: 'Product p1' }, { title: 'Kit' }] },
    degraded: ['found Query.found lastKnown 4'],
  },
  'where types differ nothing stands in after the shortest time': {
    query: '{ found { ... on Product { title } ... on Kit { title } } }',
    later: 6,
    data: { found: null },
    errors: ['found'],
  },
  'where one type says nothing, and another does, nothing stands in after its time': {
    query: '{ found { ... on Product { x: title } ... on Kit { x: label } } }',
    later: 11,
    data: { found: null },
    errors: ['found'],
  },
  'more than can be looked at stands in until the shortest time is over': {
    query: `{ marked { mark ${manyNames} } }`,
    later: 9,
    data: {
      marked: [
        { mark: 'mark of p1', ...named('Product') },
        { mark: 'mark of k1', ...named('Kit') },
      ],
    },
    degraded: ['marked Query.marked lastKnown 9'],
  },
  'of more than can be looked at nothing stands in after that': {
    query: `{ marked { mark ${manyNames} } }`,
    later: 11,
    data: { marked: null },
    errors: ['marked'],
  },
};

describe('within what was known last', () => {
  let graph: ScriptedGraph;
  let schema: GraphQLSchema;
  let router: RouterUnderTest | undefined;
  let metricsPort = 0;
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => now, steady: () => now };

  before(async () => {
    graph = await startBoundedGraph();
    schema = shownSchema(parse(graph.supergraphSdl));
  });
  beforeEach(async () => {
    await router?.stop();
    for (const { answerWith } of graph.subgraphs.values()) answerWith(undefined);
    now = Date.now();
    metricsPort = await freePort();
    router = await startTestRouter(graph.supergraphSdl, {
      bff: defineBff({ name: 'test', port: 0, fallbacks: bounds, limits: { aliases: 1_000 } }),
      ...{ clock, environment: { metricsPort } },
    });
  });
  after(async () => {
    await router?.stop();
    graph.stop();
  });

  /** What is known of it when its subgraph is gone, so many minutes after all was well. */
  async function askLater({ query, later, broken = 'shop' }: Pick<Case, 'query' | 'later' | 'broken'>) {
    assert.ok(router);
    const good = await router.ask(query);
    assert.equal(good.body.errors, undefined);
    assert.equal(good.body.extensions, undefined);
    graph.of(broken).answerWith('hang up');
    now += later * 60_000;
    return router.ask(query);
  }

  for (const [name, one] of Object.entries(cases)) {
    test(name, async () => {
      const first = await askLater(one);
      // An operation that is known goes another way.
      for (const { body } of [first, await router?.ask(one.query)].flatMap((answer) => answer ?? [])) {
        assert.deepEqual(body.data, one.data);
        assert.deepEqual(degradedIn(body), one.degraded ?? []);
        assert.deepEqual(
          (body.errors ?? []).map(({ path = [], extensions }) => `${path.join('.')} ${extensions['code']}`),
          (one.errors ?? []).map((path) => `${path} SUBGRAPH_UNAVAILABLE`),
        );
        assert.deepEqual(problemsOfAnswer({ schema, document: parse(one.query) }, body as AnswerBody), []);
      }
    });
  }

  test('what takes the place of a part is counted as any other', async () => {
    await askLater({ query: '{ best { id rating } }', later: 11 });
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const labels = 'coordinate="Product.rating",strategy="value",reason="SUBGRAPH_UNAVAILABLE"';
    assert.ok(text.includes(`tributary_stand_ins_total{bff="test",${labels}} 1\n`), text);
  });

  test('the first thousand that stand in are told, and all do', async () => {
    const query = '{ many { rating } }';
    // Of one answer a thousand values are remembered, and those within a list before the list.
    await router?.ask(query);
    const { body } = await askLater({ query, later: 11 });
    const many = body.data?.['many'] as Data[];
    assert.equal(many.filter(({ rating }) => rating === 0).length, 1_100);
    assert.equal(degradedIn(body).length, 1_000);
  });
});

function degradedIn({ extensions }: Answer['body']): string[] {
  const degraded = (extensions?.['degraded'] ?? []) as Record<string, unknown>[];
  return degraded.map(({ path, coordinate, strategy, reason, ageSeconds, ...rest }) => {
    assert.deepEqual(rest, {});
    assert.equal(reason, 'SUBGRAPH_UNAVAILABLE');
    const age = typeof ageSeconds === 'number' ? ` ${ageSeconds / 60}` : '';
    return `${(path as unknown[]).join('.')} ${coordinate} ${strategy}${age}`;
  });
}
