// Holds the reading of reviews to the schema over HTTP, on every database engine; writing is in write-reviews.test.ts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demoOrders } from '../../../subgraphs/kit/demo/orders.ts';
import { demoPeople } from '../../../subgraphs/kit/demo/people.ts';
import { demoProducts } from '../../../subgraphs/kit/demo/products.ts';
import { reviews } from '../../../subgraphs/reviews/reviews.ts';
import { seed } from '../../../subgraphs/reviews/seed.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { seedStatements } from '../../support/seed-statements.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Review {
  id: string;
  product: { id: string };
  author: { id: string; displayName: string };
  rating: number;
  title: string;
  body: string;
  createdAt: string;
  editedAt: string | null;
  verifiedPurchase: boolean;
  helpfulCount: number;
  suspicion: number;
}
interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: { cursor: string; node: Review }[];
}
interface Product {
  id: string;
  rating: { average: number; count: number } | null;
  reviews: Page;
}

const reviewFields = `id product { id } author { id displayName } rating title body createdAt editedAt
  verifiedPurchase helpfulCount suspicion`;
const pageFields = `totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${reviewFields} } }`;
const productIds = demoProducts().map(({ id }) => id);

test('reviews seed the same every time', async (context) => {
  const statements = await seedStatements(seed);
  context.mock.timers.enable({ apis: ['Date'], now: 0 });
  context.mock.method(Math, 'random', () => 0);
  assert.deepEqual(await seedStatements(seed), statements);
});

for (const engine of oneDatabaseEngine()) {
  describe(`reviews on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    let all: Review[];
    let products: Product[];

    before(async () => {
      subgraph = await startTestSubgraph(reviews, engine);
      products = [];
      for (let start = 0; start < productIds.length; start += 100) {
        products.push(...(await productsWith('(first: 100)', productIds.slice(start, start + 100))));
      }
      all = [];
      for (const { id, reviews: page } of products) {
        all.push(...page.edges.map(({ node }) => node));
        if (page.pageInfo.hasNextPage) all.push(...(await walk(id, 'first: 100', page.pageInfo.endCursor)));
      }
    });
    after(() => subgraph.stop());

    async function entities<Entity>(
      typename: string,
      ids: readonly string[],
      selection: string,
    ): Promise<(Entity | null)[]> {
      const representations = ids.map((id) => ({ __typename: typename, id }));
      subgraph.statements.length = 0;
      const { body, entities: found } = await subgraph.entities(
        representations,
        `... on ${typename} { ${selection} }`,
      );
      assert.equal(body.errors, undefined);
      return found as (Entity | null)[];
    }

    async function productsWith(args: string, ids: readonly string[]): Promise<Product[]> {
      const found = await entities<Product>(
        'Product',
        ids,
        `id rating { average count } reviews${args} { ${pageFields} }`,
      );
      return found.map((product) => {
        assert.ok(product);
        return product;
      });
    }

    /** All reviews of a product behind a cursor, page by page. */
    async function walk(productId: string, args: string, from: string | null = null): Promise<Review[]> {
      const seen: Review[] = [];
      let after = from;
      for (let more = true; more; ) {
        const [product] = await productsWith(`(${args}, after: ${JSON.stringify(after)})`, [productId]);
        assert.ok(product);
        const { edges, pageInfo } = product.reviews;
        seen.push(...edges.map(({ node }) => node));
        after = pageInfo.endCursor;
        more = pageInfo.hasNextPage;
      }
      return seen;
    }

    const busiest = (): Product => products.reduce((one, other) => (count(other) > count(one) ? other : one));
    const count = ({ rating }: Product): number => rating?.count ?? 0;

    test('there are 10,000 believable reviews, one for each pair of product and author', () => {
      assert.equal(all.length, 10_000);
      assert.equal(new Set(all.map(({ id }) => id)).size, 10_000);
      assert.equal(new Set(all.map(({ product, author }) => `${product.id} ${author.id}`)).size, 10_000);
      const names = new Map(demoPeople().map(({ id, displayName }) => [id, displayName]));
      assert.ok(all.every(({ author }) => names.get(author.id) === author.displayName));
      const share = (stars: number[]) =>
        all.filter(({ rating }) => stars.includes(rating)).length / all.length;
      assert.ok(share([4, 5]) > 0.6 && share([1, 2]) > 0.05, 'most people are happy, some are not');
      assert.ok(all.every(({ editedAt, createdAt }) => editedAt === null || editedAt > createdAt));
      assert.ok(all.every(({ body }) => !body.includes('{')));
    });

    test('a purchase is verified exactly when the product was delivered to the author', () => {
      const delivered = new Set(
        demoOrders()
          .filter(({ deliveredAt }) => deliveredAt !== null)
          .flatMap(({ userId, lines }) => lines.map(({ productId }) => `${productId} ${userId}`)),
      );
      for (const { id, product, author, verifiedPurchase } of all) {
        assert.equal(verifiedPurchase, delivered.has(`${product.id} ${author.id}`), id);
      }
      assert.ok(all.filter(({ verifiedPurchase }) => verifiedPurchase).length > 5000);
    });

    test('the rating of each product is the average of its reviews to one decimal', () => {
      assert.equal(products.length, 1000);
      for (const { id, rating, reviews: page } of products) {
        const stars = all.filter(({ product }) => product.id === id).map((one) => one.rating);
        assert.equal(page.totalCount, stars.length);
        if (stars.length === 0) {
          assert.equal(rating, null);
          continue;
        }
        const average = stars.reduce((sum, one) => sum + one, 0) / stars.length;
        assert.equal(rating?.count, stars.length);
        assert.ok(rating && Math.abs(rating.average - average) <= 0.05 + 1e-9, `${id}: ${average}`);
        assert.equal(Math.round(rating.average * 10) / 10, rating.average);
      }
      assert.ok(
        products.some(({ rating }) => rating === null),
        'some products wait for their first review',
      );
    });

    for (const { asked, id, found } of [
      { asked: 'a review', id: 'review-00001', found: 'review-00001' },
      { asked: 'an unknown review', id: 'review-99999', found: null },
    ]) {
      test(`${asked} is found by its id as ${found}`, async () => {
        const { body } = await subgraph.query(`{ review(id: "${id}") { id } }`);
        assert.deepEqual(body, { data: { review: found && { id: found } } });
      });
    }

    for (const { sort, key } of [
      { sort: 'NEWEST', key: () => 0 },
      { sort: 'MOST_HELPFUL', key: ({ helpfulCount }: Review) => -helpfulCount },
      { sort: 'BEST_RATING', key: ({ rating }: Review) => -rating },
      { sort: 'WORST_RATING', key: ({ rating }: Review) => rating },
    ]) {
      test(`sorted by ${sort}, the pages of a product show each review once and equals newest first`, async () => {
        const { id } = busiest();
        const seen = await walk(id, `first: 7, sort: ${sort}`);
        const expected = all
          .filter(({ product }) => product.id === id)
          .sort((one, other) => key(one) - key(other) || (one.createdAt < other.createdAt ? 1 : -1));
        assert.deepEqual(
          seen.map((one) => one.id),
          expected.map((one) => one.id),
        );
      });
    }

    for (const minRating of [1, 3, 5]) {
      test(`only reviews with at least ${minRating} stars are listed and counted when asked for`, async () => {
        const { id } = busiest();
        const [product] = await productsWith(`(first: 100, minRating: ${minRating}, sort: WORST_RATING)`, [
          id,
        ]);
        const expected = all.filter(({ product: of, rating }) => of.id === id && rating >= minRating);
        assert.equal(product?.reviews.totalCount, expected.length);
        assert.ok(product?.reviews.edges.every(({ node }) => node.rating >= minRating));
        assert.equal(product?.rating?.count, count(busiest()), 'the rating is that of all');
      });
    }

    test('null arguments are taken as left out', async () => {
      const nothing = '(sort: null, minRating: null, first: null, after: null)';
      assert.deepEqual(
        await productsWith(nothing, ['product-0001']),
        await productsWith('', ['product-0001']),
      );
    });

    for (const { args, argument } of [
      { args: 'first: 0', argument: 'first' },
      { args: 'first: 101', argument: 'first' },
      { args: 'after: "nonsense"', argument: 'after' },
      { args: 'minRating: 0', argument: 'minRating' },
      { args: 'minRating: 6', argument: 'minRating' },
    ]) {
      test(`a list of reviews refuses ${args} and names the argument`, async () => {
        const { body } = await subgraph.entities(
          [{ __typename: 'Product', id: 'product-0001' }],
          `... on Product { reviews(${args}) { totalCount } }`,
        );
        const { code, argument: named } = body.errors?.[0]?.extensions ?? {};
        assert.deepEqual([code, named], ['BAD_USER_INPUT', argument]);
      });
    }

    test('a cursor of one sort is refused by another', async () => {
      const cursor = busiest().reviews.edges[0]?.cursor;
      const { body } = await subgraph.entities(
        [{ __typename: 'Product', id: busiest().id }],
        `... on Product { reviews(sort: MOST_HELPFUL, after: "${cursor}") { totalCount } }`,
      );
      assert.equal(body.errors?.[0]?.extensions?.['argument'], 'after');
    });

    describe('a hundred entities in one request', () => {
      const shuffled = Array.from({ length: 100 }, (_, index) => (index * 37) % 61);

      test('of reviews are one statement, unknown ones null at their own position', async () => {
        const ids = shuffled.map((number) =>
          number % 10 === 3 ? `review-x${number}` : `review-${String(number + 1).padStart(5, '0')}`,
        );
        const found = await entities<Review>('Review', ids, reviewFields);
        assert.deepEqual(
          found.map((one) => one?.id ?? null),
          ids.map((id) => (id.startsWith('review-x') ? null : id)),
        );
        assert.equal(subgraph.statements.length, 1);
      });

      test('of products are one statement each for ratings, for lists and for their counts', async () => {
        const ids = shuffled.map((number) =>
          number % 10 === 3 ? `unknown-${number}` : `product-${1000 - number}`,
        );
        const found = await productsWith(
          '(first: 2)',
          ids.map((id) => id.replace('product-1000', 'product-0900')),
        );
        assert.equal(subgraph.statements.length, 3);
        for (const [index, { id, rating, reviews: page }] of found.entries()) {
          const known = products.find((product) => product.id === id);
          assert.equal(id, ids[index]?.replace('product-1000', 'product-0900'));
          assert.deepEqual(rating, known?.rating ?? null);
          assert.deepEqual(page.edges, known?.reviews.edges.slice(0, 2) ?? []);
          assert.equal(page.totalCount, known?.reviews.totalCount ?? 0);
        }
      });

      test('of products that are only referred to, asked for their id alone, are no statement', async () => {
        await entities('Product', ['product-0001', 'nowhere'], 'id');
        assert.equal(subgraph.statements.length, 0);
      });

      test('of people are one statement for what they wrote, the newest first', async () => {
        const ids = shuffled.map((number) =>
          number % 10 === 3 ? `nobody-${number}` : `user-${String(number + 1).padStart(3, '0')}`,
        );
        const found = await entities<{ id: string; reviews: Page }>(
          'User',
          ids,
          `id reviews(first: 3) { edges { node { id createdAt author { id reviews(first: 1) { edges { node { id } } } } } } }`,
        );
        assert.deepEqual(
          found.map((one) => one?.id),
          ids,
        );
        for (const user of found) {
          const expected = all
            .filter(({ author }) => author.id === user?.id)
            .sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
          assert.deepEqual(
            user?.reviews.edges.map(({ node }) => node.id),
            expected.slice(0, 3).map(({ id }) => id),
          );
        }
        assert.equal(subgraph.statements.length, 2, 'one for three each, one for one each');
      });
    });
  });
}
