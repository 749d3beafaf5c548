// Says to Redis what docs/configuration.md has a subgraph say there, and holds a router to having heard it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CacheRule } from '../../../supergraph/declaration/cache-declaration.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { settingsOf, until } from '../store/connected-redis.ts';
import { startCachedGraph, startCachingRouter } from './cached-graph.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('what subgraphs tell routers', 'redis-server is not installed');

test('what the documentation tells routers is heard, and nothing else is dropped', {
  skip: !installed,
  timeout: 60_000,
}, async (t) => {
  const docs = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const [, channel = '', message = ''] = /^redis-cli PUBLISH (\S+) '(.*)'$/m.exec(docs) ?? [];
  const redis = await startTestRedis();
  t.after(() => redis.stop());
  const graph = await startCachedGraph();
  t.after(() => graph.stop());
  const kept: CacheRule = { maxAge: '1h', scope: 'public' };
  const rules = {
    ...{ Product: kept, Review: kept, 'Query.products': kept, 'Query.product': kept },
    'Query.latest': { ...kept, tags: ['catalog'] },
    'Query.review': kept,
  };
  const router = await startCachingRouter(graph, rules, { environment: { redis: settingsOf(redis.url) } });
  t.after(() => router.stop());

  const queries = {
    'a field that is named': '{ products(first: 2) { id } }',
    'what has the tag': '{ latest { id } }',
    'the entity that is named, and no other': '{ products(first: 2) { id rating } }',
  };
  const askAll = async (): Promise<void> => {
    for (const query of Object.values(queries)) {
      const { body } = await router.ask(query);
      assert.equal(body.errors, undefined);
    }
  };
  const isKept = async (): Promise<boolean> => {
    graph.asked.splice(0);
    await askAll();
    return graph.asked.length === 0;
  };
  await until('all of it is kept', isKept);
  // A channel that nobody listens to is not told of.
  await until('it is heard', async () => (await redis.tell('PUBLISH', channel, message)) === '1');
  // It may be heard between two of the questions.
  await until('it is dropped', async () => {
    await askAll();
    return graph.asked.length >= 4;
  });
  const asked = graph.asked.map(({ subgraph, query, variables }) => {
    const ids = Object.values(variables).flatMap((value) => (Array.isArray(value) ? value : []));
    return `${subgraph} ${/_entities|products|latest/.exec(query)?.[0]} ${ids.map(({ id }) => id)}`.trim();
  });
  assert.deepEqual(asked.sort(), [
    'catalog products',
    'catalog products',
    'reviews _entities p1',
    'reviews latest',
  ]);
});
