// Holds `npm run new:subgraph` and `npm run new:bff`: what they make composes and passes its own test, or nothing is made.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { nodeFlags } from '../../support/node-flags.ts';
import { copyRepository, type RepositoryCopy } from '../../support/repository-copy.ts';

describe('in a copy of the repository', { timeout: 240_000 }, () => {
  let copy: RepositoryCopy;
  before(async () => {
    copy = await copyRepository();
  });
  after(() => copy?.remove());

  const refusals: [string, string, RegExp][] = [
    ['a subgraph whose name is taken', 'new:subgraph -- catalog', /^There is a subgraph "catalog" already/],
    [
      'a subgraph whose type is taken',
      'new:subgraph -- vouchers --entity Product',
      /^Product is in catalog already/,
    ],
    ['a BFF that is there', 'new:bff -- web', /^bff-web is there already, and stays as it is\.\n$/],
    [
      'a BFF whose clients would see nothing',
      'new:bff -- partner --include nowhere',
      /^It does not compose:\n\n[\s\S]*nowhere[\s\S]*\nNothing was made: all files are as they were\.\n$/,
    ],
  ];
  for (const [what, command, sentence] of refusals) {
    test(`refuses ${what}, and changes no file`, async () => {
      const hashes = await copy.hashes();
      const { code, output } = await copy.run(`npm run --silent ${command}`);
      assert.match(output, sentence);
      assert.equal(code, 1);
      assert.deepEqual(await copy.hashes(), hashes);
    });
  }

  test('takes everything back when its last step fails', async () => {
    const document = join(copy.folder, 'bff-web/documents/broken.graphql');
    writeFileSync(document, 'query Broken { nothing }');
    const hashes = await copy.hashes();
    const { code, output } = await copy.run('npm run --silent new:subgraph -- vouchers');
    rmSync(document);
    assert.match(output, /^"npm run documents" failed:\n\n[\s\S]*broken\.graphql/);
    assert.match(output, /\nNothing was made: all files are as they were\.\n$/);
    assert.equal(code, 1);
    delete hashes['bff-web/documents/broken.graphql'];
    assert.deepEqual(await copy.hashes(), hashes);
  });

  test('leaves nothing half when it is interrupted', async () => {
    const hashes = await copy.hashes();
    const watcher = watch(join(copy.folder, 'subgraphs'));
    const args = [...nodeFlags, 'supergraph/scaffold/new-subgraph.ts', 'vouchers'];
    const child = spawn(process.execPath, args, { cwd: copy.folder, stdio: 'ignore' });
    await once(watcher, 'change');
    watcher.close();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [1, null]);
    assert.deepEqual(await copy.hashes(), hashes);
  });

  test('makes a subgraph and a BFF that compose, are listed everywhere, and pass their own tests', async () => {
    const subgraph = await copy.run('npm run --silent new:subgraph -- vouchers --entity GiftCard');
    assert.match(subgraph.output, /^subgraphs\/vouchers is a subgraph with giftCards at port \d+;/);
    assert.equal(subgraph.code, 0);
    const bff = await copy.run(
      'npm run --silent new:bff -- partner-shop --exclude internal --exclude mobile',
    );
    assert.match(
      bff.output,
      /^bff-partner-shop is a BFF at port \d+, .* \{"exclude":\["internal","mobile"\]\}\.\n/,
    );
    assert.equal(bff.code, 0);

    const tests = await copy.run(
      'npm test test/subgraphs/vouchers test/bff-partner-shop test/deploy/docker-compose.test.ts',
    );
    assert.equal(tests.code, 0, tests.output);
    assert.match(tests.output, /vouchers on /);
  });

  test('makes what the compiler has nothing to say of', async () => {
    const config = join(copy.folder, 'tsconfig.scaffold.json');
    const made = [
      'subgraphs/vouchers',
      'test/subgraphs/vouchers',
      'bff-partner-shop',
      'test/bff-partner-shop',
    ];
    const compilerOptions = { incremental: false, tsBuildInfoFile: null };
    writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', compilerOptions, include: made }));
    const { output } = await copy.run(`node node_modules/typescript/bin/tsc -p ${config}`);
    assert.deepEqual(
      output.split('\n').filter((line) => made.some((folder) => line.startsWith(folder))),
      [],
    );
  });
});
