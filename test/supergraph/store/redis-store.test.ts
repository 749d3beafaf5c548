// Holds the Redis store on a real Redis: what replicas share, and that a Redis that is not well is never waited for.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { backoff } from '../../../supergraph/store/redis-client.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis, type TestRedis } from '../../support/redis.ts';
import { assertAway, connected, entry, reached, settingsOf, soon, timed, until } from './connected-redis.ts';
import { startSwallowingRoad } from './swallowing-road.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('the store in Redis', 'redis-server is not installed');

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

describe('a store in Redis', { skip: !installed, timeout: 60_000 }, () => {
  async function started(
    t: { after: (done: () => Promise<void>) => void },
    ...flags: string[]
  ): Promise<TestRedis> {
    const redis = await startTestRedis({ flags });
    t.after(() => redis.stop());
    return redis;
  }

  test('answers many keys in their order, keeps to the time of entries, and shares them between replicas', async (t) => {
    const redis = await started(t);
    const settings = settingsOf(redis.url);
    const [{ store: one }, { store: two }] = [await connected(t, settings), await connected(t, settings)];
    const { store: other } = await connected(t, settings, 'other:');
    await Promise.all([one, two, other].map(reached));
    assert.equal(await one.set([entry('a'), entry('b', ''), entry('short', 'x', 1)]), true);
    assert.deepEqual(await two.get(['b', 'nothing', 'a', 'a']), ['', undefined, 'a', 'a']);
    assert.deepEqual(await other.get(['a']), [undefined]);
    await until('the short one is gone', async () => (await two.get(['short']))[0] === undefined);
    assert.equal(await two.set([{ ...entry('a', 'later'), ifAbsent: true }]), true);
    assert.deepEqual(await one.get(['a']), ['a']);
    await two.delete(['a']);
    assert.deepEqual(await one.get(['a', 'b']), [undefined, '']);
    assert.deepEqual(await one.get([]), []);
    assert.equal(await one.set([]), true);
    await one.delete([]);
  });

  test('who asks for more time than usual also waits for the first connection', async (t) => {
    const redis = await started(t);
    const writer = await connected(t, settingsOf(redis.url));
    await reached(writer.store);
    await writer.store.set([entry('a')]);
    const { store } = await connected(t, settingsOf(redis.url));
    assert.deepEqual(await store.get(['a']), [undefined]);
    assert.deepEqual(await store.get(['a'], 10_000), ['a']);
  });

  test('a Redis that is not there costs nothing, is told once, and is used as soon as it is there', async (t) => {
    const first = await startTestRedis();
    await first.stop();
    const { store, lines, says } = await connected(t, settingsOf(first.url));
    await says(/^Redis is not reachable, going on without it: .+/);
    await assertAway(store);
    const second = await startTestRedis(first.port);
    t.after(() => second.stop());
    await says(/^Redis is back/);
    assert.equal(await store.set([entry('a')]), true);
    assert.equal(lines.length, 2);
  });

  test('a Redis that was started again is another run, and one that was frozen is not', async (t) => {
    const first = await started(t);
    const [one, other] = [
      await connected(t, settingsOf(first.url)),
      await connected(t, settingsOf(first.url)),
    ];
    await reached(one.store);
    await reached(other.store);
    const run = one.store.run();
    assert.ok(run);
    assert.equal(other.store.run(), run);
    first.freeze();
    await until('it is missed', () => one.store.reachedSince() === undefined);
    assert.equal(one.store.run(), undefined);
    first.thaw();
    await reached(one.store);
    assert.equal(one.store.run(), run);
    await first.stop();
    const second = await startTestRedis(first.port);
    t.after(() => second.stop());
    await until('both have come back', () => [one, other].every(({ store }) => (store.run() ?? run) !== run));
    assert.equal(one.store.run(), other.store.run());
  });

  test('a frozen Redis is waited for 50 ms at most by one call and by no other, and the store recovers', async (t) => {
    const redis = await started(t);
    const { store, lines, says } = await connected(t, settingsOf(redis.url));
    await reached(store);
    const before = store.reachedSince() ?? 0;
    redis.freeze();
    await assertAway(store);
    await says(/^Redis is not reachable, going on without it: it does not answer in time$/);
    redis.thaw();
    await reached(store);
    assert.ok((store.reachedSince() ?? 0) > before);
    await says(/^Redis is back/);
    assert.equal(lines.length, 2);
  });

  test('a Redis that freezes while nobody asks is missed too', async (t) => {
    const redis = await started(t);
    const { store } = await connected(t, settingsOf(redis.url));
    await reached(store);
    const before = store.reachedSince() ?? 0;
    redis.freeze();
    await until('it is missed', () => store.reachedSince() === undefined);
    redis.thaw();
    await reached(store);
    assert.ok((store.reachedSince() ?? 0) > before);
  });

  test('a connection that swallows everything is given up, and another one is made', async (t) => {
    const redis = await started(t);
    const road = await startSwallowingRoad(t, redis.port);
    const { store, says } = await connected(t, settingsOf(`redis://127.0.0.1:${road.port}`));
    await reached(store);
    await store.set([entry('a')]);
    road.swallow();
    await assertAway(store);
    await says(/^Redis is back/);
    assert.deepEqual(await store.get(['a']), ['a']);
  });

  test('a call is given less time than usual, or more, and keeps to it', async (t) => {
    const redis = await started(t);
    const { store } = await connected(t, settingsOf(redis.url));
    await reached(store);
    redis.freeze();
    // Begun together, because after the first that is late nothing is asked any more.
    const impatient = timed(() => store.get(['a'], 10));
    const patient = timed(() => store.get(['a'], 600));
    const [, short] = await impatient;
    assert.equal(store.reachedSince(), undefined);
    const [, next] = await timed(() => store.get(['a']));
    const [, long] = await patient;
    redis.thaw();
    assert.ok(next < 40, `the next took ${next}`);
    assert.ok(short < soon, `10 ms took ${short}`);
    assert.ok(long > 500 && long < 600 + soon, `600 ms took ${long}`);
  });

  test('what came in time is taken, also by a process that was too busy to look', async (t) => {
    const redis = await started(t);
    const { store, lines } = await connected(t, settingsOf(redis.url));
    await reached(store);
    await store.set([entry('a')]);
    for (let times = 0; times < 5; times += 1) {
      const reading = store.get(['a']);
      for (const end = performance.now() + 100; performance.now() < end; );
      assert.deepEqual(await reading, ['a']);
    }
    assert.deepEqual(lines, []);
  });

  test('a Redis that is told to pause, and answers later, is away meanwhile', async (t) => {
    const redis = await started(t);
    const { store, lines, says } = await connected(t, settingsOf(redis.url));
    await reached(store);
    await redis.tell('client', 'pause', '600', 'all');
    await assertAway(store);
    await says(/^Redis is back/);
    assert.equal(await store.set([entry('a')]), true);
    assert.equal(lines.length, 2);
  });

  test('a Redis that is full takes nothing, and what it has is still read', async (t) => {
    const redis = await started(t, '--maxmemory-policy', 'noeviction');
    const { store, lines, says } = await connected(t, settingsOf(redis.url));
    await reached(store);
    assert.equal(await store.set([entry('a')]), true);
    const since = store.reachedSince();
    await redis.tell('config', 'set', 'maxmemory', '1');
    assert.equal(await store.set([entry('b')]), false);
    assert.equal(await store.set([entry('c'), entry('d')]), false);
    assert.deepEqual(await store.get(['a', 'b']), ['a', undefined]);
    assert.equal(store.reachedSince(), since);
    await says(/^Redis does not take what is written: OOM/);
    await redis.tell('config', 'set', 'maxmemory', '0');
    assert.equal(await store.set([entry('b')]), true);
    await says(/^Redis takes what is written again/);
    assert.equal(lines.length, 2);
  });

  test('a Redis that makes room by itself takes everything, and forgets', async (t) => {
    const redis = await started(t, '--maxmemory-policy', 'allkeys-lru', '--maxmemory', '3mb');
    const { store, lines } = await connected(t, settingsOf(redis.url));
    await reached(store);
    const value = 'x'.repeat(100_000);
    for (let index = 0; index < 60; index += 1) {
      assert.equal(await store.set([entry(`key ${index}`, value)]), true);
    }
    assert.deepEqual(await store.get(['key 0', 'key 59']), [undefined, value]);
    assert.deepEqual(lines, []);
  });

  test("what others have put under the store's keys is not there, or is the reader's matter", async (t) => {
    const redis = await started(t);
    const { store, lines } = await connected(t, settingsOf(redis.url));
    await reached(store);
    await redis.tell('rpush', 't:list', 'x');
    await redis.tell('hset', 't:hash', 'x', 'y');
    await redis.tell('setbit', 't:bytes', '7', '1');
    await store.set([entry('a')]);
    assert.deepEqual(await store.get(['list', 'a', 'hash', 'bytes']), [undefined, 'a', undefined, '\u0001']);
    // What is written takes the place of whatever was there.
    assert.equal(await store.set([entry('list', 'ours')]), true);
    await store.delete(['hash']);
    assert.deepEqual(await store.get(['list', 'hash']), ['ours', undefined]);
    assert.equal(await redis.tell('exists', 't:hash'), '0');
    assert.deepEqual(lines, []);
  });

  test('a copy that may not be written to is read, and told of once', async (t) => {
    const master = await started(t);
    await master.tell('set', 't:a', 'a');
    const copy = await started(t, '--replicaof', '127.0.0.1', String(master.port));
    const { store, lines, says } = await connected(t, settingsOf(copy.url));
    await reached(store);
    await until('the copy is one', async () => (await store.get(['a']))[0] === 'a');
    for (let times = 0; times < 3; times += 1) assert.equal(await store.set([entry('b')]), false);
    await store.delete(['a']);
    assert.deepEqual(await store.get(['a']), ['a']);
    await says(/^Redis does not take what is written: READONLY/);
    assert.equal(lines.length, 1);
  });

  test('a Redis that comes and goes is told of once, and every call is answered soon', async (t) => {
    let redis = await startTestRedis();
    t.after(() => redis.stop());
    const { store, lines, says } = await connected(t, settingsOf(redis.url));
    await reached(store);
    for (let times = 0; times < 4; times += 1) {
      await redis.stop();
      const [answer, took] = await timed(() => store.get(['a']));
      assert.deepEqual(answer, [undefined]);
      assert.ok(took < soon, `took ${took} ms`);
      await until('it is known to be away', () => store.reachedSince() === undefined);
      redis = await startTestRedis(redis.port);
      const calls = Array.from({ length: 50 }, () => timed(() => store.get(['a'])));
      for (const [, each] of await Promise.all(calls)) assert.ok(each < soon, `took ${each} ms`);
      await reached(store);
    }
    await says(/^Redis is back/);
    const warnings = lines.filter((line) => !line.startsWith('Redis is back'));
    assert.ok(warnings.length <= 4 && new Set(warnings).size <= 2, lines.join('\n'));
  });

  test('calls that are under way when Redis dies end at once', async (t) => {
    const redis = await started(t);
    const { store } = await connected(t, settingsOf(redis.url));
    await reached(store);
    redis.freeze();
    const reading = Array.from({ length: 100 }, () => timed(() => store.get(['a'], 5000)));
    const writing = Array.from({ length: 100 }, () => timed(() => store.set([entry('a')])));
    await redis.stop();
    for (const [answer, took] of await Promise.all([...reading, ...writing])) {
      assert.ok(answer === false || (Array.isArray(answer) && answer[0] === undefined));
      assert.ok(took < 2000, `took ${took} ms`);
    }
  });

  test('closing does not wait for a frozen Redis', async (t) => {
    const redis = await started(t);
    const { store, close } = await connected(t, settingsOf(redis.url));
    await reached(store);
    redis.freeze();
    const [, took] = await timed(close);
    assert.ok(took < soon);
    assert.deepEqual(await store.get(['a']), [undefined]);
  });

  test('a Redis of before version 6 is as good as any', async (t) => {
    const redis = await startTestRedis({
      flags: ['--rename-command', 'HELLO', '', '--requirepass', 'secret'],
      cli: ['-a', 'secret'],
    });
    t.after(() => redis.stop());
    const { store, bus, lines } = await connected(t, settingsOf(redis.url.replace('//', '//:secret@')));
    const heard: string[] = [];
    bus.listen((message) => heard.push(message));
    await reached(store);
    assert.equal(await store.set([entry('a')]), true);
    assert.deepEqual(await store.get(['a']), ['a']);
    await until('the bus hears', () => bus.heardUntil() > 0);
    assert.equal(await bus.publish('told'), true);
    await until('it is heard', () => heard.length > 0);
    assert.deepEqual(lines, []);
  });

  test('replicas that lost the same Redis come back one by one, and soon', () => {
    for (let attempt = 1; attempt < 2000; attempt += 1) {
      const wait = backoff(attempt);
      assert.ok(wait > 0 && wait <= 2000, `${wait} ms before attempt ${attempt}`);
    }
    const waits = Array.from({ length: 1000 }, () => backoff(10));
    for (const part of [0, 1, 2, 3]) {
      const inPart = waits.filter((wait) => Math.min(3, Math.floor(wait / 500)) === part).length;
      assert.ok(inPart > 100, `${inPart} of 1000 in part ${part}`);
    }
  });

  test('nothing was rejected that nobody waited for', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(rejections, []);
  });
});
