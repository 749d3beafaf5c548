// Holds routers to asking again where that may help, and never more than they may: in time, within the budget, no mutations.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SubgraphPolicy } from '../../../supergraph/declaration/define-bff.ts';
import {
  type Behaviour,
  codeIn,
  type GuardedRoute,
  good,
  says,
  silence,
  startGuarded,
  tally,
} from './guarded-route.ts';

const overloaded = says(503, 'no');
const resets: Behaviour = ({ response }) => response.socket?.destroy();
/** The first time, and `good` from then on. */
const once =
  (how: Behaviour): Behaviour =>
  (asked, count) =>
    (count === 1 ? how : says(200))(asked, count);
const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();
const longAgo = new Date(0).toUTCString();

interface Case {
  name: string;
  how: Behaviour;
  policy?: SubgraphPolicy;
  kind?: 'mutation';
  code: string;
  asked: number;
}

/** Cases that say nothing of it have it, and one router. */
const retry = { attempts: 2, budget: '100%' } as const;
const cases: Case[] = [
  { name: 'one that was overloaded', how: once(overloaded), code: 'answered', asked: 2 },
  { name: 'one that hung up', how: once(resets), policy: { retry }, code: 'answered', asked: 2 },
  {
    name: 'one that did not answer in time',
    how: once(silence),
    policy: { timeout: '700ms', retry },
    code: 'answered',
    asked: 2,
  },
  {
    name: 'one whose gateway waited in vain',
    how: once(says(504, '{"errors":[{"message":"late"}]}')),
    code: 'answered',
    asked: 2,
  },
  {
    name: 'one that says in GraphQL that it cannot answer now',
    how: once(says(503, '{"errors":[{"message":"drained"}]}')),
    code: 'answered',
    asked: 2,
  },
  {
    name: 'one that names a moment that has come',
    how: once(says(503, 'no', { 'retry-after': '0' })),
    code: 'answered',
    asked: 2,
  },
  {
    name: 'one that names a day gone by',
    how: once(says(503, 'no', { 'retry-after': longAgo })),
    code: 'answered',
    asked: 2,
  },
  {
    name: 'one that was asked too much and says that it may be asked',
    how: once(says(429, 'no', { 'retry-after': '0' })),
    code: 'answered',
    asked: 2,
  },
  {
    name: 'not one that was asked too much and says no more',
    how: once(says(429, 'no')),
    code: 'SUBGRAPH_BUSY',
    asked: 1,
  },
  {
    name: 'not one that names a time beyond what is left',
    how: says(503, 'no', { 'retry-after': '31' }),
    code: 'SUBGRAPH_UNAVAILABLE',
    asked: 1,
  },
  {
    name: 'not one that names such a date',
    how: ({ response }) => response.writeHead(503, { 'retry-after': inAnHour() }).end('no'),
    code: 'SUBGRAPH_UNAVAILABLE',
    asked: 1,
  },
  {
    name: 'not one that talks no GraphQL',
    how: once(says(200, '<html>')),
    code: 'SUBGRAPH_MALFORMED',
    asked: 1,
  },
  { name: 'not one that refuses', how: once(says(403, 'no')), code: 'FORBIDDEN', asked: 1 },
  {
    name: 'not one that answers with errors',
    how: once(says(200, '{"data":{"book":null},"errors":[{"message":"x","path":["book"]}]}')),
    code: 'INTERNAL_SERVER_ERROR',
    asked: 1,
  },
  { name: 'not with a mutation', how: overloaded, kind: 'mutation', code: 'SUBGRAPH_UNAVAILABLE', asked: 1 },
  {
    name: 'not where nothing is declared',
    how: overloaded,
    policy: {},
    code: 'SUBGRAPH_UNAVAILABLE',
    asked: 1,
  },
  {
    name: "not where it is 'never'",
    how: overloaded,
    policy: { retry: 'never' },
    code: 'SUBGRAPH_UNAVAILABLE',
    asked: 1,
  },
];

describe('a router asks again', { timeout: 60_000 }, () => {
  let shared: GuardedRoute;
  before(async () => {
    shared = await startGuarded({ retry });
  });
  after(() => shared?.stop());

  for (const { name, how, policy, kind, code, asked } of cases) {
    test(name, async (t) => {
      const route = policy ? await startGuarded(policy) : shared;
      if (policy) t.after(() => route.stop());
      route.asked.length = 0;
      const retries = () => route.metric('tributary_subgraph_retries_total', 'library');
      const before = await retries();
      route.library(how);
      const answer = await (kind === 'mutation' ? route.rename() : route.ask());
      assert.equal(codeIn(answer), code, answer.text);
      assert.equal(route.asked.length, asked);
      assert.equal((await retries()) - before, asked - 1);
    });
  }

  test('as often as it is declared', async (t) => {
    const route = await startGuarded({ retry: { attempts: 3, budget: '100%' } });
    t.after(() => route.stop());
    for (let count = 0; count < 3; count++) await route.ask();
    route.library(overloaded);
    await route.ask();
    assert.equal(route.asked.length, 6);
  });

  test('once, where a subgraph is hardly ever asked', async (t) => {
    const route = await startGuarded({ retry: {} });
    t.after(() => route.stop());
    route.library(once(overloaded));
    assert.equal(codeIn(await route.ask()), 'answered');
  });

  test('no sooner than the subgraph says', async (t) => {
    const route = await startGuarded({ retry });
    t.after(() => route.stop());
    route.library(once(says(503, 'no', { 'retry-after': '1' })));
    assert.equal(codeIn(await route.ask()), 'answered');
    const [first, second] = route.asked;
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 995);
  });

  for (const budget of ['20%', '5%'] as const) {
    test(`within its budget of ${budget}, whatever the subgraph says`, async (t) => {
      const route = await startGuarded({ retry: { attempts: 5, budget } });
      t.after(() => route.stop());
      route.library(overloaded);
      const questions = 200;
      const answers = await Promise.all(Array.from({ length: questions }, () => route.ask()));
      assert.deepEqual(tally(answers.map(codeIn)), { SUBGRAPH_UNAVAILABLE: questions });
      const most = questions * (1 + Number.parseFloat(budget) / 100);
      assert.ok(route.asked.length > questions, 'some are repeated');
      assert.ok(route.asked.length <= most, `${route.asked.length} for ${questions}`);
    });
  }

  test('no mutation, however many there were', async (t) => {
    const route = await startGuarded({
      retry: { attempts: 5, budget: '100%' },
      hedge: { after: '1ms', budget: '100%' },
    });
    t.after(() => route.stop());
    route.library(overloaded);
    for (let count = 0; count < 20; count++) await route.rename();
    assert.equal(route.asked.length, 20);
  });

  test('nobody for a client that has gone', async (t) => {
    const route = await startGuarded({ retry });
    t.after(() => route.stop());
    const client = new AbortController();
    route.library(says(503, 'no', { 'retry-after': '20' }));
    const asking = route.ask(client.signal).catch(() => 'gone');
    await route.askedTimes(1);
    client.abort();
    assert.equal(await asking, 'gone');
    route.library(says(200));
    assert.equal(codeIn(await route.ask()), 'answered');
    assert.equal(route.asked.length, 2);
  });

  test('and the client hears of headers of the answer that counts alone', async (t) => {
    const route = await startGuarded({ retry }, { forward: { answerHeaders: ['cache-control', 'x-shelf'] } });
    t.after(() => route.stop());
    route.library((asked, count) =>
      count === 1
        ? says(503, 'no', { 'x-shelf': 'wrong' })(asked, count)
        : says(200, good, { 'x-shelf': 'right', 'cache-control': 'max-age=60' })(asked, count),
    );
    const { headers } = await route.ask();
    assert.equal(headers.get('x-shelf'), 'right');
    assert.equal(headers.get('cache-control'), 'max-age=60');
  });
});
