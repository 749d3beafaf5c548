// Holds what is told of whole answers at the admin port: why they are kept for so long, and what they are called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeldEntry } from '../../../supergraph/cache/cache-desk.ts';
import type { CacheRule } from '../../../supergraph/declaration/cache-declaration.ts';
import { freePort } from '../../support/redis.ts';
import { adminToken } from '../fixtures/admin-port.ts';
import { startCachedGraph, startCachingRouter } from './cached-graph.ts';

const minute: CacheRule = { maxAge: '1m', scope: 'public' };
const rules = { Product: minute, 'Query.products': minute };

test('a whole answer is kept for so long because of the part that is over first, and may have no name', async (t) => {
  const graph = await startCachedGraph();
  t.after(() => graph.stop());
  const adminPort = await freePort();
  const router = await startCachingRouter(graph, rules, {
    bff: { responseCache: 'public' },
    environment: { adminPort, adminToken },
  });
  t.after(() => router.stop());
  graph.misbehaving['reviews'] = async (_, honest) => ({
    body: await honest(),
    headers: { 'cache-control': 'max-age=20' },
  });
  for (const query of [
    'query Declared { products(first: 1) { id name } }',
    // Of stock the schema says that it is good for five seconds.
    'query Hinted { products(first: 1) { id stock rating } }',
    'query Said { products(first: 1) { id rating } }',
    '{ products(first: 2) { name } }',
  ]) {
    const { body } = await router.ask(query);
    assert.equal(body.errors, undefined, query);
  }
  const response = await fetch(`http://127.0.0.1:${adminPort}/cache?mark=Query.products`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  const { bffs } = (await response.json()) as { bffs: Record<string, HeldEntry[]> };
  const wholes = (bffs['test'] ?? []).filter(({ level }) => level === 'responses');
  assert.deepEqual(Object.fromEntries(wholes.map(({ of, why }) => [of, why])), {
    Declared: 'declared',
    Hinted: 'schema',
    Said: 'subgraph',
    '(no name)': 'declared',
  });
});
