// Owns that the embedded database's folder has one holder and loses nothing, with real processes and real kills.
import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { lockDataFolder, lockHolder } from '../../../../subgraphs/kit/database/data-folder-lock.ts';
import { embeddedDatabaseUrl } from '../../../../subgraphs/kit/database/embedded-client.ts';
import { dataFolder, startEmbedded, type TestEmbedded } from '../../../support/databases.ts';

describe('the embedded database on disk', { timeout: 240_000 }, () => {
  let dataDir: string;
  const running = new Set<TestEmbedded>();
  beforeEach(async () => {
    dataDir = await dataFolder('disk');
  });
  afterEach(async () => {
    for (const one of running) await one.stop();
    running.clear();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(): Promise<TestEmbedded> {
    const server = await startEmbedded(dataDir);
    running.add(server);
    return server;
  }

  async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url, query_timeout: 20_000 });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it('keeps what was committed when it is killed in the middle of writes, and the next start takes over', async () => {
    const first = await start();
    await ask(first.url, 'create table kept (n int)');
    const client = new pg.Client({ connectionString: first.url });
    client.on('error', () => {});
    await client.connect();
    let committed = 0;
    const writing = (async () => {
      for (;;) {
        await client.query('begin');
        await client.query('insert into kept values ($1), (-$1)', [committed + 1]);
        await client.query('commit');
        committed++;
      }
    })().catch(() => {});
    while (committed < 50) await new Promise((resolve) => setImmediate(resolve));
    await first.kill('SIGKILL');
    await writing;
    assert.ok(existsSync(join(dataDir, 'postgres.lock')), 'a killed holder leaves its lock');

    const second = await start();
    const [row] = await ask(
      second.url,
      'select count(*)::int, count(distinct abs(n))::int as pairs from kept',
    );
    const pairs = Number(row?.['pairs']);
    assert.equal(row?.['count'], pairs * 2, 'no transaction is there by half');
    assert.ok(
      pairs === committed || pairs === committed + 1,
      `${committed} were confirmed, ${pairs} are there`,
    );
  });

  it('keeps everything and frees the folder when it is asked to stop', async () => {
    const first = await start();
    await ask(first.url, 'create table kept (n int); insert into kept select generate_series(1, 1000)');
    await first.kill('SIGTERM');
    assert.deepEqual(await readdir(dataDir), ['postgres']);
    const second = await start();
    assert.deepEqual(await ask(second.url, 'select count(*)::int from kept'), [{ count: 1000 }]);
  });

  it('refuses a second instance with a sentence that names the first', async () => {
    const first = await start();
    await assert.rejects(startEmbedded(dataDir), {
      message: `Another instance (pid ${first.pid}) holds the data in ${dataDir}. Stop it, or choose another DATA_DIR.`,
    });
    assert.deepEqual(await ask(first.url, 'select 1 as one'), [{ one: 1 }]);
  });

  it('makes the folder anew when a kill left it half made', async () => {
    await rm(join(dataDir, 'postgres'), { recursive: true });
    await mkdir(join(dataDir, 'postgres.new-1/base'), { recursive: true });
    const { url } = await start();
    assert.deepEqual(await ask(url, 'select 1 as one'), [{ one: 1 }]);
    assert.deepEqual((await readdir(dataDir)).sort(), ['postgres', 'postgres.lock']);
  });

  it('starts one server for several who ask at once, and ends it when the last has left', async () => {
    const urls = await Promise.all([1, 2, 3].map(() => embeddedDatabaseUrl(dataDir)));
    assert.equal(new Set(urls).size, 1);
    const holder = await lockHolder(dataDir);
    assert.ok(holder);
    assert.deepEqual(await ask(urls[0] ?? '', 'select 1 as one'), [{ one: 1 }]);
    const deadline = Date.now() + 20_000;
    // The server is nobody's child, so its end can only be looked for.
    while (await lockHolder(dataDir)) {
      assert.ok(Date.now() < deadline, 'it ends some seconds after its last client');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(!existsSync(join(dataDir, 'postgres.lock')));
  });
});

describe('the lock of a data folder', { timeout: 60_000 }, () => {
  const folders: string[] = [];
  const children: ChildProcess[] = [];
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  async function folderWithLock(content: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-lock-'));
    folders.push(folder);
    await writeFile(join(folder, 'postgres.lock'), content);
    return folder;
  }

  async function deadPid(): Promise<number> {
    const child = fork('-e', [], { execArgv: ['--version'], stdio: 'ignore' });
    await once(child, 'exit');
    return child.pid ?? 0;
  }

  async function unusedUrl(): Promise<string> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    return `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  const left: [what: string, content: () => Promise<string> | string][] = [
    ['of a dead process', async () => JSON.stringify({ pid: await deadPid(), url: null, since: Date.now() })],
    [
      'of a pid that something else got, with nothing at its port',
      async () => JSON.stringify({ pid: process.ppid, url: await unusedUrl(), since: Date.now() }),
    ],
    [
      'of a pid that something else got while the database was opened',
      () => JSON.stringify({ pid: process.ppid, url: null, since: Date.now() - 3_600_000 }),
    ],
    ['that is empty', () => ''],
    ['that is garbage', () => '{"pid":'],
  ];
  for (const [what, content] of left) {
    it(`is taken over from one ${what}`, async () => {
      const folder = await folderWithLock(await content());
      const lock = await lockDataFolder(folder);
      assert.equal(JSON.parse(await readFile(join(folder, 'postgres.lock'), 'utf8')).pid, process.pid);
      await lock.release();
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it('is respected while its holder is still opening the database', async () => {
    const folder = await folderWithLock(JSON.stringify({ pid: process.ppid, url: null, since: Date.now() }));
    await assert.rejects(lockDataFolder(folder), /Another instance \(pid \d+\) holds the data/);
  });

  it('is respected however long its holder takes, as long as that is a server of ours', async () => {
    const slow = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'embedded-main.ts']);
    await once(slow, 'spawn');
    const old = { pid: slow.pid, url: null, since: Date.now() - 3_600_000 };
    const folder = await folderWithLock(JSON.stringify(old));
    try {
      await assert.rejects(lockDataFolder(folder), /Another instance \(pid \d+\) holds the data/);
    } finally {
      slow.kill('SIGKILL');
      await once(slow, 'exit');
    }
    // Killed while it was opening: the folder is free at once.
    await (await lockDataFolder(folder)).release();
  });

  it('goes to exactly one of many who find a dead one at once', async () => {
    const folder = await folderWithLock(
      JSON.stringify({ pid: await deadPid(), url: null, since: Date.now() }),
    );
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(folder)));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });
});
