// Holds CACHE_MEGABYTES to what is kept with an answer, and not to its text alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildSchema, type DocumentNode, Kind, parse } from 'graphql';
import { CacheCounts } from '../../../supergraph/cache/cache-counts.ts';
import { LevelOne } from '../../../supergraph/cache/level-one.ts';
import { ResponseCache } from '../../../supergraph/cache/response-cache.ts';
import type { GraphQLHttpRequest, HttpAnswer } from '../../../supergraph/router/handle-request.ts';
import { KeptAnswers } from '../../../supergraph/router/kept-answers.ts';
import { createUsage } from '../../../supergraph/usage/create-usage.ts';
import { freePort } from '../../support/redis.ts';
import { startCachedGraph, startCachingRouter } from './cached-graph.ts';

const rule = { maxAge: '1h', scope: 'public' } as const;

test('what is kept of entities is bounded with all the tags that their subgraph gives them', async (t) => {
  const graph = await startCachedGraph();
  t.after(() => graph.stop());
  const count = 300;
  for (let index = 0; index < count; index += 1) {
    graph.products.set(`tagged-${index}`, { name: 'x', price: 1, category: 'c1' });
  }
  const metricsPort = await freePort();
  const router = await startCachingRouter(
    graph,
    { Product: rule, 'Query.products': rule },
    { environment: { cacheMegabytes: 1, metricsPort } },
  );
  t.after(() => router.stop());
  const tags = Array.from({ length: 100 }, (_, index) => `tag-number-${index}`).join(' ');
  const tagged = { headers: { 'surrogate-key': tags } };
  graph.misbehaving['reviews'] = async (_, honest) => ({ ...tagged, body: await honest() });
  const { body } = await router.ask(`{ products(first: ${count}) { rating } }`);
  assert.equal(body.errors, undefined);
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const entries = Number(/tributary_cache_entries\{bff="test"\} (\d+)/.exec(metrics)?.[1]);
  // A tag costs about a hundred bytes where it stands.
  assert.ok(entries > 10 && entries <= 100, `${entries} entries`);
});

test('a whole answer holds nothing of the document that it was run from, and its uses are counted', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const now = Date.now;
  const levelOne = new LevelOne({ bytes: 1_000_000, now });
  const options = { levelOne, counts: new CacheCounts('test'), now, heardUntil: now };
  const schema = buildSchema('type Query { name: String }');
  const usage = createUsage({ bff: 'test', log: { warn: () => assert.fail() } });
  const answers = new KeptAnswers({
    cache: {
      responses: new ResponseCache(options),
      tokens: { give: () => '', read: () => ({}) },
    },
    ...{ keeps: 'public', name: 'test', readHeaders: [] },
    makeKeepable: (answer) => ({ ...answer, etag: '"x"' }),
    counterOf: ({ document, operation }) => usage.counterOf({ name: 'Named', document, operation, schema }),
  });
  const request: GraphQLHttpRequest = {
    ...{
      id: 'r',
      method: 'GET',
      headers: {},
      rawHeaders: [],
      address: () => '127.0.0.1',
      search: '?query=x',
      json: undefined,
    },
    whenGone: () => {},
  };

  function keep(): WeakRef<DocumentNode> {
    const document = parse('query Named { name }');
    const [operation] = document.definitions;
    assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
    const begun = answers.begin(request);
    begun.freshness.tell({
      ...{ subgraph: 's', of: 'Query.name', hits: 0, stale: 0, misses: 1, failed: false, why: 'declared' },
      ...{ readAt: now(), freshUntil: now() + 60_000, staleWhileRevalidate: 0, staleIfError: 0 },
      ...{ isPublic: true, marks: () => ['Query.name'] },
    });
    const answer: HttpAnswer = { status: 200, headers: [], body: '{"data":{"name":"x"}}', isWhole: true };
    answers.end(request, begun, {
      answer,
      resolved: { document, operation },
      isForAll: true,
      isPersonal: false,
    });
    return new WeakRef(document);
  }

  const document = keep();
  return new Promise<void>((resolve) => {
    // What was referred to lives until the turn is over.
    setImmediate(() => {
      collect();
      assert.equal(document.deref(), undefined);
      const found = answers.find(request);
      assert.equal(String(found?.answer.body), '{"data":{"name":"x"}}');
      found?.used({ name: 'shop', version: '1' });
      assert.match(usage.text(), /operation="Named"[^}]*\} 1\n/);
      resolve();
    });
  });
});
