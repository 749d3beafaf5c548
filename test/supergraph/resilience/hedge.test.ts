// Holds routers to asking twice rarely, queries alone, and to ending the question that is not needed any more.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  codeIn,
  type GuardedRoute,
  good,
  says,
  silence,
  startGuarded,
  tally,
  until,
} from './guarded-route.ts';

const hedge = { after: '100ms', budget: '50%' } as const;

/** So that there is something to take a share of; of what was asked nothing stays written down. */
async function askBefore(route: GuardedRoute): Promise<void> {
  for (let asked = 0; asked < 20; asked++) await route.ask();
  route.asked.length = 0;
}

describe('a question that takes long', { timeout: 60_000 }, () => {
  test('is asked again, the second answer is taken, and the first question ended', async (t) => {
    const route = await startGuarded({ hedge }, { forward: { answerHeaders: ['cache-control'] } });
    t.after(() => route.stop());
    await askBefore(route);
    const before = await route.metric('tributary_subgraph_hedges_total', 'library');
    route.library((asked, count) => {
      if (count === 2) says(200, good, { 'cache-control': 'max-age=60' })(asked, count);
    });
    const answer = await route.ask();
    assert.equal(codeIn(answer), 'answered');
    assert.equal(answer.headers.get('cache-control'), 'max-age=60', 'the loser says nothing');
    const [first] = route.asked;
    await first?.closed;
    assert.equal(first?.response.writableEnded, false);
    assert.equal((await route.metric('tributary_subgraph_hedges_total', 'library')) - before, 1);
  });

  test('may be answered after all, and the second one is ended', async (t) => {
    const route = await startGuarded({ hedge });
    t.after(() => route.stop());
    await askBefore(route);
    route.library(silence);
    const asking = route.ask();
    await route.askedTimes(2);
    const [first, second] = route.asked;
    if (first) says(200)(first, 1);
    assert.equal(codeIn(await asking), 'answered');
    await second?.closed;
  });

  test('is still waited for when the second one fails', async (t) => {
    const route = await startGuarded({ hedge });
    t.after(() => route.stop());
    await askBefore(route);
    route.library((asked, count) => {
      if (count === 2) says(403, 'no')(asked, count);
    });
    const asking = route.ask();
    await route.askedTimes(2);
    const [first] = route.asked;
    if (first) says(200)(first, 1);
    assert.equal(codeIn(await asking), 'answered');
  });

  test('ends with what came first when both have failed', async (t) => {
    const route = await startGuarded({ hedge });
    t.after(() => route.stop());
    await askBefore(route);
    route.library((asked, count) => {
      if (count === 2) says(403, 'no')(asked, count);
    });
    const asking = route.ask();
    await route.askedTimes(2);
    await until(async () => (await route.metric('calls_total', 'library', 'FORBIDDEN')) === 1);
    const [first] = route.asked;
    if (first) says(503, 'no')(first, 1);
    assert.equal(codeIn(await asking), 'FORBIDDEN');
  });

  test('is asked twice for one in twenty at most', async (t) => {
    const route = await startGuarded({ hedge: { after: '100ms' } });
    t.after(() => route.stop());
    route.library(silence);
    const questions = 200;
    const asking = Array.from({ length: questions }, () => route.ask());
    await route.askedTimes(questions + 1);
    route.library(says(200));
    for (const asked of [...route.asked]) says(200)(asked, 1);
    assert.deepEqual(tally((await Promise.all(asking)).map(codeIn)), { answered: questions });
    const hedges = await route.metric('tributary_subgraph_hedges_total', 'library');
    assert.ok(hedges > 0 && hedges <= questions * 0.05, `${hedges}`);
    // One whose first was answered just then may have been ended before it arrived.
    assert.ok(route.asked.length <= questions + hedges, `${route.asked.length} and ${hedges}`);
  });

  test('is given up with its client, both times', async (t) => {
    const route = await startGuarded({ hedge: { after: '20ms', budget: '100%' } });
    t.after(() => route.stop());
    route.library(silence);
    const client = new AbortController();
    const asking = route.ask(client.signal).catch(() => 'gone');
    await route.askedTimes(2);
    client.abort();
    await Promise.all(route.asked.map(({ closed }) => closed));
    assert.equal(await asking, 'gone');
  });

  test('is not asked twice where it changes something', async (t) => {
    const route = await startGuarded({ hedge: { after: '1ms', budget: '100%' }, timeout: '200ms' });
    t.after(() => route.stop());
    route.library(silence);
    assert.equal(codeIn(await route.rename()), 'SUBGRAPH_TIMEOUT');
    assert.equal(route.asked.length, 1);
  });
});
