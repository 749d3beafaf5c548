// Holds replicas on one real Redis to planning together: who starts later plans nothing that another has planned.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { readRedisSettings } from '../../../supergraph/foundation/redis-settings.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis, type TestRedis } from '../../support/redis.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { entry, hashed, manifestOf, post, sha256 } from '../fixtures/registered-operations.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const query = '{ books(first: 1) { title postage } }';
const shelf = 'query Shelf($withTitle: Boolean!) { books { weight title @include(if: $withTitle) } }';
const installed = redisBinary() !== undefined;
if (!installed) leaveOut('plans in Redis', 'redis-server is not installed');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('plans in Redis', { skip: !installed, timeout: 120_000 }, () => {
  let graph: FixtureGraph;
  let home: string;
  before(async () => {
    graph = await startFixtureGraph();
    home = mkdtempSync(join(tmpdir(), 'shared-plans-'));
    writeFileSync(join(home, 'manifest.json'), manifestOf(entry('Shelf', shelf)));
  });
  after(async () => {
    await graph?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  interface Replica extends RouterUnderTest {
    /** How many plans came from where, as it tells Prometheus. */
    plans: () => Promise<Record<string, number>>;
  }

  async function startReplica(t: TestContext, redis: TestRedis, sdl = graph.supergraphSdl): Promise<Replica> {
    const metricsPort = await freePort();
    const given = { addresses: [redis.url], mode: 'single', sentinelName: undefined, tls: {} } as const;
    const router = await startTestRouter(sdl, {
      bff: defineBff({
        ...{ name: 'test', port: 0 },
        documents: { folder: 'd', unregistered: 'allow', automatic: true },
      }),
      manifests: { manifest: join(home, 'manifest.json'), released: join(home, 'released') },
      environment: { redis: readRedisSettings(given, []), metricsPort },
    });
    t.after(() => router.stop());
    return {
      ...router,
      async plans() {
        const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
        const lines = text.matchAll(/^tributary_plans_total\{bff="test",from="(\w+)"\} (\d+)$/gm);
        return Object.fromEntries([...lines].map(([, from, count]) => [from, Number(count)]));
      },
    };
  }

  async function startRedis(t: TestContext): Promise<TestRedis> {
    const redis = await startTestRedis();
    t.after(async () => {
      redis.thaw();
      await redis.stop();
    });
    return redis;
  }

  /** Resolves when Redis has so many plans, and the text of the query; bounded. */
  async function learned(redis: TestRedis, plans: number): Promise<void> {
    const client = new Redis(redis.url);
    try {
      for (const end = performance.now() + 5000; performance.now() < end; ) {
        const keys = await client.keys('*');
        const count = keys.filter((key) => key.includes('plan:')).length;
        if (count === plans && keys.some((key) => key.endsWith(sha256(query)))) return;
      }
      throw new Error(`Redis holds ${await client.keys('*')}`);
    } finally {
      client.disconnect();
    }
  }

  test('a replica that has just started answers by hash alone what another has learned, and plans nothing', async (t) => {
    const redis = await startRedis(t);
    const one = await startReplica(t, redis);
    const first = await post(one, { query, extensions: hashed(sha256(query)) });
    assert.deepEqual(first.body.data, { books: [{ title: 'Middlemarch', postage: 3 }] });
    assert.deepEqual(await one.plans(), { planner: 3, folder: 0, store: 0 });
    await learned(redis, 3);

    const startAndAsk = async () => {
      const replica = await startReplica(t, redis);
      const atStart = await replica.plans();
      return { two: replica, atStart, answer: await post(replica, { extensions: hashed(sha256(query)) }) };
    };
    let started = await startAndAsk();
    // Nobody waits for Redis longer than 50 ms, for which a machine that is busy with other tests may stand still.
    for (let again = 0; again < 4 && (await started.two.plans())['store'] !== 3; again += 1)
      started = await startAndAsk();
    const { two, atStart, answer } = started;
    assert.deepEqual(atStart, { planner: 0, folder: 0, store: 2 }, 'its registered operation');
    assert.equal(answer.text, first.text);
    assert.deepEqual(await two.plans(), { planner: 0, folder: 0, store: 3 });
    for (const withTitle of [true, false]) await two.ask(shelf, { variables: { withTitle } });
    assert.equal((await two.plans())['planner'], 0);

    const other = await startReplica(t, redis, `${graph.supergraphSdl}\nscalar Unheard`);
    assert.deepEqual(await other.plans(), { planner: 2, folder: 0, store: 0 }, 'another graph has its own');
  });

  test('plans that are broken, foreign or of another kind are made anew', async (t) => {
    const redis = await startRedis(t);
    const one = await startReplica(t, redis);
    const first = await post(one, { query, extensions: hashed(sha256(query)) });
    await learned(redis, 3);
    const client = new Redis(redis.url);
    t.after(() => client.disconnect());
    const [text, list, bytes] = (await client.keys('*plan:*')).sort();
    assert.ok(text && list && bytes);
    await client.set(text, '{"node":{"kind":"fetch"}}');
    await client.del(list);
    await client.lpush(list, 'a list');
    await client.set(bytes, Buffer.from([0xff, 0x00, 0x0a]));
    const two = await startReplica(t, redis);
    assert.equal((await post(two, { query })).text, first.text);
    assert.deepEqual(await two.plans(), { planner: 3, folder: 0, store: 0 });
    await two.stop();
    const three = await startReplica(t, redis);
    assert.deepEqual(await three.plans(), { planner: 0, folder: 0, store: 2 }, 'and replaced');
  });

  test('a Redis that is frozen or gone keeps no replica from starting, answering and stopping', async (t) => {
    const redis = await startRedis(t);
    const one = await startReplica(t, redis);
    redis.freeze();
    const first = await one.ask(query);
    assert.deepEqual(first.body.data, { books: [{ title: 'Middlemarch', postage: 3 }] });
    for (const change of [() => {}, () => redis.stop()]) {
      await change();
      const two = await startReplica(t, redis);
      assert.equal((await two.ask(query)).text, first.text);
      assert.deepEqual(await two.plans(), { planner: 3, folder: 0, store: 0 });
      await two.stop();
    }
  });
});
