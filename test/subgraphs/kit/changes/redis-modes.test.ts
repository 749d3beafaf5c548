// What changes is told however Redis is reached: by the process of a subgraph, with TLS and a user, in a cluster, by sentinels.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { LifeMessage } from '../../../../subgraphs/kit/process-life.ts';
import { createAuthority } from '../../../support/certificates.ts';
import { oneDatabaseEngine } from '../../../support/databases.ts';
import { hearChanges } from '../../../support/heard-changes.ts';
import { leaveOut } from '../../../support/left-out.ts';
import { redisBinary, startTestRedis, type TestRedis } from '../../../support/redis.ts';
import { testRedisBus } from '../../../support/redis-bus.ts';
import { startTestCluster, startTestSentinel } from '../../../support/redis-groups.ts';
import { startLighthouse } from './lighthouse/lighthouse.ts';

const installed = redisBinary() !== undefined;
if (!installed)
  leaveOut('telling changes over a cluster, sentinels and TLS', 'redis-server is not installed');

// The bound is 50 ms; the rest is for a machine that is busy with other tests.
const soon = 250;
const light = (id: string) => `mutation { light(id: "${id}") { id } }`;

/** Looks until it stands in one of these. */
async function fenceIn(servers: readonly TestRedis[], mark: string): Promise<string> {
  for (const end = performance.now() + 15_000; performance.now() < end; await pause(20)) {
    for (const server of servers) {
      const text = await server.tell('get', `tributary:fence:${mark}`).catch(() => '');
      if (text !== '') return text;
    }
  }
  throw new Error(`Nothing stands under ${mark}.`);
}

describe('changes are told', { skip: !installed, timeout: 120_000 }, () => {
  test('by a process, to the Redis of REDIS_URL', async (t) => {
    const redis = await startTestRedis();
    const [engine] = oneDatabaseEngine();
    assert.ok(engine);
    const { url, dataDir, stop } = await engine.start();
    const database = dataDir === undefined ? { DATABASE_URL: url } : { DATABASE_URL: '', DATA_DIR: dataDir };
    const heard = await hearChanges(redis.url);
    const child = fork(new URL('lighthouse/main.ts', import.meta.url), [], {
      env: { ...process.env, ...database, REDIS_URL: redis.url, PORT: '0' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    t.after(async () => {
      child.kill('SIGKILL');
      heard.stop();
      await stop();
      await redis.stop();
    });
    const [ready] = (await once(child, 'message')) as [LifeMessage];
    assert.equal(ready.type, 'ready', JSON.stringify(ready));
    await fetch(ready.type === 'ready' ? ready.url : '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: light('1') }),
    });
    const [change] = await heard.upToNow();
    assert.deepEqual(change?.keys, ['Lamp:1', 'Keeper:k1', 'Keeper:7']);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });

  test('to a server that speaks TLS and knows its users, in the database that is named', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-changes-'));
    const authority = await createAuthority();
    const { cert, key } = await authority.issue();
    const path = (name: string) => join(folder, `${name}.pem`);
    const texts = { ca: authority.cert, cert, key };
    for (const [name, text] of Object.entries(texts)) await writeFile(path(name), text);
    const tls = { ca: path('ca'), cert: path('cert'), key: path('key') };
    const flags = [
      '--user',
      'default',
      'off',
      '--user',
      'teller',
      'on',
      '>p@ss',
      '~tributary:*',
      '&*',
      '+@all',
    ];
    const cli = ['--user', 'teller', '--pass', 'p@ss', '--no-auth-warning', '-n', '3'];
    const redis = await startTestRedis({ flags, cli, tls });
    const named = (file: 'ca' | 'cert' | 'key') => ({ path: tls[file], namedBy: file });
    const bus = await testRedisBus(redis.url.replace('://', '://teller:p%40ss@').concat('/3'), {
      tls: { ca: named('ca'), cert: named('cert'), key: named('key') },
    });
    const lighthouse = await startLighthouse(bus);
    t.after(async () => {
      await lighthouse.stop();
      await bus.close();
      await redis.stop();
      await rm(folder, { recursive: true });
    });
    await lighthouse.ask(light('1'));
    assert.notEqual(await redis.tell('get', 'tributary:fence:Lamp:1'), '');
  });

  test('to a cluster, and when a part of it was frozen', async (t) => {
    const cluster = await startTestCluster();
    const bus = await testRedisBus(cluster.urls, { mode: 'cluster' });
    const lighthouse = await startLighthouse(bus);
    const heard = await Promise.all(cluster.nodes.map(({ url }) => hearChanges(url)));
    t.after(async () => {
      for (const one of heard) one.stop();
      await lighthouse.stop();
      await bus.close();
      await cluster.stop();
    });
    await lighthouse.ask('mutation { lightAll(count: 6) }');
    for (const one of heard) assert.equal((await one.next()).keys?.length, 6);
    for (let id = 0; id < 6; id++) await fenceIn(cluster.nodes, `Lamp:${id}`);
    cluster.nodes[1]?.freeze();
    assert.ok((await lighthouse.ask('mutation { lightAll(count: 12) }')).took < soon);
    cluster.nodes[1]?.thaw();
    for (let id = 6; id < 12; id++) await fenceIn(cluster.nodes, `Lamp:${id}`);
  });

  test('to the master that sentinels name, and to the next when that one is gone', async (t) => {
    const sentinel = await startTestSentinel();
    const bus = await testRedisBus(sentinel.url, { mode: 'sentinel', sentinelName: 'shop' });
    const lighthouse = await startLighthouse(bus);
    t.after(async () => {
      await lighthouse.stop();
      await bus.close();
      await sentinel.stop();
    });
    await lighthouse.ask(light('1'));
    await fenceIn([sentinel.master], 'Lamp:1');
    await sentinel.master.stop();
    assert.ok((await lighthouse.ask(light('2'))).took < soon);
    await fenceIn([sentinel.copy], 'Lamp:2');
  });
});
