// Holds a router to leaving a field alone that keeps failing, while it goes on asking for all else of the same subgraph.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { BffDeclaration } from '../../../../supergraph/declaration/define-bff.ts';
import type { Answer } from '../../fixtures/router-under-test.ts';
import { type FailingShop, type Fault, startFailingShop, until } from './shop-with-failing-fields.ts';

const breaker = { opensAt: '50%', of: 4, for: '1h' } as const;
const brief = { ...breaker, for: '400ms' } as const;
/** Until the time of a breaker is over that has just opened. */
const untilOver = () => {
  const end = performance.now() + 400;
  return until(async () => performance.now() > end);
};
const fails: Fault = () => {
  throw new Error('the pool is drained');
};
const refuses: Fault = () => {
  throw Object.assign(new Error('Only for members.'), { extensions: { code: 'FORBIDDEN' } });
};

async function shopFor(t: TestContext, declared: Partial<BffDeclaration>): Promise<FailingShop> {
  const shop = await startFailingShop(declared);
  t.after(() => shop.stop());
  return shop;
}

const toReviews = ({ asked }: FailingShop) => asked.filter(({ subgraph }) => subgraph === 'reviews');
const failures = ({ body }: Answer) =>
  (body.errors ?? []).map(({ path, extensions }) => `${path?.join('.')} ${extensions['code']}`);

/** Asks as often as it takes until a breaker of four opens. */
async function open(shop: FailingShop, query: string): Promise<void> {
  for (let count = 0; count < breaker.of; count++) await shop.router.ask(query);
  shop.asked.length = 0;
}

test('a field that keeps failing is asked for no more, and another of its subgraph goes on', async (t) => {
  const shop = await shopFor(t, { subgraphs: { reviews: { breaker } } });
  const query = '{ products { name rating reviews { body } } }';
  shop.fault('Product.reviews', fails);
  const failing = await shop.router.ask(query);
  assert.deepEqual(
    failures(failing),
    [0, 1, 2].map((index) => `products.${index}.reviews INTERNAL_SERVER_ERROR`),
  );
  await open(shop, query);
  const answer = await shop.router.ask(query);
  assert.deepEqual(answer.body.data, {
    products: ['Product 1', 'Product 2', 'Product 3'].map((name) => ({ name, rating: 4.5, reviews: null })),
  });
  assert.deepEqual(
    failures(answer),
    [0, 1, 2].map((index) => `products.${index}.reviews SUBGRAPH_SUSPENDED`),
  );
  const [asked, ...others] = toReviews(shop);
  assert.deepEqual(others, []);
  assert.match(asked?.query ?? '', /rating/);
  assert.doesNotMatch(asked?.query ?? '', /reviews|body/, 'the journal shows that it is not asked for');
  assert.equal(asked?.problem, undefined);
  assert.match(
    await shop.metrics(),
    /^tributary_open_coordinates\{bff="test",subgraph="reviews",coordinate="Product.reviews"\} 1$/m,
  );
});

test('of many operations that would ask for it none does', async (t) => {
  const shop = await shopFor(t, { subgraphs: { every: { breaker } } });
  shop.fault('Product.reviews', fails);
  await open(shop, '{ products { reviews { body } } }');
  const cases = [
    '{ products { reviews { body } } }',
    '{ product(sku: "p2") { reviews(first: 1) { id } rating } }',
    'query ($first: Int, $of: Int) { products { reviews(first: $first) { id } rating(of: $of) } }',
    '{ a: products(first: 1) { name, all: reviews { mood }, one: reviews(first: 1) { body } } }',
  ];
  for (const query of cases) {
    const { body, text } = await shop.router.ask(query, { variables: { first: 1, of: 2 } });
    assert.ok((body.errors?.length ?? 0) > 0, text);
    assert.deepEqual(
      [...new Set(body.errors?.map(({ extensions }) => extensions['code']))],
      ['SUBGRAPH_SUSPENDED'],
      text,
    );
  }
  assert.deepEqual(
    toReviews(shop).map(({ query, variables }) => [/reviews/.test(query), Object.keys(variables).length]),
    [
      [false, 1],
      [false, 2],
    ],
    'what has nothing left to ask for makes no request, and variables that are not used are not sent',
  );
  assert.deepEqual(
    shop.asked.flatMap(({ problem }) => problem ?? []),
    [],
  );
});

test('a field of the root is left out as well, and the last of a request leaves no request', async (t) => {
  const shop = await shopFor(t, { subgraphs: { every: { breaker } } });
  shop.fault('Query.offers', fails);
  await open(shop, '{ offers }');
  const alone = await shop.router.ask('{ offers }');
  assert.deepEqual([alone.body.data, failures(alone)], [{ offers: null }, ['offers SUBGRAPH_SUSPENDED']]);
  assert.deepEqual(shop.asked, []);
  const both = await shop.router.ask('{ motto deals: offers }');
  assert.deepEqual(both.body.data, { motto: 'All you need', deals: null });
  assert.deepEqual(failures(both), ['deals SUBGRAPH_SUSPENDED']);
  assert.deepEqual(
    shop.asked.map(({ query }) => /offers/.test(query)),
    [false],
  );
});

test('where null went up, the field that failed is the one that is left out', async (t) => {
  const shop = await shopFor(t, { subgraphs: { every: { breaker } } });
  shop.fault('Review.body', fails);
  const query = '{ products(first: 1) { rating reviews { body mood } } }';
  await open(shop, query);
  const answer = await shop.router.ask(query);
  assert.match(toReviews(shop)[0]?.query ?? '', /reviews\s*\{\s*mood/, 'all else of a review is asked for');
  // It may not be null, so for the client the review goes with it.
  assert.deepEqual(answer.body.data, { products: [{ rating: 4.5, reviews: null }] });
  assert.deepEqual(failures(answer), ['products.0.reviews.0.body SUBGRAPH_SUSPENDED']);
  const others = await shop.router.ask('{ topReviews { mood } }');
  assert.deepEqual(others.body, { data: { topReviews: [{ mood: 'fine' }, { mood: 'fine' }] } });
});

test('an object of which nothing else is asked is still told from none', async (t) => {
  const shop = await shopFor(t, { subgraphs: { every: { breaker } } });
  shop.fault('Review.mood', fails);
  const query = '{ topReviews { mood } }';
  await open(shop, query);
  const answer = await shop.router.ask(query);
  assert.deepEqual(answer.body.data, { topReviews: [{ mood: null }, { mood: null }] });
  assert.deepEqual(failures(answer), [
    'topReviews.0.mood SUBGRAPH_SUSPENDED',
    'topReviews.1.mood SUBGRAPH_SUSPENDED',
  ]);
});

test('a field of one object is left out for that one, where it is asked of an interface', async (t) => {
  const shop = await shopFor(t, { subgraphs: { every: { breaker } } });
  shop.fault('Toy.title', fails);
  const query = '{ things { __typename title ... on Toy { age } } }';
  await open(shop, query);
  const answer = await shop.router.ask(query);
  assert.deepEqual(answer.body.data, {
    things: [
      { __typename: 'Toy', title: null, age: 3 },
      { __typename: 'Tool', title: 'Saw' },
    ],
  });
  assert.deepEqual(failures(answer), ['things.0.title SUBGRAPH_SUSPENDED']);
  assert.deepEqual(
    shop.asked.map(({ problem }) => problem),
    [undefined],
  );
  shop.fault('Tool.title', fails);
  await open(shop, query);
  assert.deepEqual(failures(await shop.router.ask('{ things { title } }')), [
    'things.0.title SUBGRAPH_SUSPENDED',
    'things.1.title SUBGRAPH_SUSPENDED',
  ]);
});

interface Unharmed {
  name: string;
  fault: [coordinate: string, fault: Fault];
  declared?: Partial<BffDeclaration>;
  query?: string;
}

const everywhere: Partial<BffDeclaration> = { subgraphs: { every: { breaker } } };
const unharmed: readonly Unharmed[] = [
  { name: 'without a policy', fault: ['Product.reviews', fails], declared: {} },
  {
    name: 'where its own policy says never',
    fault: ['Product.reviews', fails],
    declared: { ...everywhere, fields: { 'Product.reviews': { breaker: 'never' } } },
  },
  {
    name: 'when the subgraph says that the viewer may not have it',
    fault: ['Product.reviews', refuses],
  },
  {
    name: 'when it fails for few of its places',
    fault: ['Product.reviews', ({ sku }) => (sku === 'p1' ? fails({}) : [])],
  },
  {
    name: 'when it is a key',
    fault: ['Product.sku', fails],
    query: '{ products { sku name } }',
  },
  {
    name: 'when another subgraph requires it',
    fault: ['Product.price', fails],
    query: '{ products { price } }',
  },
];

describe('a field is asked for all the same', () => {
  for (const {
    name,
    fault,
    declared = everywhere,
    query = '{ products { rating reviews { body } } }',
  } of unharmed) {
    test(name, async (t) => {
      const shop = await shopFor(t, declared);
      const field = fault[0].split('.')[1] ?? '';
      shop.fault(...fault);
      for (let count = 0; count < 3 * breaker.of; count++) await shop.router.ask(query);
      shop.asked.length = 0;
      const { text } = await shop.router.ask(query);
      assert.ok(
        shop.asked.some((one) => one.query.includes(field)),
        text,
      );
      assert.doesNotMatch(text, /SUSPENDED/);
    });
  }

  test('by a mutation', async (t) => {
    const shop = await shopFor(t, everywhere);
    shop.fault('Product.name', fails);
    await open(shop, '{ products { name } }');
    const { body } = await shop.router.ask('mutation { rename(sku: "p1", name: "New") { name } }');
    assert.deepEqual(
      body.errors?.map(({ extensions }) => extensions['code']),
      ['INTERNAL_SERVER_ERROR'],
    );
    assert.match(shop.asked[0]?.query ?? '', /rename.*name/s);
  });

  test('when it is the subgraph that fails, and not the field', async (t) => {
    const shop = await shopFor(t, { fields: { 'Product.reviews': { breaker } } });
    shop.misbehave('reviews', { status: 500, body: 'no' });
    for (let count = 0; count < 3 * breaker.of; count++)
      await shop.router.ask('{ products { reviews { id } } }');
    shop.misbehave('reviews', undefined);
    const { body } = await shop.router.ask('{ products(first: 1) { reviews(first: 1) { id } } }');
    assert.deepEqual(body, { data: { products: [{ reviews: [{ id: 'p1-r1' }] }] } });
  });
});

test('after its time one of two hundred asks for it again, and opens it for all', async (t) => {
  const shop = await shopFor(t, {
    fields: { 'Query.topReviews': { breaker: brief } },
    subgraphs: { reviews: { timeout: '30s' } },
  });
  shop.fault('Query.topReviews', fails);
  const query = '{ topReviews { id } }';
  await open(shop, query);
  await untilOver();
  // Of several who ask as the same the router would ask once.
  const race = (): Promise<Answer>[] =>
    Array.from({ length: 200 }, (_, index) =>
      shop.router.ask(query, { headers: { authorization: `Bearer ${index}` } }),
    );
  // Whoever probes gets no answer before all others have been turned away.
  let answerProbe = () => {};
  const isOver = new Promise<void>((resolve) => {
    answerProbe = resolve;
  });
  shop.fault('Query.topReviews', () => isOver.then(() => fails({})));
  const suspended: Answer[] = [];
  const racing = race();
  for (const asking of racing) void asking.then((answer) => suspended.push(answer));
  await until(async () => suspended.length >= 199);
  assert.equal(toReviews(shop).length, 1);
  answerProbe();
  const told = (await Promise.all(racing)).flatMap(failures).sort();
  assert.deepEqual(
    [told.length, told.slice(0, 2)],
    [200, ['topReviews INTERNAL_SERVER_ERROR', 'topReviews SUBGRAPH_SUSPENDED']],
  );
  assert.deepEqual(
    failures(await shop.router.ask(query)),
    ['topReviews SUBGRAPH_SUSPENDED'],
    'it failed again',
  );
  shop.fault('Query.topReviews', undefined);
  await until(async () => (await shop.router.ask(query)).body.errors === undefined);
  assert.ok((await Promise.all(race())).every(({ body }) => body.errors === undefined));
  assert.doesNotMatch(await shop.metrics(), /tributary_open_coordinates\{/);
});

test('a probe that finds nothing out leaves it to the next', async (t) => {
  const shop = await shopFor(t, { fields: { 'Product.reviews': { breaker: brief } } });
  shop.fault('Product.reviews', fails);
  const query = '{ products { reviews { id } } }';
  await open(shop, query);
  shop.fault('Product.reviews', undefined);
  shop.misbehave('reviews', 'hang up');
  await untilOver();
  await shop.router.ask(query);
  shop.misbehave('reviews', undefined);
  assert.equal((await shop.router.ask(query)).body.errors, undefined);
});

test('what is kept is still answered, and nothing is kept of what was not asked for', async (t) => {
  const shop = await shopFor(t, {
    cache: { Product: { maxAge: '1h', scope: 'public' }, Review: { maxAge: '1h', scope: 'public' } },
    subgraphs: { every: { breaker, cacheControl: 'ignored' } },
    responseCache: 'never',
  });
  const query = '{ product(sku: "p1") { rating reviews { body } } }';
  const kept = '{ product(sku: "p2") { rating reviews { body } } }';
  const whole = await shop.router.ask(kept);
  shop.fault('Product.reviews', fails);
  await open(shop, query);
  assert.deepEqual(failures(await shop.router.ask(query)), ['product.reviews SUBGRAPH_SUSPENDED']);
  const both = await shop.router.ask('{ products(first: 2) { rating reviews { body } } }');
  assert.deepEqual(both.body.data, {
    products: [{ rating: 4.5, reviews: null }, whole.body.data?.['product']],
  });
  assert.deepEqual(failures(both), ['products.0.reviews SUBGRAPH_SUSPENDED']);
  // Nothing is left to ask for.
  shop.asked.length = 0;
  const alone = await shop.router.ask('{ products { sku reviews { body } } }');
  assert.deepEqual(
    failures(alone),
    [0, 1, 2].map((index) => `products.${index}.reviews SUBGRAPH_SUSPENDED`),
  );
  assert.deepEqual(toReviews(shop), []);
});
