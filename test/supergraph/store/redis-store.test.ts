// Holds the Redis store on a real Redis: what replicas share, and that a Redis that is gone or frozen is never waited for.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { describe, test } from 'node:test';
import { createRedisStore } from '../../../supergraph/store/redis-store.ts';
import type { Store } from '../../../supergraph/store/store.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';

const entry = (key: string, value = key, ttl = 60_000) => ({ key, value, ttl });
// The bound of the store is 50 ms; the rest is for a machine that is busy with other tests.
const soon = 250;

/** A log whose words can be awaited. */
function listeningLog() {
  const words = new EventEmitter();
  const lines: string[] = [];
  const hear = (kind: string) => (message: string) => {
    lines.push(message);
    words.emit(kind);
  };
  return { lines, words, log: { warn: hear('warn'), info: hear('info') } };
}

async function timed<Answer>(work: () => Promise<Answer>): Promise<[Answer, number]> {
  const began = performance.now();
  return [await work(), performance.now() - began];
}

/** Resolves when the store has reached its Redis; bounded. */
async function reached(store: Store): Promise<void> {
  const end = performance.now() + 5000;
  while (performance.now() < end) {
    await store.set([entry('reached')]);
    if ((await store.get(['reached']))[0] === 'reached') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('Redis was not reached within 5 s.');
}

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('the store in Redis', 'redis-server is not installed');

describe('a store in Redis', { skip: !installed, timeout: 60_000 }, () => {
  test('answers many keys in their order, keeps to the time of entries, and shares them between replicas', async (t) => {
    const redis = await startTestRedis();
    const { log } = listeningLog();
    const [one, two] = [1, 2].map(() => createRedisStore({ url: redis.url, prefix: 't:', log }));
    const other = createRedisStore({ url: redis.url, prefix: 'other:', log });
    assert.ok(one && two);
    t.after(async () => {
      await Promise.all([one, two, other].map((store) => store.close()));
      await redis.stop();
    });
    await Promise.all([one, two, other].map(reached));
    await one.set([entry('a'), entry('b', ''), entry('short', 'x', 1)]);
    assert.deepEqual(await two.get(['b', 'nothing', 'a', 'a']), ['', undefined, 'a', 'a']);
    assert.deepEqual(await other.get(['a']), [undefined]);
    let short: string | undefined = 'x';
    while (short !== undefined) [short] = await two.get(['short']);
    await two.delete(['a']);
    assert.deepEqual(await one.get(['a', 'b']), [undefined, '']);
    assert.deepEqual(await one.get([]), []);
    await one.set([]);
    await one.delete([]);
  });

  test('a Redis that is not there costs nothing, is told once, and is used as soon as it is there', async (t) => {
    const first = await startTestRedis();
    await first.stop();
    const { log, lines, words } = listeningLog();
    const lost = once(words, 'warn');
    const store = createRedisStore({ url: first.url, prefix: 't:', log });
    t.after(() => store.close());
    await lost;
    const [answer, took] = await timed(() => store.get(['a', 'b']));
    assert.deepEqual(answer, [undefined, undefined]);
    assert.ok(took < soon, `took ${took} ms`);
    await store.set([entry('a')]);
    const back = once(words, 'info');
    const second = await startTestRedis(first.port);
    t.after(() => second.stop());
    await back;
    await reached(store);
    assert.equal(lines.filter((line) => line.startsWith('Redis is not reachable')).length, 1);
  });

  test('a frozen Redis is waited for 50 ms at most by each call, and the store recovers', async (t) => {
    const redis = await startTestRedis();
    const { log } = listeningLog();
    const store = createRedisStore({ url: redis.url, prefix: 't:', log });
    t.after(async () => {
      redis.thaw();
      await store.close();
      await redis.stop();
    });
    await reached(store);
    redis.freeze();
    const calls: [string, () => Promise<unknown>][] = [
      ['get', () => store.get(['reached', 'b'])],
      ['set', () => store.set([entry('a'), entry('b')])],
      ['delete', () => store.delete(['a'])],
    ];
    for (const [name, call] of calls) {
      const [, took] = await timed(call);
      assert.ok(took < soon, `${name} took ${took} ms`);
    }
    const [answers, took] = await timed(() =>
      Promise.all(Array.from({ length: 200 }, () => store.get(['reached']))),
    );
    assert.ok(answers.every(([answer]) => answer === undefined));
    assert.ok(took < soon, `200 at once took ${took} ms`);
    redis.thaw();
    await reached(store);
  });

  test('closing does not wait for a frozen Redis', async () => {
    const redis = await startTestRedis();
    const { log } = listeningLog();
    const store = createRedisStore({ url: redis.url, prefix: 't:', log });
    await reached(store);
    redis.freeze();
    const [, took] = await timed(() => store.close());
    assert.ok(took < soon);
    await redis.stop();
  });
});

describe('automatic persisted queries in Redis', { skip: !installed, timeout: 60_000 }, () => {
  const query = '{ books(first: 1) { title } }';
  const extensions = {
    persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
  };
  const post = (body: object): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  test('what one replica learned the other knows; when Redis freezes or dies both answer on', async (t) => {
    const redis = await startTestRedis();
    const graph = await startFixtureGraph();
    const environment = { redisUrl: redis.url };
    const one = await startTestRouter(graph.supergraphSdl, { environment });
    const two = await startTestRouter(graph.supergraphSdl, { environment });
    t.after(async () => {
      redis.thaw();
      await Promise.all([one.stop(), two.stop()]);
      await Promise.all([redis.stop(), graph.stop()]);
    });
    const probe = createRedisStore({ url: redis.url, prefix: 'probe:', log: listeningLog().log });
    await reached(probe);
    await probe.close();

    const data = { books: [{ title: 'Middlemarch' }] };
    const learn = () => one.fetch('/graphql', post({ query, extensions }));
    // The router writes what it learned after it has answered, so it may take a moment until the other sees it.
    let known = await two.fetch('/graphql', post({ extensions }));
    for (const end = performance.now() + 5000; known.body.data === undefined && performance.now() < end; ) {
      assert.equal(known.body.errors?.[0]?.extensions['code'], 'PERSISTED_QUERY_NOT_FOUND');
      assert.deepEqual((await learn()).body.data, data);
      known = await two.fetch('/graphql', post({ extensions }));
    }
    assert.deepEqual(known.body.data, data);

    redis.freeze();
    // What a replica has answered once it knows by itself.
    assert.deepEqual((await two.fetch('/graphql', post({ extensions }))).body.data, data);
    const unknown = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const [frozen, took] = await timed(() => two.fetch('/graphql', post({ extensions: unknown })));
    assert.equal(frozen.body.errors?.[0]?.extensions['code'], 'PERSISTED_QUERY_NOT_FOUND');
    assert.ok(took < soon, `took ${took} ms`);
    assert.deepEqual((await two.fetch('/graphql', post({ query, extensions }))).body.data, data);
    assert.deepEqual((await two.fetch('/graphql', post({ query }))).body.data, data);
    redis.thaw();
    await redis.stop();
    const [gone, tookGone] = await timed(() => two.fetch('/graphql', post({ query, extensions })));
    assert.deepEqual(gone.body.data, data);
    assert.ok(tookGone < soon, `took ${tookGone} ms`);
  });
});
