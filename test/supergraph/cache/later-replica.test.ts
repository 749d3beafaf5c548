// Holds what a replica finds when it starts later than the others: what they keep, as long as it is of the same graph and rules.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Redis } from 'ioredis';
import type { CacheRules } from '../../../supergraph/declaration/cache-declaration.ts';
import { systemClock } from '../../../supergraph/foundation/clock.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary } from '../../support/redis.ts';
import type { RouterUnderTest } from '../fixtures/router-under-test.ts';
import { settingsOf, until } from '../store/connected-redis.ts';
import { startCachingRouter } from './cached-graph.ts';
import {
  longRules,
  type Read,
  type Replicas,
  readProduct,
  rename,
  startReplicas,
  versionIn,
} from './replicas.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('what replicas find that start later', 'redis-server is not installed');

const kept: Read[] = ['field', 'entity', 'chain'];
const product = { maxAge: '10m', scope: 'public' } as const;
/** Of products. */
const rules: Record<string, CacheRules[string]> = {
  'for less time': { ...product, maxAge: '9m' },
  'for longer': { ...product, maxAge: '11m' },
  'for whoever has the same claim': { ...product, scope: { claim: 'tenant' } },
  'for each viewer': { ...product, scope: 'viewer' },
  'with a tag': { ...product, tags: ['goods'] },
  'also when a subgraph fails': { ...product, staleIfError: '1h' },
  never: 'never',
};

/** Places in a record's head of how many milliseconds it is kept, and what for: see level-two.ts. */
const [fresh, stale, stead] = [3, 4, 5];
const tenMinutes = 600_000;
interface RecordRow {
  /** Milliseconds by which the clock of whoever wrote it goes before that of whoever reads it. */
  ahead?: number;
  more?: { at: number; by: number };
  isRead: boolean;
}
const records: Record<string, RecordRow> = {
  'as it was written': { isRead: true },
  'read a little later than now': { ahead: 1_000, isRead: true },
  'read much later than now': { ahead: 10_000, isRead: false },
  'as good as new for less time than the rule says': { more: { at: fresh, by: -1_000 }, isRead: true },
  'as good as new for longer than the rule says': { more: { at: fresh, by: tenMinutes }, isRead: false },
  'stale for longer than the rule says': { more: { at: stale, by: tenMinutes }, isRead: false },
  'in stead of a failure for longer than the rule says': {
    more: { at: stead, by: tenMinutes },
    isRead: false,
  },
};

describe('a replica that starts later', { skip: !installed, timeout: 500_000 }, () => {
  const endings: (() => Promise<void>)[] = [];
  let replicas: Replicas;
  let redis: Redis;
  let one: RouterUnderTest;
  let other: RouterUnderTest;
  /** Milliseconds by which the clock of `one` goes before that of the others. */
  let ahead = 0;
  before(async () => {
    replicas = await startReplicas({ after: (work) => endings.unshift(work) });
    redis = new Redis(replicas.redis.url);
    endings.unshift(async () => redis.disconnect());
    const clock = { ...systemClock, now: () => Date.now() + ahead };
    one = await replicas.start(longRules, { clock });
    other = await replicas.start();
    // Before they have reached Redis they keep things for themselves.
    await replicas.keepTogether(one, other);
  });
  after(async () => {
    for (const end of endings) await end();
  });

  /** What is kept in Redis, and has this in it. */
  async function recordWith(word: string): Promise<{ key: string; text: string } | undefined> {
    const keys = await redis.keys('tributary:kept:*');
    const texts = keys.length > 0 ? await redis.mget(keys) : [];
    const all = keys.map((key, index) => ({ key, text: texts[index] ?? '' }));
    return all.find(({ text }) => text.includes(word));
  }

  test('believes nothing older than a write that Redis was too full to be told of, whether it is full still or not', async () => {
    const { graph, start } = replicas;
    const write = (version: number) => rename(one, 'p2', `p2 v${version}`);
    await write(1);
    const reading = (router: RouterUnderTest, currency: string) =>
      readProduct(router, { read: 'field', id: 'p2', currency });
    let currencies: string[] = [];
    let attempt = 0;
    await until('all of it is in Redis', async () => {
      attempt += 1;
      currencies = Array.from({ length: 5 }, (_, index) => `full-${attempt}-${index}`);
      for (const currency of currencies) await reading(one, currency);
      const kept = await Promise.all(currencies.map((currency) => recordWith(`"${currency}"`)));
      return !kept.includes(undefined);
    });
    const fence = () => redis.get('tributary:fence:Product:p2');
    const before = await fence();
    assert.ok(before);
    await redis.config('SET', 'maxmemory', '1');
    try {
      await write(2);
      const meanwhile = await start();
      // When this is planned it has reached Redis.
      await readProduct(meanwhile, { read: 'field', id: 'p1', currency: 'EUR' });
      for (const currency of currencies) {
        await until(
          'it is told of the write',
          async () => versionIn(await reading(meanwhile, currency)) === 2,
        );
      }
    } finally {
      await redis.config('SET', 'maxmemory', '0');
    }
    await until('Redis is told of the write', async () => (await fence()) !== before);
    const later = await start();
    graph.asked.splice(0);
    for (const currency of currencies) assert.equal(versionIn(await reading(later, currency)), 2);
  });

  test('reads what the others keep, but nothing from later than now, or that is kept for longer than the rule says', async () => {
    const { graph } = replicas;
    let count = 0;
    async function isRead({ ahead: by = 0, more }: RecordRow): Promise<boolean> {
      let currency = '';
      let record: Awaited<ReturnType<typeof recordWith>>;
      // On a machine that is busy it may not come there in time.
      await until('it is in Redis', async () => {
        currency = `record-${++count}`;
        ahead = by;
        await readProduct(one, { read: 'field', id: 'p1', currency });
        ahead = 0;
        record = await recordWith(`"${currency}"`);
        return record !== undefined;
      });
      const { key = '', text = '' } = record ?? {};
      const end = text.indexOf('\n');
      const head = JSON.parse(text.slice(0, end));
      if (more) head[more.at] += more.by;
      await redis.set(key, JSON.stringify(head) + text.slice(end));
      graph.asked.splice(0);
      await readProduct(other, { read: 'field', id: 'p1', currency });
      return graph.asked.length === 0;
    }
    for (const [what, row] of Object.entries(records)) {
      if (row.isRead) await until(`it is read: ${what}`, () => isRead(row));
      else assert.equal(await isRead(row), false, what);
    }
  });

  test('answers from what the others keep, and reads nothing that is kept by another rule or of another graph', async (t) => {
    const { graph, start, startPlain } = replicas;
    const plain = await startPlain();
    let currency = '';
    const reading = (router: RouterUnderTest, read: Read) =>
      readProduct(router, { read, id: 'p2', currency });
    let attempt = 0;
    await until('all of it is in Redis', async () => {
      currency = `EUR-${++attempt}`;
      for (const read of kept) await reading(one, read);
      graph.asked.splice(0);
      for (const read of kept) await reading(other, read);
      return graph.asked.length === 0;
    });

    let probes = 0;
    /** Resolves when it reads in Redis what it may: reviews are kept by the same rule everywhere. */
    const looksThere = (router: RouterUnderTest) =>
      until('it looks into Redis', async () => {
        const probe = { read: 'entity', id: `probe${++probes}`, currency: 'EUR' } as const;
        await readProduct(one, probe);
        graph.asked.splice(0);
        await readProduct(router, probe);
        return !graph.asked.some(({ subgraph }) => subgraph === 'reviews');
      });

    const later = await start();
    await looksThere(later);
    graph.asked.splice(0);
    const answers = [];
    for (const read of kept) answers.push(await reading(later, read));
    assert.deepEqual(graph.asked, []);
    for (const [index, read] of kept.entries()) {
      assert.equal(answers[index]?.text, (await reading(plain, read)).text);
    }

    async function readsNothing(what: string, router: RouterUnderTest): Promise<void> {
      await looksThere(router);
      graph.asked.splice(0);
      await reading(router, 'entity');
      assert.deepEqual(graph.entitiesAsked('catalog'), ['p2'], what);
    }
    for (const [name, rule] of Object.entries(rules)) {
      await readsNothing(name, await start({ ...longRules, Product: rule }));
    }
    const sdl = graph.supergraphSdl.replace(' currency: String!', ' currency: String');
    assert.notEqual(sdl, graph.supergraphSdl);
    const changed = await startCachingRouter({ supergraphSdl: sdl }, longRules, {
      environment: { redis: settingsOf(replicas.redis.url) },
    });
    t.after(() => changed.stop());
    await readsNothing('another graph', changed);
  });
});
