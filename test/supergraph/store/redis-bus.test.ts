// Holds the bus on a real Redis: who hears what, how far it is certain, and that what may have been lost is told.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { RedisSettings } from '../../../supergraph/foundation/redis-settings.ts';
import { type Bus, longestSilence } from '../../../supergraph/store/bus.ts';
import { createMemoryBus } from '../../../supergraph/store/memory-bus.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { startTestCluster, startTestSentinel } from '../../support/redis-groups.ts';
import { connected, reached, settingsOf, soon, timed, until } from './connected-redis.ts';
import { startSwallowingRoad } from './swallowing-road.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('the bus in Redis', 'redis-server is not installed');

/** What was heard, in order; `gap` where some may be missing. */
function hearing(bus: Bus): string[] {
  const heard: string[] = [];
  bus.onGap(() => heard.push('gap'));
  bus.listen((message) => heard.push(message));
  return heard;
}

async function listening(t: TestContext, settings: RedisSettings) {
  const redis = await connected(t, settings);
  const heard = hearing(redis.bus);
  await reached(redis.store);
  await certain(redis.bus);
  return { ...redis, heard };
}

/** Resolves when all that was said until now has been heard. */
async function certain(bus: Bus): Promise<void> {
  const now = performance.now();
  await until('all of it has been heard', () => bus.heardUntil() >= now);
}

test('the bus in this process hears everything, and has no gaps', async () => {
  const bus = createMemoryBus();
  const heard = hearing(bus);
  const before = performance.now();
  assert.equal(await bus.publish('a'), true);
  assert.deepEqual(heard, ['a']);
  assert.ok(bus.heardUntil() >= before);
});

describe('a bus in Redis', { skip: !installed, timeout: 60_000 }, () => {
  test('all who listen hear what is said, in order, and know how far they have heard', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const settings = settingsOf(redis.url);
    const [one, two] = [await listening(t, settings), await listening(t, settings)];
    const said = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    for (const message of said) assert.equal(await one.bus.publish(message), true);
    for (const { bus, heard } of [one, two]) {
      await certain(bus);
      assert.deepEqual(heard, ['gap', ...said]);
      assert.ok(bus.heardUntil() <= performance.now());
    }
    // Others say what they have to say by any client.
    await redis.tell('publish', 't:changes', 'from elsewhere');
    await redis.tell('publish', 't:other', 'for others');
    await certain(two.bus);
    assert.deepEqual(two.heard.slice(21), ['from elsewhere']);
  });

  test('who listens no more hears no more', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { bus, heard } = await listening(t, settingsOf(redis.url));
    const others: string[] = [];
    const leave = bus.listen((message) => others.push(message));
    await bus.publish('a');
    await certain(bus);
    leave();
    await bus.publish('b');
    await certain(bus);
    assert.deepEqual(others, ['a']);
    assert.deepEqual(heard, ['gap', 'a', 'b']);
  });

  test('while Redis is away nothing is certain, nothing is said, and afterwards a gap is told of first', async (t) => {
    const redis = await startTestRedis();
    const { bus, store, heard, lines } = await listening(t, settingsOf(redis.url));
    await redis.stop();
    const lost = performance.now();
    const [told, took] = await timed(() => bus.publish('nobody hears this'));
    assert.equal(told, false);
    assert.ok(took < soon, `took ${took} ms`);
    await until('it is known to be away', () => store.reachedSince() === undefined);
    assert.ok(bus.heardUntil() < lost);
    const again = await startTestRedis(redis.port);
    t.after(() => again.stop());
    // Said again and again, so that one comes as soon as it can be heard.
    await until('something is heard', async () => {
      await again.tell('publish', 't:changes', 'again');
      return heard.length > 2;
    });
    assert.deepEqual(heard.slice(0, 3), ['gap', 'gap', 'again']);
    await certain(bus);
    assert.ok(lines.length <= 2, lines.join('\n'));
  });

  test('a listener that is cut off alone is told of the gap, although the store was never away', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { bus, store, heard, lines } = await listening(t, settingsOf(redis.url));
    const since = store.reachedSince();
    await redis.tell('client', 'kill', 'type', 'pubsub');
    const killed = performance.now();
    await redis.tell('publish', 't:changes', 'nobody hears this');
    assert.ok(bus.heardUntil() < killed);
    await until('it hears again', () => bus.heardUntil() > killed);
    assert.deepEqual(heard, ['gap', 'gap']);
    assert.equal(store.reachedSince(), since);
    assert.deepEqual(lines, []);
  });

  test('while Redis is frozen nothing is certain; what it says after that is heard, and there is no gap', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { bus, heard } = await listening(t, settingsOf(redis.url));
    redis.freeze();
    const frozen = performance.now();
    const [told, took] = await timed(() => bus.publish('perhaps'));
    assert.equal(told, false);
    assert.ok(took < soon, `took ${took} ms`);
    assert.ok(bus.heardUntil() < frozen);
    redis.thaw();
    await certain(bus);
    // It was not certain that it went out, and it did.
    await until('it is heard', () => heard.length > 1);
    assert.deepEqual(heard, ['gap', 'perhaps']);
  });

  test('after a silence that is too long a gap is told of, although the connection was never lost', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { bus, heard } = await listening(t, settingsOf(redis.url));
    redis.freeze();
    await until('it is too long', () => performance.now() - bus.heardUntil() > longestSilence + 300);
    assert.deepEqual(heard, ['gap']);
    redis.thaw();
    await certain(bus);
    assert.deepEqual(heard, ['gap', 'gap']);
  });

  test('after a shorter silence others have time to say what they could not, before anything is certain', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { bus, heard } = await listening(t, settingsOf(redis.url));
    redis.freeze();
    await until('it is silent', () => performance.now() - bus.heardUntil() > 600);
    redis.thaw();
    const thawed = performance.now();
    const before = bus.heardUntil();
    await until('something is certain', () => bus.heardUntil() > before);
    // On a machine that is busy it may have been too long.
    if (heard.length === 1) assert.ok(performance.now() - thawed > 400);
  });

  test('a connection that swallows everything is given up, and the gap told of', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const road = await startSwallowingRoad(t, redis.port);
    const { bus, heard } = await listening(t, settingsOf(`redis://127.0.0.1:${road.port}`));
    road.swallow();
    const silent = performance.now();
    await redis.tell('publish', 't:changes', 'nobody hears this');
    assert.ok(bus.heardUntil() < silent);
    await until('it hears again', () => bus.heardUntil() > silent);
    assert.deepEqual(heard, ['gap', 'gap']);
  });

  test('in a cluster what is said to any node is heard, and nothing is certain while one of them is silent', async (t) => {
    const cluster = await startTestCluster();
    t.after(() => cluster.stop());
    const rights =
      '~t:* &t:changes* +get +mget +set +del +ping +publish +subscribe +info +cluster|slots +cluster|info';
    for (const node of cluster.nodes) {
      await node.tell('acl', 'setuser', 'tributary', 'on', '>secret', ...rights.split(' '));
    }
    const urls = cluster.urls.replaceAll('//', '//tributary:secret@');
    const { bus, heard } = await listening(t, settingsOf(urls, { mode: 'cluster' }));
    for (const [index, node] of cluster.nodes.entries()) {
      await node.tell('publish', 't:changes', `by node ${index}`);
    }
    assert.equal(await bus.publish('by the bus'), true);
    await certain(bus);
    assert.deepEqual(heard.slice().sort(), ['by node 0', 'by node 1', 'by node 2', 'by the bus', 'gap']);
    cluster.nodes[0]?.freeze();
    const frozen = performance.now();
    // So long that its connection is given up, and it is none of those that are asked.
    await until('a new connection listens', () => heard.filter((one) => one === 'gap').length > 2);
    assert.ok(bus.heardUntil() < frozen);
    cluster.nodes[0]?.thaw();
    await certain(bus);
  });

  test('with sentinels the new master is listened to', async (t) => {
    const { url, master, copy, stop } = await startTestSentinel();
    t.after(stop);
    const settings = settingsOf(url, { mode: 'sentinel', sentinelName: 'shop' });
    const { bus, heard } = await listening(t, settings);
    await master.stop();
    await certain(bus);
    await copy.tell('publish', 't:changes', 'from the new one');
    await certain(bus);
    assert.equal(heard.at(-1), 'from the new one');
    assert.equal(heard.at(-2), 'gap');
  });

  test('nobody is heard or told of anything after it was closed', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { bus, heard, close } = await listening(t, settingsOf(redis.url));
    await close();
    assert.equal(await bus.publish('a'), false);
    await until('its connections are gone', async () =>
      /^connected_clients:1\r?$/m.test(await redis.tell('info', 'clients')),
    );
    assert.deepEqual(heard, ['gap']);
  });
});
