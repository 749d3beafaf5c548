// Holds the mutations of reviews to the schema over HTTP, on every database engine.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demoOrders } from '../../../subgraphs/kit/demo/orders.ts';
import { reviews } from '../../../subgraphs/reviews/reviews.ts';
import { databaseEngines } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Product {
  rating: { average: number; count: number } | null;
  reviews: { totalCount: number };
}
interface Review {
  id: string;
  product: Product;
  author: { id: string; displayName: string };
  rating: number;
  title: string;
  body: string;
  createdAt: string;
  editedAt: string | null;
  verifiedPurchase: boolean;
  helpfulCount: number;
}
interface Payload {
  review: Review | null;
  deletedId?: string | null;
  product?: Product | null;
  userErrors: { code: string; message: string; field: string[] }[];
}

const productFields = 'rating { average count } reviews { totalCount }';
const reviewFields = `id product { id ${productFields} } author { id displayName } rating title body createdAt editedAt
  verifiedPurchase helpfulCount`;
const payload = `{ review { ${reviewFields} } userErrors { code message field } }`;
const documents = {
  add: `mutation ($input: AddReviewInput!) { done: addReview(input: $input) ${payload} }`,
  update: `mutation ($input: UpdateReviewInput!) { done: updateReview(input: $input) ${payload} }`,
  delete: `mutation ($id: ID!) { done: deleteReview(id: $id) {
    deletedId product { id ${productFields} } userErrors { code message field }
  } }`,
  help: `mutation ($id: ID!) { done: markReviewHelpful(id: $id) ${payload} }`,
};
const fine = { rating: 4, title: 'Quite good', body: 'I would buy this again.' };
const long = (length: number) => 'x'.repeat(length);

for (const engine of databaseEngines()) {
  describe(`writing reviews on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    let newProducts = 0;

    before(async () => {
      subgraph = await startTestSubgraph(reviews, engine);
    });
    after(() => subgraph.stop());

    /** One that nobody has reviewed: the catalog may have got it today. */
    const newProduct = () => `product-new-${++newProducts}`;
    const tokenOf = (userId: string, scopes: string[] = []) => {
      const displayName = userId === 'user-001' ? 'Ada L.' : 'Somebody E.';
      return subgraph.identity.tokenFor({ userId, displayName, scopes });
    };

    async function write(
      name: keyof typeof documents,
      variables: Record<string, unknown>,
      userId = 'user-001',
      scopes: string[] = [],
    ): Promise<Payload> {
      const token = await tokenOf(userId, scopes);
      const { body } = await subgraph.query(documents[name], { variables, token });
      assert.equal(body.errors, undefined);
      return body.data?.['done'] as Payload;
    }

    async function written(
      name: 'add' | 'update' | 'help',
      variables: Record<string, unknown>,
      userId?: string,
    ): Promise<Review> {
      const { review, userErrors } = await write(name, variables, userId);
      assert.deepEqual(userErrors, []);
      assert.ok(review);
      return review;
    }

    async function refused(
      name: keyof typeof documents,
      variables: Record<string, unknown>,
      userId?: string,
      scopes?: string[],
    ): Promise<string[]> {
      const {
        userErrors,
        review = null,
        deletedId = null,
        product = null,
      } = await write(name, variables, userId, scopes);
      assert.deepEqual([review, deletedId, product], [null, null, null]);
      assert.ok(userErrors.every(({ message }) => message.length > 10));
      return userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);
    }

    async function reviewAt(id: string): Promise<Review | null> {
      const { body } = await subgraph.query(`{ review(id: "${id}") { ${reviewFields} } }`);
      assert.equal(body.errors, undefined);
      return body.data?.['review'] as Review | null;
    }

    for (const [name, variables] of [
      ['add', { input: { productId: 'product-0001', ...fine } }],
      ['update', { input: { id: 'review-00001', rating: 1 } }],
      ['delete', { id: 'review-00001' }],
      ['help', { id: 'review-00001' }],
    ] as const) {
      test(`somebody who has not signed in cannot ${name}`, async () => {
        const { body } = await subgraph.query(documents[name], { variables });
        assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
        assert.equal((await reviewAt('review-00001'))?.id, 'review-00001');
      });
    }

    test('a new review shows what was written and moves the rating', async () => {
      const productId = newProduct();
      const review = await written('add', { input: { productId, ...fine, title: '  Quite good ' } });
      assert.deepEqual(
        { ...review, id: '', createdAt: '' },
        {
          id: '',
          product: { id: productId, rating: { average: 4, count: 1 }, reviews: { totalCount: 1 } },
          author: { id: 'user-001', displayName: 'Ada L.' },
          ...fine,
          createdAt: '',
          editedAt: null,
          verifiedPurchase: false,
          helpfulCount: 0,
        },
      );
      assert.ok(Math.abs(Date.parse(review.createdAt) - Date.now()) < 60_000);
      const second = await written('add', { input: { productId, ...fine, rating: 5 } }, 'user-002');
      assert.deepEqual(second.product.rating, { average: 4.5, count: 2 });
      assert.deepEqual(await reviewAt(second.id), second);
    });

    test('a review is signed with the name that the token says', async () => {
      const { author } = await written('add', { input: { productId: newProduct(), ...fine } }, 'user-new');
      assert.deepEqual(author, { id: 'user-new', displayName: 'Somebody E.' });
    });

    test("a purchase of the author is verified, and nobody else's", async () => {
      const pairs = demoOrders()
        .filter(({ deliveredAt }) => deliveredAt !== null)
        .flatMap(({ userId, lines }) => lines.map(({ productId }) => ({ userId, productId })));
      let found: Review | null = null;
      for (const { userId, productId } of pairs) {
        const { review } = await write('add', { input: { productId, ...fine } }, userId);
        if (review) found = review;
        if (review) break;
      }
      assert.equal(found?.verifiedPurchase, true);
    });

    for (const { input, errors } of [
      { input: { rating: 0 }, errors: ['INVALID_RATING input.rating'] },
      { input: { rating: 6 }, errors: ['INVALID_RATING input.rating'] },
      { input: { title: 'ab' }, errors: ['INVALID_TEXT input.title'] },
      { input: { title: '  ab   ' }, errors: ['INVALID_TEXT input.title'] },
      { input: { title: long(121) }, errors: ['INVALID_TEXT input.title'] },
      { input: { title: 'two\nlines' }, errors: ['INVALID_TEXT input.title'] },
      { input: { body: 'too short' }, errors: ['INVALID_TEXT input.body'] },
      { input: { body: long(5001) }, errors: ['INVALID_TEXT input.body'] },
      { input: { body: 'nothing\u0000 can hold this' }, errors: ['INVALID_TEXT input.body'] },
      { input: { productId: '' }, errors: ['INVALID_PRODUCT input.productId'] },
      { input: { productId: 'user-001' }, errors: ['INVALID_PRODUCT input.productId'] },
      { input: { productId: 'product-\u0000' }, errors: ['INVALID_PRODUCT input.productId'] },
      {
        input: { productId: 'x', rating: 9, title: '', body: '' },
        errors: [
          'INVALID_PRODUCT input.productId',
          'INVALID_RATING input.rating',
          'INVALID_TEXT input.title',
          'INVALID_TEXT input.body',
        ],
      },
    ]) {
      test(`adding ${JSON.stringify(input).slice(0, 60)} is refused with ${errors.length} error(s) and writes nothing`, async () => {
        const productId = newProduct();
        assert.deepEqual(await refused('add', { input: { productId, ...fine, ...input } }), errors);
        assert.equal((await written('add', { input: { productId, ...fine } })).product.rating?.count, 1);
      });
    }

    for (const { text, input } of [
      { text: 'the shortest', input: { title: 'abc', body: long(10) } },
      { text: 'the longest', input: { title: long(120), body: long(5000) } },
      { text: 'emoji, each one character', input: { title: '👍🏽'.repeat(60), body: '🎉'.repeat(5000) } },
      { text: 'paragraphs', input: { title: 'Fine', body: 'First.\n\nSecond\tone.' } },
      { text: 'what looks like SQL', input: { title: "'); drop table reviews;--", body: "Robert'); --" } },
    ]) {
      test(`${text} of texts are kept as they are`, async () => {
        const { title, body } = await written('add', {
          input: { productId: newProduct(), ...fine, ...input },
        });
        assert.deepEqual({ title, body }, input);
      });
    }

    test('a product is reviewed once by each, also when two calls come at once', async () => {
      const productId = newProduct();
      const payloads = await Promise.all(
        Array.from({ length: 8 }, () => write('add', { input: { productId, ...fine } })),
      );
      assert.equal(payloads.filter(({ review }) => review !== null).length, 1);
      assert.deepEqual(
        payloads.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)),
        Array.from({ length: 7 }, () => 'ALREADY_REVIEWED'),
      );
      assert.deepEqual(await refused('add', { input: { productId, ...fine } }), [
        'ALREADY_REVIEWED input.productId',
      ]);
    });

    for (const { change } of [
      { change: { rating: 2 } },
      { change: { title: 'On second thoughts' } },
      { change: { body: 'I have changed my mind.' } },
      { change: { rating: 1, title: 'Broken', body: 'It broke on the third day.' } },
    ]) {
      test(`changing ${Object.keys(change).join(', ')} leaves the rest and says when`, async () => {
        const before = await written('add', { input: { productId: newProduct(), ...fine } });
        const left = Object.fromEntries(
          ['rating', 'title', 'body'].filter((key) => !(key in change)).map((key) => [key, null]),
        );
        const review = await written('update', { input: { id: before.id, ...left, ...change } });
        const product = { ...before.product, rating: { average: review.rating, count: 1 } };
        assert.ok(review.editedAt && review.editedAt >= before.createdAt);
        assert.deepEqual(review, { ...before, ...change, editedAt: review.editedAt, product });
      });
    }

    test('changing nothing is fine and no edit', async () => {
      const before = await written('add', { input: { productId: newProduct(), ...fine } });
      assert.deepEqual(await written('update', { input: { id: before.id } }), before);
    });

    for (const { input, errors } of [
      { input: { rating: 0 }, errors: ['INVALID_RATING input.rating'] },
      {
        input: { rating: 7, title: '', body: 'short' },
        errors: ['INVALID_RATING input.rating', 'INVALID_TEXT input.title', 'INVALID_TEXT input.body'],
      },
    ]) {
      test(`changing to ${JSON.stringify(input)} is refused and changes nothing`, async () => {
        const before = await written('add', { input: { productId: newProduct(), ...fine } });
        assert.deepEqual(await refused('update', { input: { id: before.id, ...input } }), errors);
        assert.deepEqual(await reviewAt(before.id), before);
      });
    }

    for (const { who, userId, scopes } of [
      { who: 'a stranger', userId: 'user-002', scopes: [] },
      { who: 'the support team', userId: 'user-003', scopes: ['customers:read', 'orders:support'] },
    ]) {
      test(`${who} can neither change nor delete what somebody else wrote`, async () => {
        const before = await written('add', { input: { productId: newProduct(), ...fine } });
        assert.deepEqual(await refused('update', { input: { id: before.id, rating: 1 } }, userId, scopes), [
          'NOT_FOUND input.id',
        ]);
        assert.deepEqual(await refused('delete', { id: before.id }, userId, scopes), ['NOT_FOUND id']);
        assert.deepEqual(await reviewAt(before.id), before);
      });
    }

    test('what is not there cannot be changed, deleted or found helpful', async () => {
      assert.deepEqual(await refused('update', { input: { id: 'review-x', rating: 1 } }), [
        'NOT_FOUND input.id',
      ]);
      assert.deepEqual(await refused('delete', { id: 'review-x' }), ['NOT_FOUND id']);
      assert.deepEqual(await refused('help', { id: 'review-x' }), ['NOT_FOUND id']);
    });

    test('a deleted review is gone with its votes, and the rating follows', async () => {
      const productId = newProduct();
      const review = await written('add', { input: { productId, ...fine, rating: 1 } });
      await written('add', { input: { productId, ...fine, rating: 5 } }, 'user-002');
      await written('help', { id: review.id }, 'user-002');
      const { deletedId, product } = await write('delete', { id: review.id });
      assert.equal(deletedId, review.id);
      assert.deepEqual(product, {
        id: productId,
        rating: { average: 5, count: 1 },
        reviews: { totalCount: 1 },
      });
      assert.equal(await reviewAt(review.id), null);
      assert.deepEqual(await refused('delete', { id: review.id }), ['NOT_FOUND id']);
      assert.equal((await written('add', { input: { productId, ...fine } })).helpfulCount, 0);
    });

    test('the last review takes the rating with it', async () => {
      const { id } = await written('add', { input: { productId: newProduct(), ...fine } });
      assert.equal((await write('delete', { id })).product?.rating, null);
    });

    test('a vote counts once for each person, however many come at once', async () => {
      const { id } = await written('add', { input: { productId: newProduct(), ...fine } });
      const voters = Array.from(
        { length: 24 },
        (_, index) => `user-${String((index % 6) + 1).padStart(3, '0')}`,
      );
      await Promise.all(voters.map((voter) => written('help', { id }, voter)));
      assert.equal((await reviewAt(id))?.helpfulCount, 6);
      assert.equal((await written('help', { id }, 'user-001')).helpfulCount, 6);
      assert.equal((await written('help', { id }, 'user-007')).helpfulCount, 7);
    });

    test('each mutation of one document shows the rating as it left it', async () => {
      const productId = newProduct();
      const other = await written('add', { input: { productId, ...fine, rating: 2 } }, 'user-002');
      const { body } = await subgraph.query(
        `mutation ($add: AddReviewInput!, $other: ID!) {
          before: markReviewHelpful(id: $other) { review { helpfulCount product { id ${productFields} } } }
          added: addReview(input: $add) { review { product { id ${productFields} } } }
          again: addReview(input: $add) { userErrors { code } }
        }`,
        {
          variables: { add: { productId, ...fine, rating: 5 }, other: other.id },
          token: await tokenOf('user-001'),
        },
      );
      const only = { id: productId, rating: { average: 2, count: 1 }, reviews: { totalCount: 1 } };
      const both = { id: productId, rating: { average: 3.5, count: 2 }, reviews: { totalCount: 2 } };
      assert.deepEqual(body, {
        data: {
          before: { review: { helpfulCount: 1, product: only } },
          added: { review: { product: both } },
          again: { userErrors: [{ code: 'ALREADY_REVIEWED' }] },
        },
      });
    });
  });
}
