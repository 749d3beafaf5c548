// Plans in the store of the replicas: what one has planned no other plans, and what a bad store does to it, which is nothing.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { encodePlan, sha256 } from '../../../supergraph/planner/encode-plan.ts';
import type { QueryPlan } from '../../../supergraph/planner/plan.ts';
import { createPlanCache } from '../../../supergraph/planner/plan-cache.ts';
import { createPlanStore } from '../../../supergraph/planner/plan-store.ts';
import { createMemoryStore } from '../../../supergraph/store/memory-store.ts';
import type { Store, StoreEntry } from '../../../supergraph/store/store.ts';

const planOf = (operation: string, size = 0): QueryPlan => ({
  node: {
    ...{ kind: 'fetch', subgraph: 'a', operation: 'query', variables: [], path: [] },
    document: operation + ' '.repeat(size),
  },
});
const day = 86_400_000;
const version = 'graph 1';
const long = `{${'abcde '.repeat(2_000)}}`;

/** A store that remembers what it was asked for and given. */
function watchedStore(store: Store = createMemoryStore()) {
  const asked: (readonly string[])[] = [];
  const given: StoreEntry[] = [];
  return {
    ...store,
    asked,
    given,
    get(keys: readonly string[], within?: number) {
      asked.push(keys);
      return store.get(keys, within);
    },
    set(entries: readonly StoreEntry[]) {
      given.push(...entries);
      return store.set(entries);
    },
  };
}

/** A process that starts, is asked for these, and ends; gives what it had to plan. */
async function replica(
  store: Store,
  operations: readonly string[],
  { graph = version, isAhead = false }: { graph?: string; isAhead?: boolean } = {},
): Promise<string[]> {
  const planned: string[] = [];
  const planner = {
    version: graph,
    async plan(operation: string) {
      planned.push(operation);
      return planOf(operation);
    },
  };
  const cache = createPlanCache({ planner, store });
  if (isAhead) assert.deepEqual(await cache.warm(operations), []);
  for (const operation of operations) assert.deepEqual(await cache.plan(operation), planOf(operation));
  assert.equal(cache.counts().planner, planned.length);
  await cache.close();
  return planned;
}

test('what one replica has planned no other plans, asked one by one or ahead; another graph has its own', async () => {
  const store = createMemoryStore();
  const operations = ['{a}', '{b(x:"\u{1f600}\ud800")}', '', '__proto__', long];
  assert.deepEqual(await replica(store, operations), operations);
  assert.deepEqual(await replica(store, operations), []);
  assert.deepEqual(await replica(store, operations, { isAhead: true }), []);
  assert.deepEqual(await replica(store, ['{a}', '{c}'], { isAhead: true }), ['{c}']);
  assert.deepEqual(await replica(store, ['{a}'], { graph: 'graph 2' }), ['{a}']);
  assert.deepEqual(await replica(store, operations), []);
});

test('a start asks for its plans many at a time, and for none of them again', async () => {
  const store = watchedStore();
  const operations = Array.from({ length: 120 }, (_, index) => `{f${index}}`);
  assert.deepEqual(await replica(store, operations.slice(1), { isAhead: true }), operations.slice(1));
  store.asked.length = 0;
  assert.deepEqual(await replica(store, operations, { isAhead: true }), ['{f0}']);
  assert.deepEqual(
    store.asked.map((keys) => keys.length),
    [50, 50, 20],
  );
});

test('operations share a plan when and only when their texts are equal, whatever size they have', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('__proto__', '', '\ud800', '\udfff', 'constructor'),
  );
  const large = fc.tuple(text, fc.constantFrom(1, 200, 1_000)).map(([one, times]) => one.repeat(times));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(large, { maxLength: 20 }), fc.boolean(), async (operations, isAhead) => {
      const store = createMemoryStore();
      assert.deepEqual(await replica(store, operations), operations);
      assert.deepEqual(await replica(store, operations, { isAhead }), []);
    }),
    { seed, numRuns: 60 },
  );
});

test('keys and values are bounded, and large plans are made small', async () => {
  const store = watchedStore();
  await replica(store, ['{a}', long]);
  const [small, large] = store.given;
  assert.ok(small && large);
  for (const { key, ttl } of store.given) {
    assert.match(key, /^plan:[0-9a-f]{64}$/);
    assert.equal(ttl, 7 * day);
  }
  assert.match(small.value, /"operation":"\{a\}"/);
  assert.ok(large.value.length < long.length / 10, `${large.value.length} characters`);

  const plans = createPlanStore({ store, version });
  // What cannot be made small: each of its letters is as likely as any other.
  const noise = Array.from({ length: 30_000 }, (_, index) => sha256(String(index))).join('');
  plans.write('{small}', planOf('{small}'));
  plans.write('{noise}', planOf(noise));
  await plans.close();
  assert.equal(store.given.length, 3);
});

test('what is broken or foreign is as if it were not there, and is replaced', async () => {
  for (const operation of ['{a}', long]) {
    const store = watchedStore();
    await replica(store, [operation, '{other}']);
    const [{ key, value } = { key: '', value: '' }, other] = store.given;
    const [start = ''] = value.split('\n');
    const deflated = (text: string) => `deflated ${Date.now()}\n${deflateRawSync(text).toString('base64')}`;
    const encoded = encodePlan({ version, operation }, planOf(operation));
    const signed = (text: string) => `text ${Date.now()}\n${sha256(text)}\n${text}`;
    const foreign: [string, string][] = [
      ['empty', ''],
      ['half', value.slice(0, value.length / 2)],
      ['another letter', `${value.slice(0, -9)}${value.at(-9) === 'x' ? 'y' : 'x'}${value.slice(-8)}`],
      ['the beginning alone', `${start}\n`],
      ["another operation's", other?.value ?? ''],
      ["another version's", `text 1\n${encodePlan({ version: 'graph 2', operation }, planOf(operation))}`],
      ['without its beginning', encoded],
      ['another form', value.replace(/^\w+/, 'gzip')],
      ['what is no JSON', signed('{')],
      ['null', signed('null')],
      ['no plan', signed(JSON.stringify({ version, operation }))],
      ['no base64', `deflated ${Date.now()}\n\u0000%%%`],
      ['a text that is said to be deflated', value.replace(/^\w+/, 'deflated').slice(0, 300)],
      ['few bytes that stand for very many', deflated(' '.repeat(17_000_000))],
      ["somebody else's number", '42'],
    ];
    for (const [name, damage] of foreign) {
      for (const isAhead of [false, true]) {
        await store.set([{ key, value: damage, ttl: day }]);
        assert.deepEqual(await replica(store, [operation, '{other}'], { isAhead }), [operation], name);
        assert.deepEqual(await replica(store, [operation], { isAhead }), [], name);
      }
    }
  }
});

test('a store that knows nothing, takes nothing or breaks its word costs plans and no more', async () => {
  const nothing = async (keys: readonly string[]) => keys.map(() => undefined);
  const useless: [string, Partial<Store>][] = [
    ['knows nothing', { get: nothing }],
    ['gives fewer answers', { get: async () => [] }],
    ['takes nothing', { set: async () => false }],
    ['throws', { set: () => Promise.reject(new Error('no store')) }],
  ];
  const operations = Array.from({ length: 60 }, (_, index) => `{f${index}}`);
  for (const [name, part] of useless) {
    const store = { ...createMemoryStore(), ...part };
    for (const isAhead of [false, true]) {
      assert.deepEqual(await replica(store, operations, { isAhead }), operations, name);
    }
  }
});

test('a store that answers late is not asked on and on by a start', async () => {
  const waits: number[] = [];
  const late: Store = {
    ...createMemoryStore(),
    async get(keys, within = 50) {
      waits.push(within);
      await wait(within + 1);
      return keys.map(() => undefined);
    },
  };
  const operations = Array.from({ length: 120 }, (_, index) => `{f${index}}`);
  const plans = createPlanStore({ store: late, version, patience: 20 });
  assert.equal((await plans.readAll(operations)).size, 0);
  assert.deepEqual(waits, [20]);
});

test('a plan that is used stays: in the second half of its time it is written anew by who reads it', async () => {
  const store = watchedStore();
  let now = 1_700_000_000_000;
  const start = () => createPlanStore({ store, version, now: () => now });
  const first = start();
  first.write('{a}', planOf('{a}'));
  await first.close();
  for (const [days, writes] of [
    [3, 1],
    [1, 2],
    [3, 2],
  ] as const) {
    now += days * day;
    const plans = start();
    assert.deepEqual(await plans.read('{a}'), planOf('{a}'));
    await plans.close();
    assert.equal(store.given.length, writes);
  }
});

test('clients who think of ever new operations do not fill the store', async () => {
  const store = watchedStore();
  let now = 1_700_000_000_000;
  const plans = createPlanStore({ store, version, characters: 5_000, now: () => now });
  const written = async (operation: string) => {
    plans.write(operation, planOf(operation));
    const before = store.given.length;
    // Sets are begun in the next turns: what is small is not made smaller.
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    return store.given.length > before;
  };
  let count = 0;
  while (await written(`{f${count}}`)) count += 1;
  assert.ok(count > 5 && count < 30, `${count} were written`);
  assert.equal(await written('{more}'), false);
  now += day;
  assert.equal(await written('{more}'), true);
  await plans.close();
});

test('what is on disk is given to a store that has lost it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'plans-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const planner = { version, plan: async (operation: string) => planOf(operation) };
  for (const counts of [
    { planner: 1, folder: 0, store: 0 },
    { planner: 0, folder: 1, store: 0 },
  ]) {
    const store = createMemoryStore();
    const cache = createPlanCache({ planner, folder, store });
    await cache.warm(['{a}']);
    assert.deepEqual(cache.counts(), counts);
    await cache.close();
    assert.deepEqual(await replica(store, ['{a}']), []);
  }
});
