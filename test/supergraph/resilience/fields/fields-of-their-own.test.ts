// Holds a router to asking for a field with a policy of its own by itself: what it takes costs no other field anything.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { compose } from '../../../../supergraph/composition/compose.ts';
import { type BffDeclaration, defineBff } from '../../../../supergraph/declaration/define-bff.ts';
import { schemaOf } from '../../fixtures/fixture-graph.ts';
import { type Answer, startTestRouter } from '../../fixtures/router-under-test.ts';
import { type FailingShop, startFailingShop, until } from './shop-with-failing-fields.ts';

async function shopFor(t: TestContext, declared: Partial<BffDeclaration>): Promise<FailingShop> {
  const shop = await startFailingShop(declared);
  t.after(() => shop.stop());
  return shop;
}

const forever = () => new Promise(() => {});
const failures = ({ body }: Answer) =>
  (body.errors ?? []).map(({ path, extensions }) => `${path?.join('.')} ${extensions['code']}`);
/** The requests, by what of these words they say. */
const requests = ({ asked }: FailingShop, subgraph: string, words: readonly string[]) =>
  asked
    .filter((one) => one.subgraph === subgraph)
    .map(({ query }) => words.filter((word) => new RegExp(`\\b${word}\\b`).test(query)).join(' '))
    .sort();

test('an entity has the rest of its fields when one takes too long', async (t) => {
  const shop = await shopFor(t, { fields: { 'Product.reviews': { timeout: '100ms' } } });
  shop.fault('Product.reviews', forever);
  const began = performance.now();
  const answer = await shop.router.ask('{ products(first: 1) { name rating verdict reviews { body } } }');
  assert.ok(performance.now() - began < 3000);
  assert.deepEqual(answer.body.data, {
    products: [{ name: 'Product 1', rating: 4.5, verdict: 'cheap', reviews: null }],
  });
  assert.deepEqual(failures(answer), ['products.0.reviews SUBGRAPH_TIMEOUT']);
  assert.deepEqual(requests(shop, 'reviews', ['rating', 'verdict', 'reviews']), [
    'rating verdict',
    'reviews',
  ]);
});

test('the root has the rest of its fields when one takes too long', async (t) => {
  const shop = await shopFor(t, { fields: { 'Query.offers': { timeout: '100ms' } } });
  shop.fault('Query.offers', forever);
  const answer = await shop.router.ask('{ motto offers }');
  assert.deepEqual(answer.body.data, { motto: 'All you need', offers: null });
  assert.deepEqual(failures(answer), ['offers SUBGRAPH_TIMEOUT']);
  assert.deepEqual(requests(shop, 'catalog', ['motto', 'offers']), ['motto', 'offers']);
});

test('its time is no longer than the subgraph has', async (t) => {
  const shop = await shopFor(t, {
    fields: { 'Query.offers': { timeout: '30s' } },
    subgraphs: { catalog: { timeout: '100ms' } },
  });
  shop.fault('Query.offers', forever);
  const began = performance.now();
  assert.deepEqual(failures(await shop.router.ask('{ offers }')), ['offers SUBGRAPH_TIMEOUT']);
  assert.ok(performance.now() - began < 3000);
});

test('what is read of it later waits for it', async (t) => {
  const shop = await shopFor(t, { fields: { 'Product.reviews': { timeout: '10s' } } });
  const { body } = await shop.router.ask(
    '{ products(first: 1) { rating reviews(first: 1) { product { name } } } }',
  );
  assert.deepEqual(body, {
    data: { products: [{ rating: 4.5, reviews: [{ product: { name: 'Product 1' } }] }] },
  });
});

test('what does not read it does not wait for it', async (t) => {
  const shop = await shopFor(t, { fields: { 'Product.name': { timeout: '10s' } } });
  const isAsked = (word: string) => shop.asked.some(({ query }) => query.includes(word));
  // Without the other fetches there would be no name at all.
  shop.fault('Product.name', async ({ name }) => {
    await until(async () => isAsked('verdict'));
    return name;
  });
  const { body } = await shop.router.ask('{ topReviews { product { verdict name } } }');
  const product = { verdict: 'cheap', name: 'Product 1' };
  assert.deepEqual(body, { data: { topReviews: [{ product }, { product }] } });
  assert.deepEqual(requests(shop, 'catalog', ['price', 'name']), ['name', 'price']);
});

test('two such fields are two requests, and what goes with neither a third', async (t) => {
  const shop = await shopFor(t, {
    fields: { 'Product.reviews': { timeout: '5s' }, 'Product.rating': { breaker: 'never' } },
  });
  const { body } = await shop.router.ask(
    'query ($of: Int, $first: Int) { products(first: 1) { rating(of: $of) verdict reviews(first: $first) { id } } }',
    { variables: { of: 1, first: 1 } },
  );
  assert.deepEqual(body, {
    data: { products: [{ rating: 4.5, verdict: 'cheap', reviews: [{ id: 'p1-r1' }] }] },
  });
  assert.deepEqual(requests(shop, 'reviews', ['rating', 'verdict', 'reviews']), [
    'rating',
    'reviews',
    'verdict',
  ]);
  assert.deepEqual(
    shop.asked.flatMap(({ problem }) => problem ?? []),
    [],
  );
});

test('a field within another field of the same subgraph stays where it is', async (t) => {
  const shop = await shopFor(t, {
    fields: { 'Review.mood': { timeout: '100ms' } },
    subgraphs: { reviews: { timeout: '1s' } },
  });
  const query = '{ topReviews { id mood } }';
  assert.equal((await shop.router.ask(query)).body.errors, undefined);
  assert.deepEqual(requests(shop, 'reviews', ['id', 'mood']), ['id mood']);
  shop.fault('Review.mood', forever);
  assert.deepEqual(failures(await shop.router.ask(query)), ['topReviews SUBGRAPH_TIMEOUT']);
});

test('a mutation is not taken apart', async (t) => {
  const shop = await shopFor(t, {
    fields: { 'Product.name': { timeout: '100ms' } },
  });
  const { body } = await shop.router.ask('mutation { rename(sku: "p1", name: "New") { name price } }');
  assert.deepEqual(body, { data: { rename: { name: 'New', price: 10 } } });
  assert.deepEqual(requests(shop, 'catalog', ['rename', 'name', 'price']), ['rename name price']);
});

test('one that only waited for its turn is asked for when it comes', async (t) => {
  const breaker = { opensAt: '50%', of: 2, for: '1h' } as const;
  const shop = await shopFor(t, {
    fields: { 'Product.reviews': { timeout: '200ms', breaker } },
    subgraphs: { reviews: { concurrency: { most: 1, waiting: 9 } } },
  });
  let answerFirst = () => {};
  const isAnswered = new Promise<void>((resolve) => {
    answerFirst = resolve;
  });
  shop.fault('Query.topReviews', () => isAnswered.then(() => []));
  const first = shop.router.ask('{ topReviews { id } }');
  await until(async () => shop.asked.length === 1);
  const query = '{ products(first: 1) { reviews { id } } }';
  for (let count = 0; count < 2 * breaker.of; count++) {
    assert.deepEqual(failures(await shop.router.ask(query)), ['products.0.reviews SUBGRAPH_TIMEOUT']);
  }
  assert.deepEqual(requests(shop, 'reviews', ['topReviews', 'reviews']), ['topReviews']);
  answerFirst();
  await first;
  await shop.router.ask(query);
  assert.deepEqual(requests(shop, 'reviews', ['topReviews', 'reviews']), ['reviews', 'topReviews']);
});

for (const { name, timeout } of [
  { name: 'one', timeout: '600ms' },
  { name: 'one with as much time as its subgraph', timeout: '1s' },
] as const) {
  test(`${name} that has taken too long too often is asked for no more, and the subgraph is not blamed`, async (t) => {
    const breaker = { opensAt: '50%', of: 2, for: '1h' } as const;
    const shop = await shopFor(t, {
      fields: { 'Product.reviews': { timeout } },
      // The half of a subgraph's time that its own breaker takes seriously.
      subgraphs: { every: { breaker, timeout: '1s' } },
    });
    shop.fault('Product.reviews', forever);
    const query = '{ products(first: 1) { reviews { body } } }';
    for (let count = 0; count < breaker.of; count++) {
      assert.deepEqual(failures(await shop.router.ask(query)), ['products.0.reviews SUBGRAPH_TIMEOUT']);
    }
    shop.asked.length = 0;
    assert.deepEqual(failures(await shop.router.ask(query)), ['products.0.reviews SUBGRAPH_SUSPENDED']);
    assert.deepEqual(requests(shop, 'reviews', ['reviews']), []);
    const { body } = await shop.router.ask('{ products(first: 1) { rating } }');
    assert.deepEqual(body, { data: { products: [{ rating: 4.5 }] } });
  });
}

test('a view that has taken too long too often is asked for no more', async (t) => {
  const breaker = { opensAt: '50%', of: 2, for: '1h' } as const;
  const sdl = 'type Query { never: String }';
  const router = await startTestRouter(compose([schemaOf('own-views', sdl, 'views:own')]), {
    bff: defineBff({
      name: 'own',
      port: 0,
      views: 'views',
      fields: { 'Query.never': { timeout: '50ms', breaker } },
    }),
    views: { from: 'bff/views', sdl, resolvers: { Query: { never: forever } }, documents: [] },
  });
  t.after(() => router.stop());
  for (let count = 0; count < breaker.of; count++) {
    assert.deepEqual(failures(await router.ask('{ never }')), ['never SUBGRAPH_TIMEOUT']);
  }
  assert.deepEqual(failures(await router.ask('{ never }')), ['never SUBGRAPH_SUSPENDED']);
});
