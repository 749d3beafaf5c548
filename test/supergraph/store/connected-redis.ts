// Connects to a Redis of a test, and has what tests of it share: a log that can be awaited, times, and waiting until it is reached.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { TestContext } from 'node:test';
import {
  type RedisSettings,
  type RedisVariables,
  readRedisSettings,
} from '../../../supergraph/foundation/redis-settings.ts';
import { connectRedis, type SharedRedis } from '../../../supergraph/store/connect-redis.ts';
import type { Store } from '../../../supergraph/store/store.ts';

/** Milliseconds. The bound of the store is 50; the rest is for a machine that is busy with other tests. */
export const soon = 250;

const patience = 15_000;

export const entry = (key: string, value = key, ttl = 60_000) => ({ key, value, ttl });

/** Of one address, or several with commas between. */
export function settingsOf(urls: string, more: Partial<RedisVariables> = {}): RedisSettings {
  const problems: string[] = [];
  const given = { mode: 'single', sentinelName: undefined, tls: {}, ...more } as const;
  const settings = readRedisSettings({ addresses: urls.split(','), ...given }, problems);
  assert.ok(settings, problems.join('\n'));
  return settings;
}

export interface ConnectedRedis extends SharedRedis {
  lines: string[];
  /** Resolves when the log has such a line, also one from before. */
  says: (words: RegExp) => Promise<string>;
}

/** Closed when the test ends. */
export async function connected(
  t: TestContext,
  settings: RedisSettings,
  prefix = 't:',
): Promise<ConnectedRedis> {
  const lines: string[] = [];
  const words = new EventEmitter();
  const hear = (line: string): void => {
    lines.push(line);
    words.emit('line');
  };
  // As it is read where LOG_LEVEL is what it is unless set.
  const log = { warn: hear, info: () => {}, error: hear };
  const redis = await connectRedis({ settings, prefix, channel: 't:changes', log });
  t.after(() => redis.close());
  return {
    ...redis,
    lines,
    async says(sought) {
      const signal = AbortSignal.timeout(patience);
      for (;;) {
        const line = lines.find((one) => sought.test(one));
        if (line !== undefined) return line;
        await once(words, 'line', { signal });
      }
    },
  };
}

export async function timed<Answer>(work: () => Promise<Answer>): Promise<[Answer, number]> {
  const began = performance.now();
  return [await work(), performance.now() - began];
}

/** Polls, because there is no event; bounded. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`It did not come to pass within ${patience} ms that ${what}.`);
}

export async function reached(store: Store): Promise<void> {
  await until('Redis is reached', () => store.reachedSince() !== undefined);
}

/** Each call ends soon, with nothing; and after the first, at once, however many there are. */
export async function assertAway(store: Store): Promise<void> {
  const [first, firstTook] = await timed(() => store.get(['a', 'b']));
  assert.deepEqual(first, [undefined, undefined]);
  assert.ok(firstTook < soon, `the first took ${firstTook} ms`);
  assert.equal(store.reachedSince(), undefined);
  const calls: [string, () => Promise<unknown>, unknown][] = [
    ['get', () => store.get(['a']), [undefined]],
    ['get with more time', () => store.get(['a'], 5000), [undefined]],
    ['set', () => store.set([entry('a'), entry('b')]), false],
    ['delete', () => store.delete(['a']), undefined],
    [
      '200 at once',
      async () =>
        (await Promise.all(Array.from({ length: 200 }, () => store.get(['a'])))).flat().find(Boolean),
      undefined,
    ],
  ];
  for (const [name, call, expected] of calls) {
    const [answer, took] = await timed(call);
    assert.deepEqual(answer, expected, name);
    assert.ok(took < soon, `${name} took ${took} ms`);
  }
}
