// Holds `npm run usage` as a command: who uses what, what will go first, and clear words where nothing is found.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Run, runCommand, ShopOnDisk } from './shop-on-disk.ts';

const schema = `
  type Query { product(id: ID): Product  products(filter: Filter): [Product!] }
  type Product { id: ID!  name: String  price: Int
    stock: Int @deprecated(reason: "Use Product.price instead. Ends 2027-03-31.")
    colour: String @deprecated(reason: "No successor. Ends 2027-01-31.") }
  input Filter { text: String }
`;

describe('npm run usage', () => {
  const shop = new ShopOnDisk();
  const usage = (...args: string[]): Run => runCommand('usage-main', shop.folder, ...args);

  before(async () => {
    shop.bff('bff-app', schema);
    shop.bff('bff-site', 'type Query { news: String }');
    await shop.use('bff-app', schema, [
      ['ios', '3.0.0', 'query Home { product { id name stock } }', 3],
      ['ios', '3.1.0', 'query Home { product { id name } }', 20],
      ['android', '2.2.0', 'query List($filter: Filter) { products(filter: $filter) { stock } }', 1],
    ]);
    // Of a schema that was there before.
    await shop.use('bff-app', 'type Query { product(id: ID): Product } type Product { weight: Int }', [
      ['ios', '2.0.0', 'query Old { product { weight } }', 2],
    ]);
  });
  after(() => shop.remove());

  test('says which clients, versions and operations used a field, the most first', () => {
    const { code, stdout } = usage('Product.stock');
    assert.equal(code, 0);
    assert.equal(
      stdout,
      `Product.stock in bff-app: 4 times (recorded from 2026-11-22 to 2026-11-22).
Deprecated: Use Product.price instead. Ends 2027-03-31.

client   version  operation  uses  first             last
ios      3.0.0    Home          3  2026-11-22 12:00  2026-11-22 12:00
android  2.2.0    List          1  2026-11-22 12:00  2026-11-22 12:00
`,
    );
  });

  test('says it of a whole type, and of what a variable may have held', () => {
    assert.match(usage('Product').stdout, /^Product in bff-app: 26 times/);
    const { stdout } = usage('Filter.text');
    assert.match(stdout, /android +2\.2\.0 +List +≤ 1 /);
    assert.match(stdout, /a variable of theirs may have held it/);
  });

  test('says it of what is not in the schema any more', () => {
    const { code, stdout } = usage('Product.weight');
    assert.equal(code, 0);
    assert.match(stdout, /ios +2\.0\.0 +Old +2 /);
  });

  test('says that nobody used it', () => {
    assert.match(usage('Product.colour').stdout, /nobody used it/);
    assert.match(usage('Query.news').stdout, /^Query\.news in bff-site: nobody used it\.\n$/);
  });

  test('without a coordinate it lists all, those that will go first, unused ones among them', () => {
    const { code, stdout } = usage('--bff', 'bff-app');
    assert.equal(code, 0);
    const [title, deprecated, others] = stdout.split('\n\n');
    assert.equal(title, 'bff-app: 2 files of usage (recorded from 2026-11-22 to 2026-11-22).');
    assert.equal(
      deprecated,
      `uses  deprecated      last        ends        successor
   4  Product.stock   2026-11-22  2027-03-31  Product.price
   0  Product.colour              2027-01-31`,
    );
    assert.match(
      others ?? '',
      /^uses +coordinate +last\n +25 +Query\.product +2026-11-22\n +23 +Product\.id/,
    );
    assert.match(others ?? '', /2 +Product\.weight +2026-11-22 +gone/);
    assert.match(usage().stdout, /bff-app: .*bff-site: no usage is recorded\.\n$/s);
  });

  for (const { args, words } of [
    {
      args: ['Product.stok'],
      words: /no Product\.stok in bff-app, bff-site.*Did you mean "Product\.stock"\?/,
    },
    { args: ['--bff', 'bff-sit'], words: /no BFF in the folder bff-sit\. Did you mean "bff-site"\?/ },
    { args: ['--wrong'], words: /Usage: npm run usage/ },
    { args: ['Product.stock', 'Product.name'], words: /One coordinate at a time/ },
  ]) {
    test(`${args.join(' ')} is answered with a sentence`, () => {
      const { code, stderr } = usage(...args);
      assert.equal(code, 1);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n {4}at /);
    });
  }

  test('a file that is no usage is named', () => {
    const path = '.data/broken/bff-app/2026-11-10-00000000-0000-0000-0000-000000000000.json';
    shop.write(path, '{');
    const { code, stderr } = usage('--folder', '.data/broken');
    assert.deepEqual([code, stderr], [1, `${path} holds no usage that can be read here: move it away.\n`]);
  });
});
