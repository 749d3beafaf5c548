// Holds the catalog's lists of products to the schema over HTTP, on every database engine: filters, sorts, pages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { catalog } from '../../../subgraphs/catalog/catalog.ts';
import { type DemoProduct, demoCategories, demoProducts } from '../../../subgraphs/kit/demo/products.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Page<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  totalCount: number;
}
interface Listed {
  id: string;
  name: string;
  brand: string;
  price: { amount: number };
  addedAt: string;
  category: { id: string };
}

const products = demoProducts();
const listedFields = 'id name brand price { amount } addedAt category { id }';
const listQuery = `query ($categoryId: ID, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {
  products(categoryId: $categoryId, filter: $filter, sort: $sort, first: $first, after: $after) {
    edges { cursor node { ${listedFields} } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;

for (const engine of oneDatabaseEngine()) {
  describe(`the lists of products on ${engine.name}`, () => {
    let subgraph: TestSubgraph;

    before(async () => {
      subgraph = await startTestSubgraph(catalog, engine);
    });
    after(() => subgraph.stop());

    async function ask<Data>(
      document: string,
      variables: Record<string, unknown> = {},
      token?: string,
    ): Promise<Data> {
      const { body } = await subgraph.query(document, { variables, token });
      assert.equal(body.errors, undefined);
      return body.data as Data;
    }

    async function list(variables: Record<string, unknown>): Promise<Page<Listed>> {
      return (await ask<{ products: Page<Listed> }>(listQuery, variables)).products;
    }

    async function walk(variables: Record<string, unknown>, first: number): Promise<Listed[]> {
      const seen: Listed[] = [];
      let page = await list({ ...variables, first });
      seen.push(...page.edges.map(({ node }) => node));
      while (page.pageInfo.hasNextPage) {
        page = await list({ ...variables, first, after: page.pageInfo.endCursor });
        assert.equal(page.pageInfo.hasPreviousPage, true);
        seen.push(...page.edges.map(({ node }) => node));
      }
      assert.equal(page.totalCount, seen.length);
      return seen;
    }

    test('lists under a category what lies there and below', async () => {
      const below = new Set(
        demoCategories()
          .filter(({ parentId }) => parentId === 'category-outdoor')
          .map(({ id }) => id),
      );
      const expected = products.filter(({ categoryId }) => below.has(categoryId)).map(({ id }) => id);
      const seen = await walk({ categoryId: 'category-outdoor' }, 100);
      assert.deepEqual(seen.map(({ id }) => id).sort(), expected);
      assert.deepEqual((await list({ categoryId: 'category-nothing' })).totalCount, 0);
    });

    test('gives the pages of all its categories in two statements: rows and counts', async () => {
      subgraph.statements.length = 0;
      const { categories } = await ask<{ categories: { products: Page<Listed> }[] }>(
        `{ categories { products(first: 3, sort: PRICE_ASCENDING, filter: { minPrice: 2000 }) {
          totalCount edges { node { ${listedFields} } }
        } } }`,
      );
      assert.equal(categories.length, 8);
      for (const { products: page } of categories) {
        const prices = page.edges.map(({ node }) => node.price.amount);
        assert.equal(prices.length, 3);
        assert.deepEqual(
          prices,
          [...prices].sort((one, other) => one - other),
        );
        assert.ok(prices.every((price) => price >= 2000) && page.totalCount > 3);
      }
      const lists = subgraph.statements.filter((sql) => sql.includes('category_products'));
      assert.equal(lists.length, 2);
    });

    const ascending = (one: Listed, other: Listed) => one.price.amount - other.price.amount;
    for (const { sort, compare } of [
      { sort: 'NEWEST', compare: (one: Listed, other: Listed) => (one.addedAt < other.addedAt ? 1 : -1) },
      { sort: 'PRICE_ASCENDING', compare: ascending },
      { sort: 'PRICE_DESCENDING', compare: (one: Listed, other: Listed) => ascending(other, one) },
    ]) {
      for (const place of [{}, { categoryId: 'category-garden' }]) {
        test(`sorted by ${sort} ${'categoryId' in place ? 'in a category' : 'of all'}, show everything once`, async () => {
          const seen = await walk({ ...place, sort }, 97);
          assert.equal(new Set(seen.map(({ id }) => id)).size, 'categoryId' in place ? 124 : 1000);
          for (const [index, product] of seen.slice(1).entries()) {
            assert.ok(
              compare(seen[index] as Listed, product) <= 0,
              `${seen[index]?.id} before ${product.id}`,
            );
          }
        });
      }
    }

    test('sorted by name, show everything once and namesakes beside each other', async () => {
      const seen = await walk({ sort: 'NAME' }, 100);
      assert.equal(new Set(seen.map(({ id }) => id)).size, 1000);
      const changes = seen.filter(({ name }, index) => name !== seen[index - 1]?.name);
      assert.equal(changes.length, new Set(products.map(({ name }) => name)).size);
    });

    test('take null for an argument as if it had been left out', async () => {
      const nothing = { categoryId: null, filter: null, sort: null, first: null, after: null };
      assert.deepEqual(await list(nothing), await list({}));
      const { category } = await ask<{ category: { products: Page<Listed> } }>(
        '{ category(slug: "tents") { products(sort: null, filter: null) { totalCount } } }',
      );
      assert.equal(
        category.products.totalCount,
        products.filter(({ categoryId }) => categoryId === 'category-tents').length,
      );
    });

    for (const { filter, keeps } of [
      { filter: { brand: 'Rill' }, keeps: ({ brand }: DemoProduct) => brand === 'Rill' },
      { filter: { minPrice: 30000 }, keeps: ({ price }: DemoProduct) => price >= 30000 },
      { filter: { maxPrice: 990 }, keeps: ({ price }: DemoProduct) => price <= 990 },
      { filter: { text: 'LAMP' }, keeps: ({ name }: DemoProduct) => /lamp/i.test(name) },
      { filter: { text: 'daughters' }, keeps: ({ brand }: DemoProduct) => /daughters/i.test(brand) },
      { filter: { text: '%' }, keeps: () => false },
      { filter: { text: '_' }, keeps: () => false },
      { filter: { minPrice: 5000, maxPrice: 4000 }, keeps: () => false },
      {
        filter: { brand: 'Eddy', minPrice: 2000, maxPrice: 20000, text: 'o' },
        keeps: ({ brand, price, name }: DemoProduct) =>
          brand === 'Eddy' && price >= 2000 && price <= 20000 && /o/i.test(name),
      },
    ]) {
      test(`filtered by ${JSON.stringify(filter)} show exactly what fits`, async () => {
        const seen = await walk({ filter }, 50);
        assert.deepEqual(
          seen.map(({ id }) => id).sort(),
          products.filter(keeps).map(({ id }) => id),
        );
      });
    }

    for (const { page, argument } of [
      { page: { first: 0 }, argument: 'first' },
      { page: { first: -1 }, argument: 'first' },
      { page: { first: 101 }, argument: 'first' },
      { page: { after: 'nonsense' }, argument: 'after' },
      { page: { after: '' }, argument: 'after' },
    ]) {
      for (const place of [{}, { categoryId: 'category-tents' }]) {
        test(`refuse ${JSON.stringify({ ...page, ...place })} and name the argument`, async () => {
          const { body } = await subgraph.query(listQuery, { variables: { ...page, ...place } });
          const { code, argument: named } = body.errors?.[0]?.extensions ?? {};
          assert.deepEqual([code, named], ['BAD_USER_INPUT', argument]);
        });
      }
    }

    test('refuse the cursor of another order', async () => {
      const { pageInfo } = await list({ sort: 'PRICE_ASCENDING', first: 1 });
      const { body } = await subgraph.query(listQuery, {
        variables: { sort: 'NAME', after: pageInfo.endCursor },
      });
      assert.equal(body.errors?.[0]?.extensions?.['argument'], 'after');
    });
  });
}
