// Holds the catalog to its schema over HTTP, on every database engine; its lists are in product-lists.test.ts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { catalog } from '../../../subgraphs/catalog/catalog.ts';
import { seed } from '../../../subgraphs/catalog/seed.ts';
import { type DemoProduct, demoCategories, demoProducts } from '../../../subgraphs/kit/demo/products.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { seedStatements } from '../../support/seed-statements.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Page<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  totalCount: number;
}

const products = demoProducts();
const productAt = (index: number): DemoProduct => products[index] as DemoProduct;
test('the catalog seeds the same 40 categories and 1,000 products every time', async (context) => {
  const statements = await seedStatements(seed);
  context.mock.timers.enable({ apis: ['Date'], now: 0 });
  context.mock.method(Math, 'random', () => 0);
  assert.deepEqual(await seedStatements(seed), statements);
});

for (const engine of oneDatabaseEngine()) {
  describe(`catalog on ${engine.name}`, () => {
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

    async function entities<Entity>(
      representations: object[],
      selection: string,
    ): Promise<(Entity | null)[]> {
      subgraph.statements.length = 0;
      const { body, entities: found } = await subgraph.entities(representations, selection);
      assert.equal(body.errors, undefined);
      return found as (Entity | null)[];
    }

    for (const { asked, document, found } of [
      {
        asked: 'a product by its id',
        document: '{ found: product(id: "product-0007") { id } }',
        found: 'product-0007',
      },
      {
        asked: 'a product by its sku',
        document: `{ found: productBySku(sku: "${productAt(6).sku}") { id } }`,
        found: 'product-0007',
      },
      {
        asked: 'a category by its slug',
        document: '{ found: category(slug: "cookware") { id } }',
        found: 'category-cookware',
      },
      { asked: 'an unknown product', document: '{ found: product(id: "product-9999") { id } }', found: null },
      { asked: 'an unknown sku', document: '{ found: productBySku(sku: "COO-9999") { id } }', found: null },
      { asked: 'an unknown category', document: '{ found: category(slug: "weapons") { id } }', found: null },
    ]) {
      test(`${asked} is found as ${found}`, async () => {
        const data = await ask<{ found: { id: string } | null }>(document);
        assert.equal(data.found?.id ?? null, found);
      });
    }

    test('a product shows everything the shop knows about it', async () => {
      const { product } = await ask<{ product: Record<string, unknown> & { images: unknown[] } }>(
        `{ product(id: "product-0001") {
          id sku name brand description price { amount currency } weightGrams category { slug } addedAt
          images { url alt width height }
        } }`,
      );
      const demo = productAt(0);
      const { images, description, ...facts } = product;
      assert.deepEqual(facts, {
        id: demo.id,
        sku: demo.sku,
        name: demo.name,
        brand: demo.brand,
        price: { amount: demo.price, currency: 'EUR' },
        weightGrams: demo.weightGrams,
        category: { slug: demo.categoryId.replace('category-', '') },
        addedAt: demo.addedAt.toISOString(),
      });
      assert.ok(images.length >= 1 && images.length <= 8);
      assert.match(String(description), new RegExp(demo.brand));
    });

    test('only who may see costs sees them, and others still see the product', async () => {
      const document = '{ product(id: "product-0001") { id costPrice { amount } } }';
      const asked = async (token?: string) => {
        const { body } = await subgraph.query(document, { token });
        const { product } = body.data as { product: { id: string; costPrice: { amount: number } | null } };
        return { ...product, code: body.errors?.[0]?.extensions?.['code'] };
      };
      const shopper = await subgraph.identity.tokenFor({ userId: 'user-001' });
      const merchandiser = await subgraph.identity.tokenFor({ userId: 'user-002', scopes: ['catalog:cost'] });
      assert.deepEqual(await asked(), { id: 'product-0001', costPrice: null, code: 'UNAUTHENTICATED' });
      assert.deepEqual(await asked(shopper), { id: 'product-0001', costPrice: null, code: 'FORBIDDEN' });
      const { costPrice, code } = await asked(merchandiser);
      assert.equal(code, undefined);
      assert.ok(costPrice && costPrice.amount > 0 && costPrice.amount < productAt(0).price);
    });

    describe('the category tree', () => {
      test('stands in order, with paths from the top, in one statement a level', async () => {
        interface Node {
          id: string;
          parent: { id: string } | null;
          path: { id: string }[];
          children?: Node[];
        }
        const fields = 'id parent { id } path { id }';
        subgraph.statements.length = 0;
        const { categories } = await ask<{ categories: Node[] }>(
          `{ categories { ${fields} children { ${fields} } } }`,
        );
        const expected = demoCategories();
        assert.deepEqual(
          categories
            .flatMap((root) => [root, ...(root.children ?? [])])
            .map(({ id, parent, path }) => ({
              id,
              parentId: parent?.id ?? null,
              path: path.map((one) => one.id),
            })),
          expected.map(({ id, parentId }) => ({ id, parentId, path: parentId ? [parentId, id] : [id] })),
        );
        assert.equal(expected.length, 40);
        assert.equal(subgraph.statements.length, 3, "the roots, their children, the children's parents");
      });
    });

    describe('the search', () => {
      const document = `query ($text: String!, $first: Int, $after: String) {
        search(text: $text, first: $first, after: $after) {
          totalCount pageInfo { hasNextPage endCursor }
          edges { cursor node { __typename ... on Product { id name } ... on Category { id name } } }
        }
      }`;
      type Hit = { __typename: string; id: string; name: string };
      const search = async (variables: Record<string, unknown>) =>
        (await ask<{ search: Page<Hit> }>(document, variables)).search;

      test('finds categories and products mixed, the best match first', async () => {
        const { edges } = await search({ text: ' chairs ' });
        assert.deepEqual(edges[0]?.node, { __typename: 'Category', id: 'category-chairs', name: 'Chairs' });
        assert.ok(
          edges.some(({ node }) => node.__typename === 'Product'),
          'their descriptions name the shelf',
        );
        const { edges: pans } = await search({ text: productAt(0).name.toUpperCase() });
        assert.equal(pans[0]?.node.name, productAt(0).name);
      });

      test('reads hits of both kinds in one statement a table', async () => {
        subgraph.statements.length = 0;
        await search({ text: 'ch', first: 100 });
        assert.equal(subgraph.statements.length, 4, 'the hits, their count, products, categories');
      });

      test('pages through every hit once', async () => {
        const seen: string[] = [];
        let page = await search({ text: 'table', first: 7 });
        const { totalCount } = page;
        seen.push(...page.edges.map(({ node }) => node.id));
        while (page.pageInfo.hasNextPage) {
          page = await search({ text: 'table', first: 7, after: page.pageInfo.endCursor });
          seen.push(...page.edges.map(({ node }) => node.id));
        }
        assert.equal(seen.length, totalCount);
        assert.equal(new Set(seen).size, totalCount);
      });

      test('finds nothing for what nothing is called, wildcards included', async () => {
        for (const text of ['xyzzy', '%%', '__']) assert.equal((await search({ text })).totalCount, 0);
      });

      for (const text of ['', ' a ', 'x']) {
        test(`refuses ${JSON.stringify(text)} as too short`, async () => {
          const { body } = await subgraph.query(document, { variables: { text } });
          assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
        });
      }
    });

    describe('entities', () => {
      test('a hundred products by id and sku, shuffled, repeated and unknown, are one statement', async () => {
        const keys = Array.from({ length: 100 }, (_, index) => {
          const demo = productAt((index * 37) % 60);
          if (index % 10 === 9) return { key: { id: `product-unknown-${index}` }, id: null };
          return index % 2 === 0
            ? { key: { id: demo.id }, id: demo.id }
            : { key: { sku: demo.sku }, id: demo.id };
        });
        const found = await entities<{ id: string; name: string }>(
          keys.map(({ key }) => ({ __typename: 'Product', ...key })),
          '... on Product { id name }',
        );
        assert.deepEqual(
          found.map((one) => one?.id ?? null),
          keys.map(({ id }) => id),
        );
        assert.equal(subgraph.statements.length, 1);
      });

      test('categories by id and slug are one statement', async () => {
        const found = await entities<{ name: string }>(
          [{ slug: 'tents' }, { id: 'category-outdoor' }, { slug: 'none' }, { id: 'category-tents' }].map(
            (key) => ({
              __typename: 'Category',
              ...key,
            }),
          ),
          '... on Category { name }',
        );
        assert.deepEqual(
          found.map((one) => one?.name ?? null),
          ['Tents', 'Outdoor', null, 'Tents'],
        );
        assert.equal(subgraph.statements.length, 1);
      });

      test('carts are priced from the lines sent along, all carts in one statement', async () => {
        const line = (index: number, quantity: number) => ({
          quantity,
          product: { id: productAt(index).id },
        });
        const gone = { quantity: 2, product: { id: 'product-9999' } };
        const carts = [[line(0, 1), line(5, 3)], [line(5, 2), gone], [gone], []];
        const found = await entities<{ subtotal: { amount: number; currency: string } }>(
          carts.map((lines, index) => ({ __typename: 'Cart', id: `cart-${index}`, lines })),
          '... on Cart { subtotal { amount currency } }',
        );
        const [first, sixth] = [productAt(0).price, productAt(5).price];
        assert.deepEqual(
          found.map((cart) => cart?.subtotal),
          [first + 3 * sixth, 2 * sixth, 0, 0].map((amount) => ({ amount, currency: 'EUR' })),
        );
        assert.equal(subgraph.statements.length, 1);
      });
    });
  });
}
