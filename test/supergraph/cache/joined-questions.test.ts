// Holds what becomes of those who wait for a question that another has asked: they get what is said to everybody, nothing that
// was said to its asker alone, and where the asker is gone one of them asks for all.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { CacheRule } from '../../../supergraph/declaration/cache-declaration.ts';
import type { RawAnswer } from '../../federation/harness/case-subgraph.ts';
import type { Answer, RouterUnderTest } from '../fixtures/router-under-test.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter, testClock } from './cached-graph.ts';

const minute: CacheRule = { maxAge: '1m', scope: 'public' };
/** Of products nothing is kept: each who has come to wait for the reviews is seen by the catalog. */
const query = '{ latest { id text } products(first: 1) { id } }';
const leader = 'Bearer ann';
/** Each is somebody else, so that whole requests are not shared. */
const others = Array.from({ length: 8 }, (_, index) => `Bearer ${index}`);

describe('a question that many wait for', () => {
  const clock = testClock();
  let graph: CachedGraph;
  let router: RouterUnderTest;
  before(async () => {
    graph = await startCachedGraph();
    router = await startCachingRouter(graph, { 'Query.latest': minute, Review: minute }, { clock });
  });
  after(async () => {
    await router.stop();
    graph.stop();
  });
  beforeEach(() => {
    graph.asked.splice(0);
    // Whatever was kept is over.
    clock.pass(3_600_000);
  });

  const ask = (authorization: string, signal?: AbortSignal): Promise<Answer> =>
    router.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query }),
      ...(signal && { signal }),
    });
  /** How often the reviews were asked in the name of others than the leader. */
  const askedByOthers = () =>
    graph.asked.filter(({ subgraph, headers }) => subgraph === 'reviews' && headers.authorization !== leader)
      .length;
  const codes = ({ body }: Answer) => body.errors?.map(({ extensions }) => extensions['code']);
  const tooSoon = async (answers: readonly Promise<Answer>[]) => {
    const { text } = await Promise.race(answers);
    throw new Error(`This was answered without waiting: ${text}`);
  };

  /** Resolves when the others wait for what the leader has asked for; `letGo` has the leader’s request answered. */
  async function waiting(answer: RawAnswer, leaving?: AbortSignal) {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const hasAsked = new Promise<void>((resolve) => {
      graph.misbehaving['reviews'] = async ({ headers }, honest) => {
        if (headers.authorization !== leader) return { body: await honest() };
        resolve();
        await held;
        return answer;
      };
    });
    const missing = new Set(others);
    const areThere = new Promise<void>((resolve) => {
      graph.misbehaving['catalog'] = async ({ headers }, honest) => {
        if (missing.delete(headers.authorization ?? '') && missing.size === 0) resolve();
        return { body: await honest() };
      };
    });
    const first = ask(leader, leaving);
    await Promise.race([hasAsked, tooSoon([first])]);
    first.catch(() => {});
    const joined = others.map((one) => ask(one));
    await Promise.race([areThere, tooSoon(joined)]);
    assert.equal(askedByOthers(), 0);
    return { letGo, first, joined: Promise.all(joined) };
  }

  const error = (code: string) => ({ errors: [{ message: 'x', extensions: { code } }] });
  const answers: Record<string, { answer: RawAnswer; isForAll: boolean }> = {
    'a 429 in plain text': {
      answer: { status: 429, contentType: 'text/plain', body: 'Slow down.' },
      isForAll: false,
    },
    'a 429 in GraphQL': {
      answer: { status: 429, body: error('RATE_LIMITED') },
      isForAll: false,
    },
    'an error of a code that nobody knows': {
      answer: { body: { data: null, ...error('SOME_OTHER') } },
      isForAll: false,
    },
    'the subgraph’s own word that something is away': {
      answer: { body: error('SUBGRAPH_UNAVAILABLE') },
      isForAll: false,
    },
    'a 503': {
      answer: { status: 503, contentType: 'text/plain', body: '' },
      isForAll: true,
    },
  };
  for (const [name, { answer, isForAll }] of Object.entries(answers)) {
    test(`and that is answered with ${name} fails for ${isForAll ? 'all' : 'its asker alone'}`, async () => {
      const { letGo, first, joined } = await waiting(answer);
      letGo();
      const failed = codes(await first);
      assert.ok(failed);
      for (const one of await joined) assert.deepEqual(codes(one), isForAll ? failed : undefined);
      assert.equal(askedByOthers(), isForAll ? 0 : 1);
    });
  }

  test('and whose asker hangs up is asked once more, and not by each who waits', async () => {
    const leaving = new AbortController();
    const { letGo, first, joined } = await waiting('hang up', leaving.signal);
    leaving.abort();
    await assert.rejects(first, { name: 'AbortError' });
    for (const one of await joined) assert.deepEqual(codes(one), undefined);
    assert.equal(askedByOthers(), 1);
    letGo();
  });
});
