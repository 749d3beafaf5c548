// Holds routers to leaving a subgraph alone that keeps failing, and to finding out by one question that it is back.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SubgraphPolicy } from '../../../supergraph/declaration/define-bff.ts';
import { Breaker, type Verdict } from '../../../supergraph/resilience/breaker.ts';
import { type Behaviour, codeIn, says, silence, startGuarded, tally, until } from './guarded-route.ts';

const terms = { opensAt: '50%', of: 4, for: '100ms' } as const;

describe('a breaker', () => {
  const histories: { name: string; verdicts: Verdict[]; state: string }[] = [
    { name: 'stays closed before it has seen enough', verdicts: ['bad', 'bad', 'bad'], state: 'closed' },
    { name: 'opens at its share', verdicts: ['good', 'good', 'bad', 'bad'], state: 'open' },
    { name: 'stays closed below its share', verdicts: ['good', 'good', 'good', 'bad'], state: 'closed' },
    { name: 'forgets what is long ago', verdicts: ['bad', 'good', 'good', 'good', 'bad'], state: 'closed' },
    {
      name: 'does not count what it knows nothing of',
      verdicts: ['bad', 'bad', 'bad', 'unknown'],
      state: 'closed',
    },
  ];
  for (const { name, verdicts, state } of histories) {
    test(name, () => {
      const breaker = new Breaker({ opensAt: 0.5, of: 4, for: 100 });
      for (const verdict of verdicts) breaker.leave(breaker.enter() ?? -1, verdict);
      assert.equal(breaker.state, state);
    });
  }

  const probes: { name: string; verdict: Verdict; state: string; entersNext: boolean }[] = [
    { name: 'closes when its probe is answered', verdict: 'good', state: 'closed', entersNext: true },
    { name: 'stays open when it is not', verdict: 'bad', state: 'open', entersNext: false },
    {
      name: 'sends the next one when it has found out nothing',
      verdict: 'unknown',
      state: 'open',
      entersNext: true,
    },
  ];
  for (const { name, verdict, state, entersNext } of probes) {
    test(name, () => {
      let now = 0;
      const changes: string[] = [];
      const breaker = new Breaker(
        { opensAt: 1, of: 2, for: 100 },
        { now: () => now, changed: (to) => changes.push(to) },
      );
      const early = breaker.enter() ?? -1;
      for (let count = 0; count < 2; count++) breaker.leave(breaker.enter() ?? -1, 'bad');
      now = 99;
      assert.equal(breaker.enter(), undefined, 'not yet');
      now = 100;
      const entered = Array.from({ length: 200 }, () => breaker.enter()).filter(
        (round) => round !== undefined,
      );
      assert.equal(entered.length, 1, 'one of 200');
      breaker.leave(early, 'good');
      assert.equal(breaker.state, 'probing', 'what was asked before says nothing');
      breaker.leave(entered[0] ?? -1, verdict);
      assert.equal(breaker.state, state);
      assert.equal(breaker.enter() !== undefined, entersNext);
      assert.deepEqual(changes, verdict === 'good' ? ['open', 'closed'] : ['open']);
    });
  }
});

describe('a subgraph', { timeout: 60_000 }, () => {
  const kinds: { name: string; how: Behaviour; opens: boolean; timeout?: '40ms' }[] = [
    { name: 'that is overloaded', how: says(503, 'no'), opens: true },
    { name: 'that hangs up', how: ({ response }) => response.socket?.destroy(), opens: true },
    { name: 'that is silent', how: silence, opens: true, timeout: '40ms' },
    { name: 'that talks no GraphQL', how: says(200, '<html>'), opens: true },
    { name: 'that refuses', how: says(403, 'no'), opens: false },
    { name: 'that wants another token', how: says(401, 'no'), opens: false },
    { name: 'that was asked too much', how: says(429, 'no'), opens: false },
    ...[400, 413, 414, 422, 431].map((status) => ({
      name: `that says ${status} of the question`,
      how: says(status, '<html>'),
      opens: false,
    })),
    { name: 'that says that there is none', how: says(404, '<html>'), opens: true },
    {
      name: 'that has more to say than is read',
      how: says(200, '', { 'content-length': `${2 ** 40}` }),
      opens: false,
    },
  ];
  for (const { name, how, opens, timeout } of kinds) {
    test(`${name} is ${opens ? 'left alone' : 'asked on'}`, async (t) => {
      const route = await startGuarded({ breaker: { ...terms, for: '1m' }, ...(timeout && { timeout }) });
      t.after(() => route.stop());
      route.library(how);
      for (let count = 0; count < 4; count++) await route.ask();
      const code = codeIn(await route.ask());
      assert.equal(code === 'SUBGRAPH_SUSPENDED', opens, String(code));
      assert.equal(route.asked.length, opens ? 4 : 5);
      assert.equal(await route.metric('tributary_subgraph_breaker', 'library', 'open'), opens ? 1 : 0);
      assert.equal(
        await route.metric('tributary_subgraph_refused_total', 'library', 'suspended'),
        opens ? 1 : 0,
      );
    });
  }

  test('one of whose fields fails is asked for the others', async (t) => {
    const route = await startGuarded({ breaker: { ...terms, for: '1m' } });
    t.after(() => route.stop());
    route.library(says(200, '{"data":{"book":null},"errors":[{"message":"x","path":["book"]}]}'));
    for (let count = 0; count < 8; count++) await route.ask();
    assert.equal(await route.metric('tributary_subgraph_breaker', 'library', 'closed'), 1);
    route.library(says(200, '{"data":{"books":[{"__typename":"Book","id":"1"}]}}'));
    assert.equal(codeIn(await route.router.ask('{ books { id } }')), 'answered');
  });

  test('that clients did not wait for is asked on', async (t) => {
    const route = await startGuarded({ breaker: { ...terms, for: '1m' } });
    t.after(() => route.stop());
    route.library(silence);
    const client = new AbortController();
    const asking = Array.from({ length: 8 }, () => route.ask(client.signal).catch(() => 'gone'));
    await route.askedTimes(8);
    client.abort();
    await Promise.all([...asking, ...route.asked.map(({ closed }) => closed)]);
    route.library(says(200));
    assert.equal(codeIn(await route.ask()), 'answered');
  });

  test('that is back is asked one question of 200, and all when it has answered', async (t) => {
    const route = await startGuarded(
      {
        timeout: '50s',
        breaker: terms,
        retry: { attempts: 3, budget: '100%' },
        hedge: { after: '1ms', budget: '100%' },
      },
      { timeout: '55s' },
    );
    t.after(() => route.stop());
    route.library(says(503, 'no'));
    await until(async () => codeIn(await route.ask()) === 'SUBGRAPH_SUSPENDED');
    route.asked.length = 0;
    route.library(silence);
    const answers: Promise<unknown>[] = [];
    const race = () => {
      const racing = Array.from({ length: 200 }, () => route.ask().then(codeIn));
      answers.push(...racing);
      // All but the one that is under way.
      let settled = 0;
      return new Promise<void>((resolve) => {
        for (const one of racing) {
          void one.then(() => {
            settled += 1;
            if (settled === 199) resolve();
          });
        }
      });
    };
    while (route.asked.length === 0) await race();
    await race();
    assert.equal(route.asked.length, 1);
    assert.equal(await route.metric('tributary_subgraph_breaker', 'library', 'probing'), 1);
    const [probe] = route.asked;
    if (probe) says(200)(probe, 1);
    const told = tally(await Promise.all(answers));
    assert.equal(told['answered'], 1);
    assert.equal(told['SUBGRAPH_SUSPENDED'], answers.length - 1);
    route.library(says(200));
    assert.equal(codeIn(await route.ask()), 'answered');
    assert.equal(await route.metric('tributary_subgraph_breaker', 'closed', 'library'), 1);
  });

  test('that is left alone is not asked again by retries', async (t) => {
    const route = await startGuarded({
      breaker: { ...terms, for: '1m' },
      retry: { attempts: 5, budget: '100%' },
    });
    t.after(() => route.stop());
    route.library(says(503, 'no'));
    for (let count = 0; count < 20; count++) await route.ask();
    assert.equal(route.asked.length, 4);
  });

  const twice: { name: string; policy: SubgraphPolicy; how: Behaviour; metric: string }[] = [
    {
      name: 'retries',
      policy: { retry: { attempts: 2, budget: '5%' } },
      how: says(503, 'no'),
      metric: 'tributary_subgraph_retries_total',
    },
    {
      name: 'hedges',
      policy: { hedge: { after: '20ms', budget: '5%' }, timeout: '400ms' },
      how: silence,
      metric: 'tributary_subgraph_hedges_total',
    },
  ];
  for (const { name, policy, how, metric } of twice) {
    test(`that is left alone gives nobody more ${name} for later`, async (t) => {
      const route = await startGuarded({ ...policy, breaker: { opensAt: '100%', of: 40, for: '200ms' } });
      t.after(() => route.stop());
      route.library(says(503, 'no'));
      await until(async () => codeIn(await route.ask()) === 'SUBGRAPH_SUSPENDED');
      await Promise.all(Array.from({ length: 300 }, () => route.ask()));
      route.library(says(200));
      await until(async () => codeIn(await route.ask()) === 'answered');
      route.library(how);
      await Promise.all(Array.from({ length: 30 }, () => route.ask()));
      const repeated = await route.metric(metric, 'library');
      const questions = route.asked.length - repeated;
      assert.ok(repeated > 0, 'some are');
      // Twice as much as may be, for questions that were ended before they came.
      assert.ok(repeated <= questions * 0.1, `${repeated} for ${questions}`);
    });
  }

  test('is asked whether it is ready all the same, and that counts for nothing', async (t) => {
    const route = await startGuarded({ breaker: { ...terms, for: '1m' } });
    t.after(() => route.stop());
    route.library(says(503, 'no'));
    for (let count = 0; count < 8; count++) await route.router.fetch('/health/ready');
    assert.equal(codeIn(await route.ask()), 'SUBGRAPH_UNAVAILABLE', 'eight probes opened nothing');
    for (let count = 0; count < 3; count++) await route.ask();
    assert.equal(codeIn(await route.ask()), 'SUBGRAPH_SUSPENDED');
    const before = route.asked.length;
    route.library(says(200, '{"data":{"__typename":"Query"}}'));
    route.post(says(200, '{"data":{"__typename":"Query"}}'));
    assert.equal((await route.router.fetch('/health/ready')).status, 200);
    assert.equal(route.asked.length, before + 1);
    assert.equal(codeIn(await route.ask()), 'SUBGRAPH_SUSPENDED', 'and closed nothing');
  });
});
