// Holds what replicas keep together while their Redis is frozen, gone, paused, full or full of somebody else's things: every
// request is answered as without a cache, soon, and what was written meanwhile stays written when Redis is back.
import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import { leaveOut } from '../../support/left-out.ts';
import { askRedis, redisBinary } from '../../support/redis.ts';
import type { RouterUnderTest } from '../fixtures/router-under-test.ts';
import { settingsOf, timed, until } from '../store/connected-redis.ts';
import { type Read, type Replicas, readProduct, rename, startReplicas } from './replicas.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('caching while Redis fails', 'redis-server is not installed');

/**
 * Milliseconds that requests may take longer than where nothing is kept: most of them, and the slowest. Redis may cost each 50;
 * the rest is for a machine that is busy with other tests.
 */
const soon = { most: 400, all: 5000 };
/** Milliseconds after which a write is seen everywhere. */
const promised = 1000;

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

interface Failure {
  flags?: string[];
  /** `asked` is what requests do meanwhile. */
  fail: (replicas: Replicas, asked: () => Promise<void>) => Promise<unknown> | undefined;
  heal: (replicas: Replicas) => Promise<unknown> | undefined;
}

const frozen = {
  async fail({ redis }: Replicas) {
    redis.freeze();
  },
  async heal({ redis }: Replicas) {
    redis.thaw();
  },
};
const full = {
  fail: ({ redis }: Replicas) => redis.tell('config', 'set', 'maxmemory', '1'),
  heal: ({ redis }: Replicas) => redis.tell('config', 'set', 'maxmemory', '0'),
};
const asAdmin = ['--no-auth-warning', '-a', 'another'];

const failures: Record<string, Failure> = {
  'is frozen': frozen,
  'is killed': { fail: ({ redis }) => redis.stop(), heal: (replicas) => replicas.restartRedis() },
  'comes and goes': {
    async fail(replicas, asked) {
      for (let time = 0; time < 3; time += 1) {
        await replicas.redis.stop();
        await asked();
        await replicas.restartRedis();
        await asked();
      }
      await replicas.redis.stop();
    },
    heal: (replicas) => replicas.restartRedis(),
  },
  'freezes and thaws by turns': {
    async fail({ redis }, asked) {
      for (let time = 0; time < 3; time += 1) {
        redis.freeze();
        await asked();
        redis.thaw();
        await redis.tell('ping');
        await asked();
      }
      redis.freeze();
    },
    heal: frozen.heal,
  },
  'pauses for all': {
    fail: ({ redis }) => redis.tell('client', 'pause', '3000', 'all'),
    // It answers when the pause is over.
    heal: ({ redis }) => redis.tell('ping'),
  },
  'pauses for who writes': {
    fail: ({ redis }) => redis.tell('client', 'pause', '60000', 'write'),
    heal: ({ redis }) => redis.tell('client', 'unpause'),
  },
  'is full': { flags: ['--maxmemory-policy', 'noeviction'], ...full },
  'is full and drops what it has': { flags: ['--maxmemory-policy', 'allkeys-lru'], ...full },
  'is emptied': { fail: ({ redis }) => redis.tell('flushall'), heal: () => undefined },
  'has another password now': {
    async fail({ redis }) {
      await redis.tell('config', 'set', 'requirepass', 'another');
      for (const type of ['normal', 'pubsub']) {
        await askRedis(redis.port, asAdmin, ['client', 'kill', 'type', type]);
      }
    },
    heal: ({ redis }) => askRedis(redis.port, asAdmin, ['config', 'set', 'requirepass', '']),
  },
};

const rewritten = (pattern: string, script: string) =>
  `for i, key in ipairs(redis.call('keys', 'tributary:${pattern}:*')) do ${script} end`;
const instead = (text: string) => `redis.call('set', key, ${text})`;
const moved = (steps: number) => `
  local keys = redis.call('keys', 'tributary:kept:*')
  table.sort(keys)
  local texts = redis.call('mget', unpack(keys))
  for i, key in ipairs(keys) do redis.call('set', key, texts[(i + ${steps} - 1) % #keys + 1]) end`;
const foreign: Record<string, string> = {
  'lists under the keys of what is kept': rewritten(
    'kept',
    "redis.call('del', key) redis.call('lpush', key, 'x')",
  ),
  'lists under the keys of fences': rewritten(
    'fence',
    "redis.call('del', key) redis.call('lpush', key, 'x')",
  ),
  'garbage under the keys of fences': rewritten('fence', instead("'\\255 garbage'")),
  'records that are garbage': rewritten('kept', instead("'garbage \\255'")),
  'records that are empty': rewritten('kept', instead("''")),
  'records that are JSON of something else': rewritten('kept', instead("'[1,{}]\\n{}'")),
  'records without their ends': rewritten('kept', instead("string.sub(redis.call('get', key), 1, -2)")),
  'records without their second halves': rewritten(
    'kept',
    `local text = redis.call('get', key) ${instead('string.sub(text, 1, #text / 2)')}`,
  ),
  'records of another version': rewritten(
    'kept',
    instead("(string.gsub(redis.call('get', key), '^%[%d+,', '[99,'))"),
  ),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].map((steps) => [`records that stood ${steps} keys further`, moved(steps)]),
  ),
};

function assertSoon(t: TestContext, longer: readonly number[]): void {
  const sorted = [...longer].sort((one, other) => one - other);
  const [median = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  t.diagnostic(
    `${sorted.length} requests took ${median.toFixed(1)} ms longer, the slowest ${slowest.toFixed(0)} ms`,
  );
  assert.ok(median < soon.most, `most took ${median} ms longer`);
  assert.ok(slowest < soon.all, `the slowest took ${slowest} ms longer`);
}

describe('replicas whose Redis', { skip: !installed, concurrency: 6, timeout: 500_000 }, () => {
  after(() => assert.deepEqual(rejections, []));

  for (const [name, { flags = [], fail, heal }] of Object.entries(failures)) {
    test(`${name} answer right and soon, and keep what was written`, async (t) => {
      const replicas = await startReplicas(t, ...flags);
      const { graph, start, startPlain, keepTogether, isKeptTogether } = replicas;
      const [one, other, plain] = [await start(), await start(), await startPlain()];
      graph.products.set('p2', { name: 'p2 v1', price: 1, category: 'c1' });
      await keepTogether(one, other);
      await keepTogether(other, one);
      const longer: number[] = [];
      let currencies = 0;

      async function check(router: RouterUnderTest, read: Read, currency: string, token?: string) {
        const asked = { read, id: 'p2', currency } as const;
        const [answer, time] = await timed(() => readProduct(router, { ...asked, token }));
        const [expected, usual] = await timed(() => readProduct(plain, asked));
        longer.push(time - usual);
        return { answer, isSame: answer.text === expected.text };
      }
      async function same(
        what: string,
        router: RouterUnderTest,
        currency: string,
        token?: string,
      ): Promise<void> {
        for (const read of ['chain', 'field', 'entity'] as const) {
          const { answer, isSame } = await check(router, read, currency, token);
          assert.ok(isSame, `${what}: ${answer.text}`);
        }
      }
      const asked = async (): Promise<void> => {
        const currency = `c${++currencies}`;
        await Promise.all([one, other].map((router) => same('meanwhile', router, currency)));
      };

      await Promise.all([one, other].map((router) => same('before', router, 'before')));
      longer.splice(0);
      await keepTogether(one, other);
      await fail(replicas, asked);
      await Promise.all(Array.from({ length: 5 }, asked));
      await asked();
      const written = await rename(one, 'p2', 'p2 v2');
      const at = performance.now();
      const token = written.headers.get('tributary-write') ?? undefined;
      await same('where it was written', one, 'before');
      await same('elsewhere with its token', other, 'before', token);
      while (performance.now() <= at + promised) {
        await same('where it was written', one, 'before');
        await check(other, 'field', 'before');
      }
      await Promise.all([one, other].map((router) => same('after a second', router, 'before')));
      assertSoon(t, longer);

      await heal(replicas);
      await until('replicas keep things together again', async () => {
        await Promise.all([one, other].map((router) => same('when it is back', router, 'before')));
        return isKeptTogether(one, other);
      });
      await Promise.all([one, other].map((router) => same('in the end', router, 'before')));
    });
  }

  test('refuses their password answer right and soon, and keep things together when it does not any more', async (t) => {
    const replicas = await startReplicas(t, '--requirepass', 'another');
    const { redis, start, startPlain, keepTogether } = replicas;
    const address = redis.url.replace('://', '://:wrong@');
    const environment = { redis: settingsOf(address) };
    const [one, other] = [await start(undefined, { environment }), await start(undefined, { environment })];
    const plain = await startPlain();
    const longer: number[] = [];
    for (const currency of ['a', 'b', 'c', 'd', 'd']) {
      for (const router of [one, other]) {
        const asked = { read: 'chain', id: 'p2', currency } as const;
        const [{ text }, time] = await timed(() => readProduct(router, asked));
        const [expected, usual] = await timed(() => readProduct(plain, asked));
        assert.equal(text, expected.text);
        longer.push(time - usual);
      }
    }
    // The first of each is planned.
    assertSoon(t, longer.slice(2));
    await askRedis(redis.port, asAdmin, ['config', 'set', 'requirepass', 'wrong']);
    await keepTogether(one, other);
  });

  test('holds what is not theirs do not believe it, and go on keeping things', async (t) => {
    const { redis, start, startPlain, keepTogether } = await startReplicas(t);
    const [one, other, plain] = [await start(), await start(), await startPlain()];
    const held = 'return #redis.call("keys", "tributary:kept:*")';
    await keepTogether(one, other);
    let attempt = 0;
    const readsOf = (number: number) =>
      ['EUR', 'USD'].flatMap((money) =>
        (['p1', 'p2'] as const).flatMap((id) =>
          (['field', 'entity'] as const).map((read) => ({ read, id, currency: `${money}-${number}` })),
        ),
      );
    for (const [name, script] of Object.entries(foreign)) {
      // On a machine that is busy some of it may not come there in time.
      await until('all of it is kept', async () => {
        await redis.tell('flushall');
        const asked = readsOf(++attempt);
        for (const read of asked) await readProduct(one, read);
        return Number(await redis.tell('eval', held, '0')) >= asked.length;
      });
      const asked = readsOf(attempt);
      await redis.tell('eval', script, '0');
      for (const read of asked) {
        const { text } = await readProduct(other, read);
        assert.equal(text, (await readProduct(plain, read)).text, name);
      }
      // A fence that is no text stands in the way of a true one until something changes, or it is gone.
      if (name !== 'lists under the keys of fences') await keepTogether(one, other);
      await redis.tell('flushall');
      await keepTogether(one, other);
    }
  });
});
