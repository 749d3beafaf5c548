// Holds documents that replicas learn from each other on a real Redis, over HTTP.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';
import { connected, reached, settingsOf, soon, timed } from './connected-redis.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('documents in Redis', 'redis-server is not installed');

describe('automatic persisted queries in Redis', { skip: !installed, timeout: 60_000 }, () => {
  const query = '{ books(first: 1) { title } }';
  const extensions = {
    persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
  };
  const post = (body: object): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  test('what one replica learned the other knows; when Redis freezes or dies both answer on', async (t) => {
    const redis = await startTestRedis();
    const graph = await startFixtureGraph();
    const environment = { redis: settingsOf(redis.url) };
    const one = await startTestRouter(graph.supergraphSdl, { environment });
    const two = await startTestRouter(graph.supergraphSdl, { environment });
    t.after(async () => {
      redis.thaw();
      await Promise.all([one.stop(), two.stop()]);
      await Promise.all([redis.stop(), graph.stop()]);
    });
    const probe = await connected(t, settingsOf(redis.url));
    await reached(probe.store);
    await probe.close();

    const data = { books: [{ title: 'Middlemarch' }] };
    const learn = () => one.fetch('/graphql', post({ query, extensions }));
    // The router writes what it learned after it has answered, so it may take a moment until the other sees it.
    let known = await two.fetch('/graphql', post({ extensions }));
    for (const end = performance.now() + 5000; known.body.data === undefined && performance.now() < end; ) {
      assert.equal(known.body.errors?.[0]?.extensions['code'], 'PERSISTED_QUERY_NOT_FOUND');
      assert.deepEqual((await learn()).body.data, data);
      known = await two.fetch('/graphql', post({ extensions }));
    }
    assert.deepEqual(known.body.data, data);

    redis.freeze();
    // What a replica has answered once it knows by itself.
    assert.deepEqual((await two.fetch('/graphql', post({ extensions }))).body.data, data);
    const unknown = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const [frozen, took] = await timed(() => two.fetch('/graphql', post({ extensions: unknown })));
    assert.equal(frozen.body.errors?.[0]?.extensions['code'], 'PERSISTED_QUERY_NOT_FOUND');
    assert.ok(took < soon, `took ${took} ms`);
    assert.deepEqual((await two.fetch('/graphql', post({ query, extensions }))).body.data, data);
    assert.deepEqual((await two.fetch('/graphql', post({ query }))).body.data, data);
    redis.thaw();
    await redis.stop();
    const [gone, tookGone] = await timed(() => two.fetch('/graphql', post({ query, extensions })));
    assert.deepEqual(gone.body.data, data);
    assert.ok(tookGone < soon, `took ${tookGone} ms`);
  });
});
