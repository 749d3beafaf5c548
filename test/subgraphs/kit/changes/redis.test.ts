// What a subgraph changes is told over a real Redis before the answer goes out; one that is away holds up no answer, and is told
// when it is back.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import { marksOf } from '../../../../supergraph/cache/changes.ts';
import { hearChanges } from '../../../support/heard-changes.ts';
import { leaveOut } from '../../../support/left-out.ts';
import { redisBinary, startTestRedis, type TestRedis } from '../../../support/redis.ts';
import { testRedisBus } from '../../../support/redis-bus.ts';
import { startLighthouse } from './lighthouse/lighthouse.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('telling changes over Redis', 'redis-server is not installed');

// The bound is 50 ms; the rest is for a machine that is busy with other tests.
const soon = 250;
const day = 86_400_000;

async function lighthouseOn(t: TestContext, redis: TestRedis) {
  const bus = await testRedisBus(redis.url);
  const lighthouse = await startLighthouse(bus);
  t.after(async () => {
    redis.thaw();
    await lighthouse.stop();
    await bus.close();
  });
  return lighthouse;
}

/** Looks until it stands there: a Redis that has begun anew tells nobody when something is written. */
async function fenceIn(url: string, mark: string): Promise<string> {
  const redis = new Redis(url);
  try {
    for (const end = performance.now() + 10_000; performance.now() < end; ) {
      const text = await redis.get(`tributary:fence:${mark}`);
      if (text !== null) return text;
    }
    throw new Error(`Nothing stands under ${mark}.`);
  } finally {
    redis.disconnect();
  }
}

describe('changes over Redis', { skip: !installed, timeout: 60_000 }, () => {
  let redis: TestRedis;
  before(async () => {
    redis = await startTestRedis();
  });
  after(() => redis.stop());

  test('a change is told before its answer, stands in Redis before it is told, and stands there for more than a day', async (t) => {
    const lighthouse = await lighthouseOn(t, redis);
    const heard = await hearChanges(redis.url);
    t.after(heard.stop);
    const texts = new Set<string>();
    for (const [document, keys] of [
      ['mutation { light(id: "a:b") { id } }', ['Lamp:a:b', 'Keeper:k1', 'Keeper:7']],
      ['mutation { move(x: 1, y: 2) }', ['Place:1,2']],
      ['mutation { failAfterwards(id: "1") { id } }', ['Lamp:1']],
      ['mutation { light(id: "1") { id } }', ['Lamp:1', 'Keeper:k1', 'Keeper:7']],
    ] as const) {
      await lighthouse.ask(document);
      const [change, ...others] = await heard.upToNow();
      assert.ok(change);
      assert.deepEqual([change.keys, others], [keys, []], document);
      for (const mark of marksOf(change)) {
        const { text, left } = await heard.fence(mark);
        assert.equal(text, change.fence, mark);
        assert.ok(left > day, `${mark} stands for ${left} ms`);
      }
      texts.add(change.fence ?? '');
    }
    assert.equal(texts.size, 4);
  });

  test('nothing is told of what fails, of what changes nothing and of what is only read', async (t) => {
    const lighthouse = await lighthouseOn(t, redis);
    const heard = await hearChanges(redis.url);
    t.after(heard.stop);
    await lighthouse.ask('mutation { fail(id: "1") { id } }');
    await lighthouse.ask('mutation { touch }');
    await lighthouse.ask('{ lamp(id: "1") { id } }');
    assert.deepEqual(await heard.upToNow(), []);
  });

  test('what a query changes is told too', async (t) => {
    const lighthouse = await lighthouseOn(t, redis);
    const heard = await hearChanges(redis.url);
    t.after(heard.stop);
    await lighthouse.ask('{ visit(id: "1") { id } }');
    assert.deepEqual((await heard.next()).keys, ['Lamp:1']);
  });

  test('of more than a thousand entities it is told that their types changed, and some of them', async (t) => {
    const lighthouse = await lighthouseOn(t, redis);
    const heard = await hearChanges(redis.url);
    t.after(heard.stop);
    await lighthouse.ask('mutation { lightAll(count: 1000) }');
    const [all] = await heard.upToNow();
    assert.deepEqual([all?.keys?.length, all?.types], [1000, []]);
    await lighthouse.ask('mutation { lightAll(count: 1001) }');
    const [types] = await heard.upToNow();
    assert.deepEqual([types?.keys, types?.types], [[], ['Lamp', 'Lamp:*']]);
    assert.equal((await heard.fence('Lamp')).text, types?.fence);
  });

  test('a frozen Redis holds up an operation for 50 ms in all, and is told what changed when it goes on', async (t) => {
    const lighthouse = await lighthouseOn(t, redis);
    const heard = await hearChanges(redis.url);
    t.after(heard.stop);
    await lighthouse.ask('mutation { light(id: "before") { id } }');
    await heard.upToNow();
    redis.freeze();
    const many = Array.from({ length: 20 }, (_, index) => `m${index}: light(id: "${index}") { id }`);
    for (const fields of [many.join(' '), 'light(id: "last") { id }']) {
      const { data, took } = await lighthouse.ask(`mutation { ${fields} }`);
      assert.ok(data);
      assert.ok(took < soon, `took ${took} ms`);
    }
    redis.thaw();
    const wanted = new Set([...many.keys(), 'last'].map((id) => `Lamp:${id}`));
    while (wanted.size > 0) for (const key of (await heard.next()).keys ?? []) wanted.delete(key);
    await fenceIn(redis.url, 'Lamp:last');
  });

  test('a Redis that is full carries at once what changed, and says when it takes nothing; when it takes it, it is told again', async (t) => {
    const lighthouse = await lighthouseOn(t, redis);
    const heard = await hearChanges(redis.url);
    t.after(heard.stop);
    await lighthouse.ask('mutation { light(id: "full") { id } }');
    const before = await heard.next();
    await redis.tell('config', 'set', 'maxmemory', '1');
    try {
      await lighthouse.ask('mutation { light(id: "full") { id } }');
      // Without a fence: routers know then that none stands there.
      const { keys, fence } = await heard.next();
      assert.deepEqual([keys, fence], [['Lamp:full', 'Keeper:k1', 'Keeper:7'], undefined]);
      assert.equal((await heard.fence('Lamp:full')).text, before.fence);
    } finally {
      await redis.tell('config', 'set', 'maxmemory', '0');
    }
    let last = await heard.next();
    while (last.fence === undefined) last = await heard.next();
    for (const mark of marksOf(last)) assert.equal((await heard.fence(mark)).text, last.fence, mark);
    assert.ok(last.keys?.includes('Lamp:full'));
  });

  test('a Redis that dies holds up nothing, and is told what changed when another one is in its place', async (t) => {
    const dying = await startTestRedis();
    const lighthouse = await lighthouseOn(t, dying);
    await dying.stop();
    for (const id of ['one', 'two']) {
      const { data, took } = await lighthouse.ask(`mutation { light(id: "${id}") { id } }`);
      assert.deepEqual(data, { light: { id } });
      assert.ok(took < soon, `took ${took} ms`);
    }
    const next = await startTestRedis(dying.port);
    t.after(() => next.stop());
    await Promise.all(['one', 'two'].map((id) => fenceIn(next.url, `Lamp:${id}`)));
  });

  test('a subgraph starts and stops where no Redis is, and tells it what changed when there is one', async (t) => {
    const first = await startTestRedis();
    await first.stop();
    const bus = await testRedisBus(first.url);
    t.after(bus.close);
    const lighthouse = await startLighthouse(bus);
    await lighthouse.ask('mutation { light(id: "early") { id } }');
    const second = await startTestRedis(first.port);
    t.after(() => second.stop());
    await fenceIn(second.url, 'Lamp:early');
    second.freeze();
    await lighthouse.ask('mutation { light(id: "never") { id } }');
    const began = performance.now();
    await lighthouse.stop();
    assert.ok(performance.now() - began < soon);
  });
});
