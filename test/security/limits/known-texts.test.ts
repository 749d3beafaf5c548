// Holds a router to its own limits for texts that another has let be registered by their hashes, in a Redis of both.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { readRedisSettings } from '../../../supergraph/foundation/redis-settings.ts';
import { hashed, post, sha256 } from '../../supergraph/fixtures/registered-operations.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis, type TestRedis } from '../../support/redis.ts';
import { codesOf, type LimitedGraph, startLimitedGraph, times } from './limited-graph.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('limits of texts in Redis', 'redis-server is not installed');

describe('a text that a router with wider limits was sent', { skip: !installed }, () => {
  let redis: TestRedis;
  let graph: LimitedGraph;
  const routers: RouterUnderTest[] = [];
  before(async () => {
    redis = await startTestRedis();
    graph = await startLimitedGraph();
    const given = { addresses: [redis.url], mode: 'single', sentinelName: undefined, tls: {} } as const;
    for (const tokens of [1_000, 50]) {
      const router = await startTestRouter(graph.supergraphSdl, {
        bff: defineBff({ name: 'limited', port: 0, limits: { tokens } }),
        environment: { redis: readRedisSettings(given, []) },
      });
      routers.push(router);
    }
  });
  after(async () => {
    await Promise.all(routers.map((router) => router.stop()));
    await graph?.stop();
    await redis?.stop();
  });

  const cases: [name: string, query: string, isWithin: boolean][] = [
    ['and that is within ours, is known', '{ echo }', true],
    ['and that is beyond ours, is not known', `{ echo person { ${times(60, 'id')} } }`, false],
  ];
  for (const [name, query, isWithin] of cases) {
    test(name, async () => {
      const [wide, tight] = routers as [RouterUnderTest, RouterUnderTest];
      const extensions = hashed(sha256(query));
      assert.deepEqual(codesOf(await post(wide, { query, extensions })), []);
      assert.deepEqual(codesOf(await post(wide, { extensions })), []);
      graph.seen.length = 0;
      const byHash = await post(tight, { extensions });
      assert.deepEqual(codesOf(byHash), isWithin ? [] : ['PERSISTED_QUERY_NOT_FOUND'], byHash.text);
      const byText = await post(tight, { query, extensions });
      assert.deepEqual(codesOf(byText), isWithin ? [] : ['TOKEN_LIMIT_EXCEEDED'], byText.text);
      if (!isWithin) assert.deepEqual(graph.seen, []);
    });
  }
});
