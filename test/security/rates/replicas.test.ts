// Holds rates of replicas to being one: two processes on one Redis let through as many as one would, and no Redis is waited for.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../supergraph/store/connected-redis.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { askAt, startRatedProcesses, type Timed } from './rated-processes.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('rates of replicas', 'redis-server is not installed');

/** Milliseconds: 50 are the bound, the rest is for a machine that is busy with other tests. */
const soon = 250;

const statuses = (answers: readonly Timed[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('two processes on one Redis', { skip: !installed, timeout: 120_000 }, () => {
  for (const kind of ['window', 'bucket'] as const) {
    test(`let exactly 100 of 1,000 through that come at once, by ${kind}`, async (t) => {
      const redis = await startTestRedis();
      t.after(() => redis.stop());
      const rates = { door: { per: 'address', most: 100, in: '1d', kind, away: 'closed' } } as const;
      const { urls, stop } = await startRatedProcesses(2, rates, { REDIS_URL: redis.url });
      t.after(stop);
      // What is new is planned first, and Redis has to be reached.
      for (const url of urls)
        await until('it counts in Redis', async () => (await askAt(url, '10.9.9.9')).status === 200);
      const asked = Array.from({ length: 1000 }, (_, index) => askAt(urls[index % 2] ?? '', '10.0.0.1'));
      const answers = await Promise.all(asked);
      assert.deepEqual(statuses(answers), { 200: 100, 429: 900 });
      for (const { status, headers } of answers) {
        assert.match(headers.get('ratelimit') ?? '', /^"door";r=\d+;t=\d+$/);
        if (status === 429) assert.ok(Number(headers.get('retry-after')) >= 1);
      }
      // What lies in Redis names nobody.
      const keys = (await redis.tell('keys', '*')).split('\n');
      const rated = keys.filter((key) => key.startsWith('tributary:rates:'));
      assert.equal(rated.length, 2, keys.join());
      for (const key of rated) {
        assert.match(key, /^tributary:rates:[\w-]{43}$/);
        assert.ok(Number(await redis.tell('pttl', key)) > 0, 'each has an end');
      }
    });
  }

  test('answer without Redis where a rate is open, count for themselves meanwhile, and refuse where it is closed', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const rates = {
      open: { per: 'address', most: 5, in: '1d' },
      closed: { per: 'address', of: { operations: ['Closed'] }, most: 5, in: '1d', away: 'closed' },
    } as const;
    const { urls, children, stop } = await startRatedProcesses(1, rates, { REDIS_URL: redis.url });
    t.after(stop);
    const [url = ''] = urls;
    const closed = 'query Closed { books { title } }';
    await until('it counts in Redis', async () => (await askAt(url, '10.9.9.9', closed)).status === 200);
    for (const away of ['frozen', 'gone'] as const) {
      if (away === 'frozen') redis.freeze();
      else await redis.stop();
      const from = away === 'frozen' ? '10.0.0.1' : '10.0.0.2';
      const answers: Timed[] = [];
      for (let index = 0; index < 7; index += 1) answers.push(await askAt(url, from));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200, 200, 429, 429],
        away,
      );
      const refused = await askAt(url, `${from}7`, closed);
      assert.equal(refused.status, 503);
      assert.match(refused.text, /RATE_LIMITS_UNAVAILABLE/);
      const slowest = Math.max(...[...answers, refused].map(({ took }) => took));
      assert.ok(slowest < soon, `${away}: ${slowest} ms`);
      const many = await Promise.all(Array.from({ length: 100 }, () => askAt(url, from)));
      assert.deepEqual(statuses(many), { 429: 100 });
      if (away === 'gone') continue;
      redis.thaw();
      await until(
        'it counts in Redis again',
        async () => (await askAt(url, `${from}8`, closed)).status === 200,
      );
    }
    await children[0]?.says(/Redis is not reachable/);
  });
});
