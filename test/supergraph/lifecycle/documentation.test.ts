// Runs the commands of docs/lifecycle.md, and holds what it shows of their output against what they say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../../architecture/source-files.ts';
import { runCommand, ShopOnDisk } from './shop-on-disk.ts';

const page = readFileSync(join(root, 'docs/lifecycle.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);

const schema = (text: string, weight: string) => `
  type Query { products(filter: ProductFilter): [Product!]!  search(text: String!): [Product!]! }
  type Product { id: ID! ${weight} }
  input ProductFilter { brand: String ${text} }`;

describe('docs/lifecycle.md', () => {
  const shop = new ShopOnDisk();
  before(async () => {
    const whole = schema(blocks('graphql')[0] ?? '', 'weight: Int');
    const shelf = 'query Shelf { products(filter: { text: "pan" }) { id } }';
    shop.git('init', '--quiet', '--initial-branch', 'main');
    shop.bff('bff-mobile', whole);
    shop.register('bff-mobile', shelf);
    shop.write('.gitignore', '.data/\n');
    shop.commit();
    await shop.use('bff-mobile', whole, [
      ['ios', '3.1.0', shelf, 41],
      ['android', '3.2.0', 'query Filtered($filter: ProductFilter) { products(filter: $filter) { id } }', 3],
    ]);
  });
  after(() => shop.remove());

  test('shows what the shop says of a field that goes', () => {
    const sdl = readFileSync(join(root, 'subgraphs/catalog/schema.graphql'), 'utf8');
    const shown = blocks('graphql');
    assert.equal(shown.length, 1);
    for (const block of shown) assert.ok(sdl.includes(block), block);
  });

  test('shows what the commands say', () => {
    const [who, check] = blocks('text');
    assert.equal(runCommand('usage-main', shop.folder, 'ProductFilter.text').stdout, who);
    shop.schema('bff-mobile', schema('', ''));
    const { code, stdout } = runCommand('check-schema-main', shop.folder, '--against', 'HEAD');
    assert.deepEqual([stdout, code], [check, 1]);
  });

  test('has commands that run here', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const line of blocks('sh').join('').trim().split('\n')) {
      const [, script = '', path] = /^npm (?:run )?([\w:]+)(?: (?:-- )?(\S+))?$/.exec(line) ?? [];
      assert.ok(scripts[script], line);
      if (script === 'test') {
        assert.ok(existsSync(join(root, path ?? '')), line);
        continue;
      }
      const ran = spawnSync('npm', ['run', '--silent', script, '--', ...(path ? [path] : [])], {
        cwd: root,
        encoding: 'utf8',
      });
      // What is changed here may break somebody: that is for the check to say, and not for this test.
      assert.ok(ran.status === 0 || (script === 'check:schema' && ran.status === 1), ran.stderr);
      assert.match(ran.stdout, /bff-web|nothing was compared/);
    }
  });
});
