// Holds the admin port and `npm run cache` to routers that really keep something: two BFFs of one process, looked at and purged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CacheRule } from '../../../supergraph/declaration/cache-declaration.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { startRouters } from '../../../supergraph/router/start-router.ts';
import { freePort } from '../../support/redis.ts';
import { adminToken } from '../fixtures/admin-port.ts';
import { startChild } from '../fixtures/child-process.ts';
import { testEnvironment } from '../fixtures/router-under-test.ts';
import { startCachedGraph } from './cached-graph.ts';

const minute: CacheRule = { maxAge: '1m', scope: 'public', tags: ['shelf'] };
const cache = { Product: minute, 'Query.products': minute };
const rated = 'query Rated { products(first: 2) { id name rating } }';

test('what two BFFs hold is told and dropped by a command, whole answers too', async (t) => {
  const graph = await startCachedGraph();
  t.after(() => graph.stop());
  const adminPort = await freePort();
  const supergraph = { sdl: graph.supergraphSdl, from: 'The supergraph of the test' };
  const bffs = ['web', 'app'].map((name) => ({ bff: defineBff({ name, port: 0, cache }), supergraph }));
  const environment = { ...testEnvironment, adminPort, adminToken };
  const running = await startRouters(bffs, { environment });
  t.after(() => running.stop());

  async function ask(): Promise<void> {
    for (const { url } of running.serves) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: rated }),
      });
      const { data } = (await response.json()) as { data: { products: unknown[] } };
      assert.equal(data.products.length, 2);
    }
  }
  async function run(...args: string[]): Promise<string> {
    const child = startChild(new URL('../../../supergraph/cache-main.ts', import.meta.url), {
      args,
      environment: { ADMIN_PORT: String(adminPort), ADMIN_TOKEN: adminToken, ADMIN_URL: '' },
    });
    assert.deepEqual(await child.ended, { code: 0, signal: null }, child.output());
    return child.output();
  }

  await ask();
  assert.deepEqual(graph.entitiesAsked('reviews'), ['p1', 'p2', 'p1', 'p2']);
  await ask();
  assert.deepEqual(graph.entitiesAsked('reviews'), []);
  const held = await run('Product:p1');
  for (const name of ['web', 'app']) assert.match(held, new RegExp(`Product:p1 in ${name}: [23] entries`));
  assert.match(held, /process\s+reviews\s+Product\s+public .* declared .*#shelf.*rating/);
  assert.match(held, /responses\s.*Rated/);
  for (const name of ['web', 'app']) {
    assert.match(held, new RegExp(`May hold Product:p1 in ${name}, and is dropped with it: 1 entry\\.`));
  }
  assert.match(held, /process\s+catalog\s+Query\.products .* Product:\*/);

  // As many as there are rows.
  assert.equal(
    await run('Product:p1', '--purge'),
    `Dropped ${held.match(/^(?:process|responses)\b/gm)?.length} entries here; without REDIS_URL no other process was told.\n`,
  );
  assert.match(await run('Product:p1'), /^Nothing is held of Product:p1 in web, app\.\n$/);
  await ask();
  assert.deepEqual(graph.entitiesAsked('reviews'), ['p1', 'p1'], 'and p2 is held still');

  for (const flags of [['--tag', 'shelf'], ['--type', 'Product'], ['--all']]) {
    await run(...flags, '--purge');
    await ask();
    assert.deepEqual(graph.entitiesAsked('reviews'), ['p1', 'p2', 'p1', 'p2'], flags.join(' '));
  }
});
