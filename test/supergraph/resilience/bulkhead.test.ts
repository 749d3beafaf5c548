// Holds routers to how many questions a subgraph is asked at once, and to a queue that is bounded and left at once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeIn, says, silence, startGuarded, tally, until } from './guarded-route.ts';

describe('a subgraph that may be asked so much at once', { timeout: 60_000 }, () => {
  test('is asked no more, some wait, and the rest is told at once', async (t) => {
    const route = await startGuarded({ concurrency: { most: 2, waiting: 3 } });
    t.after(() => route.stop());
    route.library(silence);
    const codes: unknown[] = [];
    const asking = Array.from({ length: 10 }, () =>
      route.ask().then((answer) => {
        codes.push(codeIn(answer));
      }),
    );
    await until(() => codes.length === 5);
    await route.askedTimes(2);
    assert.deepEqual(tally(codes), { SUBGRAPH_BUSY: 5 });
    assert.equal(route.asked.length, 2);
    assert.equal(await route.metric('tributary_subgraph_waiting', 'library'), 3);
    assert.equal(await route.metric('tributary_subgraph_refused_total', 'library', 'busy'), 5);
    let most = 0;
    route.library((asked, count) => {
      const open = route.asked.filter(({ response }) => !response.writableEnded).length;
      most = Math.max(most, open);
      says(200)(asked, count);
    });
    for (const asked of route.asked.slice(0, 2)) says(200)(asked, 1);
    await Promise.all(asking);
    assert.deepEqual(tally(codes), { SUBGRAPH_BUSY: 5, answered: 5 });
    assert.ok(most <= 2, `${most} at once`);
    assert.equal(await route.metric('tributary_subgraph_waiting', 'library'), 0);
  });

  test('has a queue as long as that unless it is told', async (t) => {
    const route = await startGuarded({ concurrency: 1 });
    t.after(() => route.stop());
    route.library(silence);
    const codes: unknown[] = [];
    const asking = Array.from({ length: 4 }, () => route.ask().then((answer) => codes.push(codeIn(answer))));
    await until(() => codes.length === 2);
    await route.askedTimes(1);
    route.library(says(200));
    for (const asked of [...route.asked]) says(200)(asked, 1);
    await Promise.all(asking);
    assert.deepEqual(tally(codes), { SUBGRAPH_BUSY: 2, answered: 2 });
  });

  test('is not asked for a client that left the queue, whose place is free', async (t) => {
    const route = await startGuarded({ concurrency: { most: 1, waiting: 1 } });
    t.after(() => route.stop());
    route.library(silence);
    const first = route.ask();
    await route.askedTimes(1);
    const client = new AbortController();
    const left = route.ask(client.signal).catch(() => 'gone');
    await until(async () => (await route.metric('tributary_subgraph_waiting', 'library')) === 1);
    client.abort();
    assert.equal(await left, 'gone');
    await until(async () => (await route.metric('tributary_subgraph_waiting', 'library')) === 0);
    const third = route.ask();
    await until(async () => (await route.metric('tributary_subgraph_waiting', 'library')) === 1);
    route.library(says(200));
    for (const asked of [...route.asked]) says(200)(asked, 1);
    assert.deepEqual([await first, await third].map(codeIn), ['answered', 'answered']);
    assert.equal(route.asked.length, 2);
  });

  test('keeps nobody waiting beyond the time of their request', async (t) => {
    const route = await startGuarded({ concurrency: 1, timeout: '5s' }, { timeout: '300ms' });
    t.after(() => route.stop());
    route.library(silence);
    const began = performance.now();
    const answers = await Promise.all([route.ask(), route.ask()]);
    assert.deepEqual(answers.map(codeIn), ['SUBGRAPH_TIMEOUT', 'SUBGRAPH_TIMEOUT']);
    assert.ok(performance.now() - began < 2000);
    assert.equal(await route.metric('tributary_subgraph_waiting', 'library'), 0);
    route.library(says(200));
    assert.equal(codeIn(await route.ask()), 'answered', 'the place is free again');
  });

  test('gives places back that cancelled and failed questions had', async (t) => {
    const route = await startGuarded({ concurrency: { most: 2, waiting: 0 } });
    t.after(() => route.stop());
    const client = new AbortController();
    route.library(silence);
    const gone = [route.ask(client.signal), route.ask(client.signal)].map((one) => one.catch(() => 'gone'));
    await route.askedTimes(2);
    client.abort();
    await Promise.all([...gone, ...route.asked.map(({ closed }) => closed)]);
    route.library(says(503, 'no'));
    for (let count = 0; count < 4; count++) await route.ask();
    route.library(says(200));
    const answers = await Promise.all([route.ask(), route.ask()]);
    assert.deepEqual(answers.map(codeIn), ['answered', 'answered']);
  });
});
