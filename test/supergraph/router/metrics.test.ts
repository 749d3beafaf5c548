// Holds routers to counting what their clients use, on a port that clients do not reach.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

for (const engine of ['tributary', 'apollo'] as const) {
  test(`${engine}: what clients use is told at /metrics, and written down when the router ends`, async (t) => {
    const graph = await startFixtureGraph();
    t.after(() => graph.stop());
    const usageFolder = mkdtempSync(join(tmpdir(), 'usage-'));
    t.after(() => rmSync(usageFolder, { recursive: true, force: true }));
    const metricsPort = await freePort();
    const router = await startTestRouter(graph.supergraphSdl, {
      environment: { usageFolder, metricsPort, engine },
    });
    t.after(() => router.stop());
    const headers = { 'apollographql-client-name': 'ios', 'apollographql-client-version': '3.1.0' };
    // One that is new, and two that are known.
    for (const _ of [1, 2, 3]) await router.ask('query Titles { books { title } }', { headers });
    await router.ask('query Wrong { nothing }', { headers });

    const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const text = await metrics.text();
    const counted = text.split('\n').filter((line) => line.includes('Titles'));
    assert.ok(counted.length > 0, text);
    for (const line of counted) assert.match(line, /ios.*3\.1\.0.* 3$/);
    assert.doesNotMatch(text, /Wrong/);
    assert.equal((await router.fetch('/metrics')).status, 404);

    await router.stop();
    const [file = ''] = readdirSync(join(usageFolder, 'test'));
    const written = readFileSync(join(usageFolder, 'test', file), 'utf8');
    for (const said of ['ios', '3.1.0', 'Titles', 'Query.books', 'Book.title'])
      assert.ok(written.includes(said));
  });
}
