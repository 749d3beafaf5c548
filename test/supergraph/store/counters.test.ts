// Holds counters in this process and in Redis to the same behaviour, and those in Redis to being one for all who count there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Counters, Take, Taken } from '../../../supergraph/store/counters.ts';
import { createMemoryCounters } from '../../../supergraph/store/memory-counters.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { startTestCluster, startTestSentinel } from '../../support/redis-groups.ts';
import { connected, reached, settingsOf, until } from './connected-redis.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('counters in Redis', 'redis-server is not installed');

const day = 86_400_000;
const take = (more: Partial<Take> = {}): Take => ({
  group: 'g',
  key: 'k',
  points: 1,
  limit: 3,
  window: day,
  kind: 'window',
  ...more,
});

async function takeOne(counters: Counters, more: Partial<Take> = {}): Promise<Taken> {
  const [taken] = (await counters.take([take(more)])) ?? [];
  assert.ok(taken, 'it could not be found out');
  return taken;
}

/** How much of it is allowed, and what is left, time after time. */
async function times(counters: Counters, count: number, more: Partial<Take> = {}): Promise<string> {
  const said: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { isAllowed, remaining } = await takeOne(counters, more);
    said.push(isAllowed ? String(remaining) : 'no');
  }
  return said.join(' ');
}

/** What both must do. */
async function holdCounting(counters: Counters): Promise<void> {
  assert.equal(await times(counters, 5), '2 1 0 no no');
  assert.equal(await times(counters, 5, { key: 'b', kind: 'bucket' }), '2 1 0 no no');
  assert.equal(await times(counters, 1, { key: 'other' }), '2');
  // What is refused counts in a window, and not in a bucket.
  assert.equal(await times(counters, 2, { key: 'w2', points: 2 }), '1 no');
  assert.equal(await times(counters, 1, { key: 'w2' }), 'no');
  assert.equal(await times(counters, 2, { key: 'b2', points: 2, kind: 'bucket' }), '1 no');
  assert.equal(await times(counters, 2, { key: 'b2', kind: 'bucket' }), '0 no');
  assert.equal(await times(counters, 1, { key: 'never', points: 4, kind: 'bucket' }), 'no');
  // A limit that is lowered holds at once.
  assert.equal(await times(counters, 2, { key: 'low', limit: 10 }), '9 8');
  assert.equal(await times(counters, 1, { key: 'low', limit: 2 }), 'no');
  const all = (await counters.take([take({ key: 'm1' }), take({ key: 'm2', kind: 'bucket' }), take()])) ?? [];
  assert.deepEqual(
    all.map(({ isAllowed }) => isAllowed),
    [true, true, false],
  );
  const [window, bucket] = all;
  assert.ok(window && window.wait > day - 60_000 && window.wait <= day, String(window?.wait));
  assert.ok(bucket && bucket.wait > day / 3 - 60_000 && bucket.wait <= day / 3, String(bucket?.wait));
  const refused = await takeOne(counters, { key: 'b', points: 2, kind: 'bucket' });
  assert.ok(refused.wait > (day * 2) / 3 - 60_000 && refused.wait <= (day * 2) / 3, String(refused.wait));
  assert.deepEqual(await counters.take([]), []);
}

describe('counters in this process', () => {
  test('count', () => holdCounting(createMemoryCounters()));

  test('have room again when a window is over, and bit by bit in a bucket', async () => {
    let now = 1_000_000;
    const counters = createMemoryCounters({ now: () => now });
    const window = { limit: 2, window: 60_000 } as const;
    const bucket = { ...window, key: 'b', kind: 'bucket' } as const;
    assert.equal(await times(counters, 3, window), '1 0 no');
    assert.equal(await times(counters, 3, bucket), '1 0 no');
    now += 29_999;
    assert.equal(await times(counters, 1, window), 'no');
    assert.equal(await times(counters, 1, bucket), 'no');
    assert.equal((await takeOne(counters, bucket)).wait, 1);
    now += 1;
    assert.equal(await times(counters, 2, bucket), '0 no');
    assert.equal(await times(counters, 1, window), 'no');
    now += 30_000;
    assert.equal(await times(counters, 3, window), '1 0 no');
    assert.equal(await times(counters, 2, bucket), '0 no');
    now += 31 * day;
    assert.equal(await times(counters, 3, bucket), '1 0 no');
  });

  test('last for a month', async () => {
    let now = 0;
    const counters = createMemoryCounters({ now: () => now });
    const month = { limit: 1, window: 31 * day } as const;
    assert.equal(await times(counters, 2, month), '0 no');
    now += 30 * day;
    assert.equal(await times(counters, 1, month), 'no');
  });

  test('are bounded each kind by itself: who makes up many of one does not push out those of another', async () => {
    const counters = createMemoryCounters({ most: 100 });
    await takeOne(counters, { group: 'addresses', key: 'a', points: 3 });
    for (let index = 0; index < 1_000; index += 1)
      await takeOne(counters, { group: 'names', key: `n${index}` });
    assert.equal((await takeOne(counters, { group: 'addresses', key: 'a' })).isAllowed, false);
  });

  test('are bounded: of too many those go that were not asked for the longest', async () => {
    const counters = createMemoryCounters({ most: 100 });
    const once = { limit: 1 } as const;
    assert.equal(await times(counters, 1, { ...once, key: 'first' }), '0');
    for (let index = 0; index < 99; index += 1) await takeOne(counters, { ...once, key: `k${index}` });
    assert.equal(await times(counters, 1, { ...once, key: 'first' }), 'no');
    for (let index = 0; index < 99; index += 1) await takeOne(counters, { ...once, key: `l${index}` });
    assert.equal(await times(counters, 1, { ...once, key: 'first' }), 'no');
    for (let index = 0; index < 100; index += 1) await takeOne(counters, { ...once, key: `m${index}` });
    assert.equal(await times(counters, 1, { ...once, key: 'first' }), '0');
  });
});

describe('counters in Redis', { skip: !installed, timeout: 60_000 }, () => {
  test('count, with an end for each', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { counters, store } = await connected(t, settingsOf(redis.url));
    await reached(store);
    await holdCounting(counters);
    for (const key of (await redis.tell('keys', '*')).split('\n')) {
      assert.match(key, /^t:/);
      assert.ok(Number(await redis.tell('pttl', key)) > 0, key);
    }
  });

  test('have room again when a window is over, and bit by bit in a bucket', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { counters, store } = await connected(t, settingsOf(redis.url));
    await reached(store);
    for (const kind of ['window', 'bucket'] as const) {
      const quick = { key: kind, kind, limit: 1, window: 1000 } as const;
      const began = performance.now();
      assert.equal(await times(counters, 1, quick), '0');
      assert.equal((await takeOne(counters, quick)).isAllowed, false);
      await until('there is room', async () => (await takeOne(counters, quick)).isAllowed);
      assert.ok(performance.now() - began > 900);
    }
    await until(
      'nothing of a bucket is left',
      async () => (await redis.tell('keys', 't:rates:bucket')) === '',
    );
  });

  test('are one for all who count there, however many at once', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const all = [await connected(t, settingsOf(redis.url)), await connected(t, settingsOf(redis.url))];
    for (const { store } of all) await reached(store);
    for (const kind of ['window', 'bucket'] as const) {
      const many = await Promise.all(
        Array.from({ length: 500 }, (_, index) =>
          takeOne((all[index % 2] ?? assert.fail()).counters, { key: kind, kind, limit: 100 }),
        ),
      );
      assert.equal(many.filter(({ isAllowed }) => isAllowed).length, 100, kind);
    }
  });

  test('count in a cluster, and where sentinels name the master', async (t) => {
    const [cluster, sentinel] = await Promise.all([startTestCluster(), startTestSentinel()]);
    t.after(() => Promise.all([cluster.stop(), sentinel.stop()]).then(() => {}));
    const places = [
      settingsOf(cluster.urls, { mode: 'cluster' }),
      settingsOf(sentinel.url, { mode: 'sentinel', sentinelName: 'shop' }),
    ];
    for (const settings of places) {
      const { counters, store } = await connected(t, settings);
      await reached(store);
      await holdCounting(counters);
    }
  });

  test('are not asked for long where Redis is frozen or gone, and not at all after that', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { counters, store } = await connected(t, settingsOf(redis.url));
    await reached(store);
    await takeOne(counters);
    redis.freeze();
    const began = performance.now();
    assert.equal(await counters.take([take(), take({ kind: 'bucket', key: 'b' })]), undefined);
    assert.ok(performance.now() - began < 250);
    assert.equal(await counters.take([take()]), undefined);
    redis.thaw();
    await reached(store);
    await takeOne(counters);
    await redis.stop();
    assert.equal(await counters.take([take()]), undefined);
  });

  test('say once where Redis refuses to count, and it is read on', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { counters, store, lines, says } = await connected(t, settingsOf(redis.url));
    await reached(store);
    await takeOne(counters);
    await redis.tell('config', 'set', 'maxmemory', '1');
    for (let index = 0; index < 3; index += 1) assert.equal(await counters.take([take()]), undefined);
    await says(/^Redis does not count: /);
    assert.notEqual(store.reachedSince(), undefined);
    await redis.tell('config', 'set', 'maxmemory', '0');
    await takeOne(counters);
    await says(/^Redis counts again/);
    assert.equal(lines.length, 2, lines.join('\n'));
  });

  test('know their scripts again after Redis has forgotten them', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { counters, store } = await connected(t, settingsOf(redis.url));
    await reached(store);
    assert.equal(await times(counters, 1), '2');
    await redis.tell('script', 'flush');
    assert.equal(await times(counters, 3), '1 0 no');
  });

  test('need no more rights than the page says', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const docs = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    const [, always = ''] = /^ACL SETUSER tributary on >password (.+)$/m.exec(docs) ?? [];
    const [, more = ''] = /^For \[rates\]\(#rates\) come `([^`]+)`/m.exec(docs) ?? [];
    assert.ok(always !== '' && more !== '', 'the page says which');
    const rights = `${always.replaceAll('tributary:', 't:')} ${more}`.split(' ');
    await redis.tell('acl', 'setuser', 'limited', 'on', '>password-of-limited', ...rights);
    const { counters, store } = await connected(
      t,
      settingsOf(redis.url.replace('//', '//limited:password-of-limited@')),
    );
    await reached(store);
    await holdCounting(counters);
  });
});
