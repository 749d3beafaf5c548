// Holds `npm run check:schema` as a command: what it ends with, and whom it names, against revisions and supergraphs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { libraryTypeDefs, postTypeDefs, schemaOf } from '../fixtures/fixture-graph.ts';
import { type Run, runCommand, ShopOnDisk } from './shop-on-disk.ts';

const shops: ShopOnDisk[] = [];
after(() => {
  for (const shop of shops) shop.remove();
});

const schema = (fields = '') => `type Query { product: Product } type Product { id: ID! ${fields} }`;
const home = 'query Home { product { id old } }';

/** With one commit, in which `Product.old` and `Product.unused` are there. */
function shopWithHistory(): ShopOnDisk {
  const shop = newShop();
  shop.git('init', '--quiet', '--initial-branch', 'main');
  shop.bff('bff-app', schema('old: Int unused: Int'));
  shop.write('.gitignore', '.data/\n');
  return shop;
}

function newShop(): ShopOnDisk {
  const shop = new ShopOnDisk();
  shops.push(shop);
  return shop;
}

const check = (shop: ShopOnDisk, ...args: string[]): Run =>
  runCommand('check-schema-main', shop.folder, ...args);

test('a registered document that breaks ends it with 1, also one that only older apps send', () => {
  const shop = shopWithHistory();
  shop.register('bff-app', home);
  shop.commit();
  shop.schema('bff-app', schema('unused: Int'));
  // The next app does not ask for it any more.
  shop.register('bff-app', 'query Home { product { id } }');
  const { code, stdout } = check(shop, '--against', 'HEAD');
  assert.equal(
    stdout,
    `bff-app against HEAD:
  breaks   Field 'old' was removed from object type 'Product'
           registered: Home
`,
  );
  assert.equal(code, 1);
});

test('recorded usage that breaks ends it with 1, and client, version and operation are named', async () => {
  const shop = shopWithHistory();
  shop.commit();
  await shop.use('bff-app', schema('old: Int'), [
    ['ios', '3.1.0', home, 3],
    ['android', '2.0.0', 'query Details { product { old } }', 1],
    ['web', '1', 'query Other { product { id } }', 9],
  ]);
  shop.schema('bff-app', schema('unused: Int'));
  const { code, stdout } = check(shop, '--against', 'HEAD');
  assert.equal(code, 1, stdout);
  assert.match(stdout, /recorded: ios 3\.1\.0, Home, 3 times, last on 2026-11-22\n/);
  assert.match(stdout, /recorded: android 2\.0\.0, Details, once, last on 2026-11-22\n/);
  assert.doesNotMatch(stdout, /Other/);
  // Somebody else's usage says something else.
  assert.equal(check(shop, '--against', 'HEAD', '--folder', 'bff-app').code, 0);
  const nowhere = check(shop, '--against', 'HEAD', '--folder', 'nowhere');
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /^There is no folder nowhere\./);
});

test('what nobody uses may go, and what is added is no matter', () => {
  const shop = shopWithHistory();
  shop.register('bff-app', home);
  shop.commit();
  shop.schema('bff-app', schema('old: Int fresh: Int'));
  const { code, stdout } = check(shop, '--against', 'HEAD');
  assert.equal(code, 0, stdout);
  assert.match(stdout, / {2}unused {3}Field 'unused' was removed/);
  assert.match(stdout, / {2}ok {7}Field 'fresh' was added/);
});

test('without changes it says so', () => {
  const shop = shopWithHistory();
  shop.commit();
  const { code, stdout } = check(shop, '--against', 'HEAD');
  assert.deepEqual([code, stdout], [0, 'bff-app: no changes against HEAD.\n']);
});

test('a new BFF is new, and one that is gone breaks those who use it', () => {
  const shop = shopWithHistory();
  shop.register('bff-app', home);
  shop.commit();
  shop.bff('bff-new', schema());
  rmSync(join(shop.folder, 'bff-app'), { recursive: true });
  const { code, stdout } = check(shop, '--against', 'HEAD');
  assert.equal(code, 1, stdout);
  assert.match(stdout, /bff-new is new/);
  assert.match(stdout, /bff-app is not there any more, which breaks its clients \(registered: Home\)/);
});

test('without a revision it is compared with where the branch left the main one, or with the commit before', () => {
  const shop = shopWithHistory();
  shop.register('bff-app', home);
  shop.commit();
  shop.schema('bff-app', schema('old: Int'));
  shop.commit();
  assert.match(check(shop).stdout, /^bff-app against HEAD~1:\n {2}unused/);
  shop.git('checkout', '--quiet', '-b', 'branch');
  shop.schema('bff-app', schema());
  shop.commit();
  shop.commit();
  const { code, stdout } = check(shop);
  assert.match(stdout, /^bff-app against [0-9a-f]{12} \(where main was left\):\n {2}breaks/);
  assert.doesNotMatch(stdout, /'unused'/);
  assert.equal(code, 1);
});

test('where there is nothing before, it says so and ends with 0', () => {
  const first = shopWithHistory();
  assert.match(check(first).stdout, /nothing was compared/);
  first.commit();
  const { code, stdout } = check(first);
  assert.deepEqual([code, /nothing was compared/.test(stdout)], [0, true]);
  first.commit();
  const shallow = newShop();
  execFileSync('git', [
    'clone',
    '--quiet',
    '--depth',
    '1',
    `file://${first.folder}`,
    join(shallow.folder, 'clone'),
  ]);
  const cloned = runCommand('check-schema-main', join(shallow.folder, 'clone'));
  assert.deepEqual([cloned.code, /a shallow clone/.test(cloned.stdout)], [0, true], cloned.stderr);
});

test('in a folder of a repository the paths are those of the folder', () => {
  const shop = newShop();
  shop.git('init', '--quiet');
  const inner = `${shop.folder}/apps`;
  shop.bff('apps/bff-app', schema('old: Int'));
  shop.register('apps/bff-app', home);
  shop.commit();
  shop.schema('apps/bff-app', schema());
  const { code, stdout } = runCommand('check-schema-main', inner, '--against', 'HEAD');
  assert.equal(code, 1, stdout);
  assert.match(stdout, /registered: Home/);
});

test("a supergraph file is compared through each BFF's contract", () => {
  const shop = newShop();
  const supergraph = compose([schemaOf('library', libraryTypeDefs), schemaOf('post', postTypeDefs)]);
  shop.write('before.graphql', supergraph);
  shop.bff('bff-app', '', "{ include: ['mobile'] }");
  const words = check(shop, '--against', 'before.graphql');
  assert.equal(words.code, 2);
  shop.schema('bff-app', 'type Query { nothing: Int }');
  const { code, stdout } = check(shop, '--against', 'before.graphql');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /unused .*Query/);
  // Hidden by the contract before and now.
  assert.doesNotMatch(stdout, /weight/);
});

test('what apps still send must stay registered, where nothing else is answered', async () => {
  const shop = shopWithHistory();
  const declaration = readFileSync(join(shop.folder, 'bff-app/bff.ts'), 'utf8');
  const only = "documents: { folder: 'documents', unregistered: 'reject' },";
  shop.write('bff-app/bff.ts', declaration.replace('port: 1,', `port: 1, ${only}`));
  shop.register('bff-app', home);
  const manifest = 'bff-app/generated/persisted-query-manifest.json';
  const before = readFileSync(join(shop.folder, manifest), 'utf8');
  shop.commit();
  shop.register('bff-app', 'query Home { product { id } }');
  const told = check(shop, '--against', 'HEAD');
  assert.equal(told.code, 0, told.stdout);
  assert.match(told.stdout, /careful {2}'Home' of before is registered no more: .* bff-app\/released /);
  await shop.use('bff-app', schema('old: Int'), [['ios', '3.1.0', home, 1]]);
  const { code, stdout } = check(shop, '--against', 'HEAD');
  assert.equal(code, 1, stdout);
  assert.match(stdout, /breaks {3}'Home' of before.*\n +recorded: ios 3\.1\.0, Home, once/);
  shop.write('bff-app/released/3.1.0.json', before);
  assert.equal(check(shop, '--against', 'HEAD').stdout, 'bff-app: no changes against HEAD.\n');
  // And what is kept is looked at when a later schema changes.
  shop.commit();
  shop.schema('bff-app', schema('unused: Int'));
  assert.match(check(shop, '--against', 'HEAD').stdout, /'old' was removed.*\n +registered: Home/);
});

test("what a BFF's views ask breaks too", () => {
  const shop = shopWithHistory();
  const declaration = readFileSync(join(shop.folder, 'bff-app/bff.ts'), 'utf8');
  shop.write('bff-app/bff.ts', declaration.replace('port: 1,', "port: 1, views: 'views',"));
  shop.write('bff-app/views/documents/parts.graphql', 'query Parts { product { unused } }');
  shop.commit();
  shop.schema('bff-app', schema('old: Int'));
  const { code, stdout } = check(shop, '--against', 'HEAD');
  assert.deepEqual([code, /registered: Parts\n/.test(stdout)], [1, true], stdout);
});

test('a draft breaks nobody', () => {
  const shop = shopWithHistory();
  shop.register('bff-app', home);
  const path = 'bff-app/generated/persisted-query-manifest.json';
  const manifest = readFileSync(join(shop.folder, path), 'utf8');
  shop.write(path, manifest.replace('"type"', '"draft":true,"type"'));
  shop.commit();
  shop.schema('bff-app', schema());
  assert.equal(check(shop, '--against', 'HEAD').code, 0);
});

for (const { what, args, words, prepare } of [
  { what: 'a revision that is not there', args: ['--against', 'nope'], words: /no revision "nope" here/ },
  { what: 'a revision that is an option', args: ['--against=--help'], words: /no revision "--help" here/ },
  {
    what: 'a file that is no supergraph',
    args: ['--against', 'bff-app/generated/schema.graphql'],
    words: /not a supergraph/,
  },
  { what: 'a BFF that is not there', args: ['--bff', 'bff-ap'], words: /Did you mean "bff-app"\?/ },
  { what: 'a flag that is none', args: ['--wrong'], words: /Usage: npm run check:schema/ },
  {
    what: 'a manifest that is none',
    args: ['--against', 'HEAD'],
    words: /manifest\.json is no manifest of registered operations/,
    prepare: (shop: ShopOnDisk) => shop.write('bff-app/generated/persisted-query-manifest.json', '{}'),
  },
  {
    what: 'a schema that is none',
    args: ['--against', 'HEAD'],
    words: /schema\.graphql cannot be used as a schema/,
    prepare: (shop: ShopOnDisk) => shop.schema('bff-app', 'type Query {'),
  },
  {
    what: 'a folder in no repository',
    args: ['--against', 'HEAD'],
    words: /No revision can be read here: name a supergraph file/,
    prepare: (shop: ShopOnDisk) => rmSync(join(shop.folder, '.git'), { recursive: true }),
  },
]) {
  test(`${what} ends it with 2 and a sentence`, () => {
    const shop = shopWithHistory();
    shop.commit();
    prepare?.(shop);
    const { code, stderr } = check(shop, ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /\n {4}at /);
    assert.ok(existsSync(shop.folder));
  });
}
