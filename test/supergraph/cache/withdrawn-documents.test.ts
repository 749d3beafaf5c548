// Holds whole answers to what ids stand for now: what was begun under a manifest is not kept under the one that takes its place.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { entry, hashed, manifestOf, sha256 } from '../fixtures/registered-operations.ts';
import { until } from '../store/connected-redis.ts';
import { startCachedGraph, startCachingRouter } from './cached-graph.ts';
import { heldAnswers } from './held-answers.ts';

const rule = { maxAge: '10m', scope: 'public' } as const;
const withdrawn = 'query One($id: ID!) { product(id: $id) { name } }';
const other = 'query Two($id: ID!) { product(id: $id) { id name } }';

test('an answer that was begun before its id was withdrawn is given once, and kept by nobody', async (t) => {
  const graph = await startCachedGraph();
  t.after(() => graph.stop());
  const home = mkdtempSync(join(tmpdir(), 'withdrawn-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const manifest = join(home, 'manifest.json');
  writeFileSync(manifest, manifestOf(entry('One', withdrawn)));
  const router = await startCachingRouter(
    graph,
    { Product: rule, 'Query.product': rule },
    {
      bff: { responseCache: 'public', documents: { folder: 'documents', unregistered: 'reject' } },
      manifests: { manifest, released: join(home, 'released') },
      environment: { production: true },
    },
  );
  t.after(() => router.stop());
  const byId = (text: string, id: string) => {
    const extensions = JSON.stringify(hashed(sha256(text)));
    const search = new URLSearchParams({ extensions, variables: JSON.stringify({ id }) });
    return router.fetch(`/graphql?${search}`, { headers: { 'apollo-require-preflight': '1' } });
  };
  const held = heldAnswers(graph);
  held.hold('p1', 1);
  const underWay = byId(withdrawn, 'p1');
  await held.arrived('p1');
  writeFileSync(manifest, manifestOf(entry('Two', other)));
  await until('it is replaced', async () => (await byId(other, 'p2')).body.data !== undefined);
  held.letGo('p1');
  const answer = await underWay;
  assert.match(answer.text, /"Product p1"/);
  // No cache on the way keeps it either.
  assert.equal(answer.headers.get('cache-control'), 'private, no-cache');
  const after = await byId(withdrawn, 'p1');
  assert.ok(after.body.errors, after.text);
  assert.equal(after.body.data ?? undefined, undefined);
});
