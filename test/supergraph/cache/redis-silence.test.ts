// Holds what replicas keep together where Redis is silent for a moment, forgets what it was told, or hears of a change last of
// all: nobody is served what was there before.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary } from '../../support/redis.ts';
import { until } from '../store/connected-redis.ts';
import { heldAnswers } from './held-answers.ts';
import { type ProductRead, readProduct, rename, startReplicas } from './replicas.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('replicas whose Redis is silent or forgets', 'redis-server is not installed');

const read: ProductRead = { read: 'field', id: 'p1', currency: 'EUR' };
/** Milliseconds after which a write is seen everywhere. */
const promised = 1000;
const bff = { responseCache: 'never' } as const;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('replicas', { skip: !installed, concurrency: 5, timeout: 120_000 }, () => {
  test('believe nothing that Redis had before it came back from a copy on disk', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-copy-'));
    t.after(async () => rmSync(folder, { recursive: true, force: true }));
    const replicas = await startReplicas(t, '--dir', folder, '--save', '3600 1');
    const { graph, redis, start, keepTogether, restartRedis } = replicas;
    const [one, other] = [await start(undefined, { bff }), await start(undefined, { bff })];
    await keepTogether(one, other);
    let currency = '';
    let attempt = 0;
    await until('it is kept together', async () => {
      currency = `copied-${++attempt}`;
      await readProduct(one, { ...read, currency });
      graph.asked.splice(0);
      await readProduct(other, { ...read, currency });
      return graph.asked.length === 0;
    });
    await redis.tell('save');
    await until('Redis is told', async () => {
      const { headers } = await rename(one, 'p1', 'p1 v2');
      return !headers.get('tributary-write')?.endsWith('-');
    });
    await redis.stop();
    await restartRedis();
    const [later, last] = [await start(undefined, { bff }), await start(undefined, { bff })];
    await keepTogether(later, last);
    for (const router of [later, last, one, other]) {
      assert.match((await readProduct(router, { ...read, currency })).text, /"p1 v2"/);
    }
  });

  test('serve nothing older than a second where Redis was frozen for a moment', async (t) => {
    const { redis, start, keepTogether } = await startReplicas(t);
    const [one, other] = [await start(undefined, { bff }), await start(undefined, { bff })];
    await keepTogether(one, other);
    // Each is asked for once, so that nothing of it is read anew.
    const currencies = Array.from({ length: 150 }, (_, index) => `c${index}`);
    for (const currency of currencies) await readProduct(other, { ...read, currency });
    redis.freeze();
    const writing = rename(one, 'p1', 'p1 v2');
    await writing;
    const written = performance.now();
    await pause(1100);
    redis.thaw();
    for (const currency of currencies) {
      assert.ok(performance.now() - written > promised);
      const { text } = await readProduct(other, { ...read, currency });
      assert.match(text, /"p1 v2"/, `${performance.now() - written} ms after the write`);
    }
  });

  test('that hear nothing let nobody wait for what was asked before that', async (t) => {
    const { redis, graph, start, keepTogether } = await startReplicas(t);
    const [one, other] = [await start(undefined, { bff }), await start(undefined, { bff })];
    await keepTogether(one, other);
    // Known to the router: only known requests are shared as a whole.
    await readProduct(other, { ...read, currency: 'before' });
    redis.freeze();
    const held = heldAnswers(graph);
    held.hold('slow', 1);
    const slow = readProduct(other, { ...read, currency: 'slow' });
    await held.arrived('slow');
    await rename(one, 'p1', 'p1 v2');
    await pause(promised + 50);
    const same = await readProduct(other, { ...read, currency: 'slow' });
    assert.match(same.text, /"p1 v2"/);
    const another = await other.ask(
      'query Other($id: ID!, $c: String) { product(id: $id) { id name price(currency: $c) { currency } } }',
      { variables: { id: 'p1', c: 'slow' } },
    );
    assert.match(another.text, /"p1 v2"/);
    held.letGo('slow');
    await slow;
    redis.thaw();
  });

  test('that are stopped tell before they go what they could not', async (t) => {
    const { redis, start, keepTogether } = await startReplicas(t);
    const [one, other] = [await start(undefined, { bff }), await start(undefined, { bff })];
    await keepTogether(one, other);
    await readProduct(one, read);
    await readProduct(other, read);
    redis.freeze();
    const written = await rename(one, 'p1', 'p1 v2');
    assert.match(written.headers.get('tributary-write') ?? '', /-$/);
    const stopping = one.stop();
    redis.thaw();
    await stopping;
    // Heard, or known from what stands in Redis.
    await until('the other has heard of it', async () =>
      (await readProduct(other, read)).text.includes('"p1 v2"'),
    );
    assert.notEqual(await redis.tell('keys', 'tributary:fence:Product:p1'), '');
  });

  test('of BFFs that hand on headers of other names keep apart what these say, and together what both say', async (t) => {
    const { graph, start, keepTogether } = await startReplicas(t);
    const handing = (...headers: string[]) => start(undefined, { bff: { ...bff, forward: { headers } } });
    const [web, mobile] = [await handing('x-tenant', 'x-both'), await handing('x-both', 'x-campaign')];
    await keepTogether(web, mobile);
    graph.misbehaving['catalog'] = ({ headers }) => ({
      body: {
        data: {
          product: {
            ...{ __typename: 'Product', id: 'p1' },
            name: `tenant ${headers['x-tenant']}, campaign ${headers['x-campaign']}, both ${headers['x-both']}`,
          },
        },
      },
    });
    const query = '{ product(id: "p1") { name } }';
    const named = async (router: typeof web, headers: Record<string, string>) =>
      (await router.ask(query, { headers })).body.data?.['product'];
    await named(web, { 'x-tenant': 'acme' });
    await until('it is in Redis', async () => {
      graph.asked.splice(0);
      await named(mobile, { 'x-both': 'acme' });
      await named(web, { 'x-both': 'acme' });
      return graph.asked.length < 2;
    });
    assert.deepEqual(await named(mobile, { 'x-campaign': 'acme' }), {
      name: 'tenant undefined, campaign acme, both undefined',
    });
    assert.deepEqual(await named(web, { 'x-tenant': 'acme' }), {
      name: 'tenant acme, campaign undefined, both undefined',
    });
    assert.deepEqual(await named(mobile, { 'x-both': 'acme' }), {
      name: 'tenant undefined, campaign undefined, both acme',
    });
  });

  test('of BFFs of which one ignores what subgraphs forbid: the others do not find what it keeps', async (t) => {
    const { graph, start, keepTogether } = await startReplicas(t);
    const every = { timeout: '1m', cacheControl: 'ignored' } as const;
    const ignoring = () => start(undefined, { bff: { ...bff, subgraphs: { every } } });
    const [one, other, obeying] = [await ignoring(), await ignoring(), await start(undefined, { bff })];
    await keepTogether(one, other);
    graph.misbehaving['catalog'] = async (_, honest) => ({
      headers: { 'cache-control': 'no-store' },
      body: await honest(),
    });
    let currency = '';
    let attempt = 0;
    await until('it is in Redis', async () => {
      currency = `forbidden-${++attempt}`;
      await readProduct(one, { ...read, currency });
      graph.asked.splice(0);
      await readProduct(other, { ...read, currency });
      return graph.asked.length === 0;
    });
    await readProduct(obeying, { ...read, currency });
    assert.equal(graph.asked.length, 1);
  });
});
