// Owns where the key comes from: DATA_KEY, or on a developer's machine a file that is made once; never quietly in production.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { developmentKey } from '../../../../subgraphs/kit/personal-data/development-key.ts';
import { dataFolder, startEmbedded, type TestEmbedded, testDataKey } from '../../../support/databases.ts';
import { runBookclub } from './bookclub-process.ts';

describe('the key of a process', { timeout: 120_000 }, () => {
  let dataDir: string;
  let embedded: TestEmbedded;
  before(async () => {
    dataDir = await dataFolder('key');
    embedded = await startEmbedded(dataDir);
  });
  after(async () => {
    await embedded?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const failing = async (settings: Record<string, string>) => {
    const { first, said, stop } = await runBookclub({ DATA_DIR: dataDir, ...settings });
    assert.equal(first.type, 'failed');
    assert.equal(await stop(), 1);
    assert.doesNotMatch(said(), /^\s+at /m);
    return said();
  };

  it('is demanded in production, in a sentence, and nothing is made', async () => {
    const said = await failing({ NODE_ENV: 'production', CALLER_SECRET: 'x'.repeat(32) });
    assert.equal(
      said,
      'bookclub cannot start: DATA_KEY must be given in production: personal data is encrypted with it.\n',
    );
    assert.ok(!(await readdir(dataDir)).includes('data-key'));
  });

  it('is made once, for the owner alone, by processes that start at the same time; and is used again', async () => {
    const first = await Promise.all([1, 2].map(() => runBookclub({ DATA_DIR: dataDir })));
    for (const one of first) assert.equal(one.first.type, 'ready', one.said());
    const key = await readFile(join(dataDir, 'data-key'), 'utf8');
    assert.match(key, /^[A-Za-z0-9+/]{43}=\n$/);
    assert.equal((await stat(join(dataDir, 'data-key'))).mode & 0o777, 0o600);
    assert.deepEqual(
      (await readdir(dataDir)).filter((name) => name.startsWith('data-key')),
      ['data-key'],
    );
    for (const one of first) assert.equal(await one.stop(), 0);
    const again = await runBookclub({ DATA_DIR: dataDir });
    assert.equal(again.first.type, 'ready');
    await again.stop();
    assert.equal(await readFile(join(dataDir, 'data-key'), 'utf8'), key);
  });

  it('that is another one ends the process with a sentence that names DATA_KEY and the service', async () => {
    const said = await failing({ DATA_KEY: testDataKey });
    assert.match(said, /^bookclub cannot start: DATA_KEY does not open the data keys of bookclub: .*\n$/);
    assert.ok(!said.includes(testDataKey));
  });

  it('that was damaged in its file ends the process, and the file stays as it is', async () => {
    const file = join(dataDir, 'data-key');
    const key = await readFile(file, 'utf8');
    await writeFile(file, key.slice(0, 20));
    assert.match(await failing({}), /^bookclub cannot start: .*data-key holds no key of 32 bytes/);
    assert.equal(await readFile(file, 'utf8'), key.slice(0, 20));
    await writeFile(file, key);
  });
});

it('many who need a key at once get the same', async () => {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'tributary-key-')), 'made', 'anew');
  try {
    const keys = await Promise.all(Array.from({ length: 20 }, () => developmentKey(dataDir)));
    assert.equal(new Set(keys).size, 1);
    assert.deepEqual(await readdir(dataDir), ['data-key']);
  } finally {
    await rm(join(dataDir, '../..'), { recursive: true });
  }
});
