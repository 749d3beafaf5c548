// Holds the recommendations to their schema over HTTP, on every database engine.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demoOrders } from '../../../subgraphs/kit/demo/orders.ts';
import { demoPeople } from '../../../subgraphs/kit/demo/people.ts';
import { demoCategories, demoProducts, productId } from '../../../subgraphs/kit/demo/products.ts';
import { recommendations } from '../../../subgraphs/recommendations/recommendations.ts';
import { seed } from '../../../subgraphs/recommendations/seed.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { seedStatements } from '../../support/seed-statements.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Reference {
  id: string;
}
type Related = Reference & { related: Reference[] };

const products = demoProducts();
const categoryOf = new Map(products.map(({ id, categoryId }) => [id, categoryId]));
const orders = demoOrders().filter(({ status }) => status !== 'CANCELLED');
const sold = new Map<string, number>();
const boughtBy = new Map<string, Set<string>>();
for (const { userId, lines } of orders) {
  for (const line of lines) {
    sold.set(line.productId, (sold.get(line.productId) ?? 0) + line.quantity);
    boughtBy.set(userId, (boughtBy.get(userId) ?? new Set()).add(line.productId));
  }
}
const ids = (references: Reference[] | null | undefined) => references?.map(({ id }) => id);

test('recommendations seed the same every time', async (context) => {
  const statements = await seedStatements(seed);
  context.mock.timers.enable({ apis: ['Date'], now: 0 });
  context.mock.method(Math, 'random', () => 0);
  assert.deepEqual(await seedStatements(seed), statements);
});

for (const engine of oneDatabaseEngine()) {
  describe(`recommendations on ${engine.name}`, () => {
    let subgraph: TestSubgraph;

    before(async () => {
      subgraph = await startTestSubgraph(recommendations, engine);
    });
    after(() => subgraph.stop());

    async function relatedTo(
      productIds: string[],
      selection = 'related { id }',
    ): Promise<(Related | null)[]> {
      const representations = productIds.map((id) => ({ __typename: 'Product', id }));
      subgraph.statements.length = 0;
      const { body, entities } = await subgraph.entities(
        representations,
        `... on Product { id ${selection} }`,
      );
      assert.equal(body.errors, undefined);
      return entities as (Related | null)[];
    }

    async function recommendedTo(userId: string, token: string | undefined, args = '(first: 50)') {
      const { body, entities } = await subgraph.entities(
        [{ __typename: 'User', id: userId }],
        `... on User { id recommendations${args} { id } }`,
        { token },
      );
      const [user] = entities as [Reference & { recommendations: Reference[] | null }];
      return { user, code: body.errors?.[0]?.extensions?.['code'] };
    }

    async function popular(args: string): Promise<string[]> {
      const { body } = await subgraph.query(`{ popularProducts${args} { id } }`);
      assert.equal(body.errors, undefined);
      const found = body.data?.['popularProducts'] as Reference[];
      return found.map(({ id }) => id);
    }

    test('every product has 24 others beside it, some from its shelf and some that were bought with it', async () => {
      const boughtWith = (one: string, other: string) =>
        orders.some(({ lines }) => [one, other].every((id) => lines.some((line) => line.productId === id)));
      for (let start = 1; start <= products.length; start += 250) {
        const asked = products.slice(start - 1, start + 249).map(({ id }) => id);
        for (const product of await relatedTo(asked, 'related(first: 24) { id }')) {
          const found = ids(product?.related) ?? [];
          assert.equal(new Set(found).size, 24);
          assert.ok(product && !found.includes(product.id));
          assert.ok(found.every((id) => categoryOf.has(id)));
          assert.ok(found.some((id) => categoryOf.get(id) === categoryOf.get(product.id)));
        }
      }
      const [first] = await relatedTo(['product-0001'], 'related(first: 24) { id }');
      assert.ok(ids(first?.related)?.some((id) => boughtWith('product-0001', id)));
    });

    test('a hundred products, shuffled, repeated and unknown, are one statement and in their places', async () => {
      const asked = Array.from({ length: 100 }, (_, index) =>
        index % 10 === 9 ? `product-unknown-${index}` : productId(((index * 37) % 61) + 1),
      );
      const found = await relatedTo(asked);
      assert.equal(subgraph.statements.length, 1);
      assert.deepEqual(
        found.map((product) => product?.id),
        asked,
      );
      const known = new Map((await relatedTo([...new Set(asked)])).map((one) => [one?.id, one?.related]));
      for (const product of found) {
        assert.equal(product?.related.length, product?.id.includes('unknown') ? 0 : 6);
        assert.deepEqual(product?.related, known.get(product?.id));
      }
    });

    test('lists of several lengths in one request are one statement, each a beginning of the longest', async () => {
      const selection = 'related(first: 24) { id } two: related(first: 2) { id } usual: related { id }';
      const found = (await relatedTo(['product-0001', 'product-0002'], selection)) as (Related & {
        two: Reference[];
        usual: Reference[];
      })[];
      assert.equal(subgraph.statements.length, 1);
      for (const { related, two, usual } of found) {
        assert.deepEqual(two, related.slice(0, 2));
        assert.deepEqual(usual, related.slice(0, 6));
      }
    });

    test('related products of related products are one statement a level', async () => {
      const [product] = await relatedTo(
        ['product-0001'],
        'related(first: 3) { id related(first: 2) { id related { id } } }',
      );
      assert.equal(subgraph.statements.length, 3);
      const nested = product?.related as Related[];
      assert.deepEqual(
        nested.map(({ related }) => related.length),
        [2, 2, 2],
      );
    });

    test('products that are only referred to are no statement', async () => {
      await relatedTo(['product-0001', 'nowhere'], '');
      assert.equal(subgraph.statements.length, 0);
    });

    test('what sells best comes first, in all and in a category of either level', async () => {
      const tents = demoCategories().find(({ slug }) => slug === 'tents');
      const below = new Set(
        demoCategories()
          .filter(({ parentId }) => parentId === tents?.parentId)
          .map(({ id }) => id),
      );
      for (const { args, length, belongs } of [
        { args: '', length: 10, belongs: () => true },
        { args: '(first: 50)', length: 50, belongs: () => true },
        { args: '(first: null, categoryId: null)', length: 10, belongs: () => true },
        {
          args: '(categoryId: "category-tents")',
          length: 10,
          belongs: (id: string) => categoryOf.get(id) === tents?.id,
        },
        {
          args: '(first: 50, categoryId: "category-outdoor")',
          length: 50,
          belongs: (id: string) => below.has(categoryOf.get(id) ?? ''),
        },
      ]) {
        const expected = products
          .map(({ id }) => id)
          .filter(belongs)
          .sort((one, other) => (sold.get(other) ?? 0) - (sold.get(one) ?? 0) || (one < other ? 1 : -1));
        assert.deepEqual(await popular(args), expected.slice(0, length), args);
      }
      assert.deepEqual(await popular('(categoryId: "category-nothing")'), []);
    });

    test('everybody gets 50 products that they have not bought, the same beginning at every length', async () => {
      assert.equal(demoPeople().length, 200);
      for (const { id } of demoPeople().slice(0, 40)) {
        const token = await subgraph.identity.tokenFor({ userId: id });
        const { user, code } = await recommendedTo(id, token);
        const found = ids(user.recommendations) ?? [];
        assert.equal(code, undefined);
        assert.equal(new Set(found).size, 50);
        assert.ok(found.every((product) => categoryOf.has(product) && !boughtBy.get(id)?.has(product)));
        const shorter = await recommendedTo(id, token, '');
        assert.deepEqual(ids(shorter.user.recommendations), found.slice(0, 10));
      }
    });

    for (const { who, caller, code } of [
      { who: 'somebody who has not signed in', caller: null, code: 'UNAUTHENTICATED' },
      { who: 'a stranger', caller: { userId: 'user-002' }, code: undefined },
      {
        who: 'the support team',
        caller: { userId: 'user-003', scopes: ['customers:read'] },
        code: undefined,
      },
    ]) {
      test(`${who} does not see what is recommended to a person`, async () => {
        const token = caller ? await subgraph.identity.tokenFor(caller) : undefined;
        subgraph.statements.length = 0;
        assert.deepEqual(await recommendedTo('user-001', token), {
          user: { id: 'user-001', recommendations: null },
          code,
        });
        assert.equal(subgraph.statements.length, 0);
      });
    }

    test('among many people only oneself gets recommendations; somebody new gets an empty list', async () => {
      const token = await subgraph.identity.tokenFor({ userId: 'user-new' });
      const { body, entities } = await subgraph.entities(
        ['user-001', 'user-new', 'user-002'].map((id) => ({ __typename: 'User', id })),
        '... on User { recommendations { id } }',
        { token },
      );
      assert.equal(body.errors, undefined);
      assert.deepEqual(entities, [
        { recommendations: null },
        { recommendations: [] },
        { recommendations: null },
      ]);
    });

    for (const { field, most } of [
      { field: 'Product.related', most: 24 },
      { field: 'User.recommendations', most: 50 },
      { field: 'Query.popularProducts', most: 50 },
    ]) {
      for (const first of [-1, 0, most + 1]) {
        test(`${field}(first: ${first}) is refused and names the argument`, async () => {
          const [type = '', name = ''] = field.split('.');
          const token = await subgraph.identity.tokenFor({ userId: 'user-001' });
          const selection = `${name}(first: ${first}) { id }`;
          const { body } =
            type === 'Query'
              ? await subgraph.query(`{ ${selection} }`)
              : await subgraph.entities(
                  [{ __typename: type, id: 'user-001' }],
                  `... on ${type} { ${selection} }`,
                  { token },
                );
          const { code, argument } = body.errors?.[0]?.extensions ?? {};
          assert.deepEqual([code, argument], ['BAD_USER_INPUT', 'first']);
          assert.match(body.errors?.[0]?.message ?? '', new RegExp(`between 1 and ${most}`));
        });
      }
    }
  });
}
