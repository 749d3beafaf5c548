// Holds what a replica finds when it starts later than the others: what they keep, as long as it is of the same graph and rules.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CacheRules } from '../../../supergraph/declaration/cache-declaration.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary } from '../../support/redis.ts';
import type { RouterUnderTest } from '../fixtures/router-under-test.ts';
import { settingsOf, until } from '../store/connected-redis.ts';
import { startCachingRouter } from './cached-graph.ts';
import { longRules, type Read, readProduct, startReplicas } from './replicas.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('what replicas find that start later', 'redis-server is not installed');

const kept: Read[] = ['field', 'entity', 'chain'];
const product = { maxAge: '10m', scope: 'public' } as const;
/** Of products. */
const rules: Record<string, CacheRules[string]> = {
  'for less time': { ...product, maxAge: '9m' },
  'for longer': { ...product, maxAge: '11m' },
  'for whoever has the same claim': { ...product, scope: { claim: 'tenant' } },
  'for each viewer': { ...product, scope: 'viewer' },
  'with a tag': { ...product, tags: ['goods'] },
  'also when a subgraph fails': { ...product, staleIfError: '1h' },
  never: 'never',
};

describe('a replica that starts later', { skip: !installed, timeout: 500_000 }, () => {
  test('answers from what the others keep, and reads nothing that is kept by another rule or of another graph', async (t) => {
    const { graph, redis, start, startPlain, keepTogether } = await startReplicas(t);
    const [one, other, plain] = [await start(), await start(), await startPlain()];
    // Before it has reached Redis it keeps things for itself.
    await keepTogether(one, other);
    let currency = '';
    const reading = (router: RouterUnderTest, read: Read) =>
      readProduct(router, { read, id: 'p2', currency });
    let attempt = 0;
    await until('all of it is in Redis', async () => {
      currency = `EUR-${++attempt}`;
      for (const read of kept) await reading(one, read);
      graph.asked.splice(0);
      for (const read of kept) await reading(other, read);
      return graph.asked.length === 0;
    });

    let probes = 0;
    /** Resolves when it reads in Redis what it may: reviews are kept by the same rule everywhere. */
    const looksThere = (router: RouterUnderTest) =>
      until('it looks into Redis', async () => {
        const probe = { read: 'entity', id: `probe${++probes}`, currency: 'EUR' } as const;
        await readProduct(one, probe);
        graph.asked.splice(0);
        await readProduct(router, probe);
        return !graph.asked.some(({ subgraph }) => subgraph === 'reviews');
      });

    const later = await start();
    await looksThere(later);
    graph.asked.splice(0);
    const answers = [];
    for (const read of kept) answers.push(await reading(later, read));
    assert.deepEqual(graph.asked, []);
    for (const [index, read] of kept.entries()) {
      assert.equal(answers[index]?.text, (await reading(plain, read)).text);
    }

    async function readsNothing(what: string, router: RouterUnderTest): Promise<void> {
      await looksThere(router);
      graph.asked.splice(0);
      await reading(router, 'entity');
      assert.deepEqual(graph.entitiesAsked('catalog'), ['p2'], what);
    }
    for (const [name, rule] of Object.entries(rules)) {
      await readsNothing(name, await start({ ...longRules, Product: rule }));
    }
    const sdl = graph.supergraphSdl.replace(' currency: String!', ' currency: String');
    assert.notEqual(sdl, graph.supergraphSdl);
    const changed = await startCachingRouter({ supergraphSdl: sdl }, longRules, {
      environment: { redis: settingsOf(redis.url) },
    });
    t.after(() => changed.stop());
    await readsNothing('another graph', changed);
  });
});
