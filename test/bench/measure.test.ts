// How the bench turns what it sees into figures: processor time, medians, ratios, what wrk says, and what makes a row doubtful.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { parseWrk } from '../../bench/load/wrk.ts';
import { type Answer, faultOf } from '../../bench/measure/gateway.ts';
import { hitRatio, parseLookups, readLookups } from '../../bench/measure/lookups.ts';
import { probeLoop } from '../../bench/measure/loop-gap.ts';
import { type Measurement, valueAt } from '../../bench/measure/measure-load.ts';
import {
  endedChildrenCpu,
  groupCpu,
  parseCoreBusy,
  parseStat,
  peakMemory,
} from '../../bench/measure/proc.ts';
import { ownProcesses } from '../../bench/measure/processes.ts';
import { ratioOf, spreadOf } from '../../bench/measure/spread.ts';
import { capacityFor, rowsOf } from '../../bench/report/result.ts';
import { answerFacts, entitiesIn } from '../../bench/scenarios/answer-facts.ts';
import { rotated } from '../../bench/scenarios/run-load.ts';
import { usualMeasurement } from './usual-measurement.ts';

const linux = process.platform === 'linux';

describe('medians and ratios', () => {
  for (const [values, wanted] of [
    [[], undefined],
    [[4], { median: 4, min: 4, max: 4 }],
    [[3, 1, 2], { median: 2, min: 1, max: 3 }],
    [[10, 9, 1, 2], { median: 5.5, min: 1, max: 10 }],
  ] as const) {
    it(`of [${values}]`, () => assert.deepEqual(spreadOf(values), wanted));
  }

  it('a ratio is taken within a round, so that a slow round of the machine cancels out', () => {
    assert.deepEqual(ratioOf([100, 50, 200], [10, 5, 20]), { median: 10, min: 10, max: 10 });
    assert.deepEqual(ratioOf([100, 50], [0]), undefined);
  });

  it('a count between two looks is between theirs', () => {
    const samples = [1, 3, 4].map((at) => ({ at, gateway: at * 10, standIn: 0, fetches: 0 }));
    const values = [0, 1, 2, 3, 3.5, 4, 9].map((at) => valueAt(samples, at, ({ gateway }) => gateway));
    assert.deepEqual(values, [10, 10, 20, 30, 35, 40, 40]);
    assert.equal(
      valueAt([], 1, ({ gateway }) => gateway),
      0,
    );
  });

  it('everybody is first once', () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((by) => rotated(['a', 'b', 'c'], by).join('')),
      ['abc', 'bca', 'cab', 'abc'],
    );
    assert.deepEqual(rotated([], 2), []);
  });
});

describe('what the kernel tells', () => {
  it('is found behind a name with spaces and brackets', () => {
    const fields = ['S', 1, 77, ...Array(8).fill(0), 150, 50, 30, 10, 20, 0];
    const stat = `42 (a ) b) ${fields.join(' ')}`;
    assert.deepEqual(parseStat(stat), { group: 77, own: 2_000, children: 400 });
  });

  it('says how busy one core was, waiting left out', () => {
    const text = 'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 1 2 3 400 50 6 7 8 0 0\ncpu10 0 0 0 0 0 0 0 0 0 0\n';
    assert.equal(parseCoreBusy(text, 0), 270);
    assert.equal(parseCoreBusy(text, 10), 0);
    assert.equal(parseCoreBusy(text, 1), undefined);
  });

  it('counts a process, its children and their memory', { skip: !linux }, async () => {
    const processes = ownProcesses();
    const busy = 'while (process.cpuUsage().user < 150e3); console.log("done"); setInterval(() => {}, 1e6)';
    const script = `${JSON.stringify(process.execPath)} -e '${busy}' & wait`;
    const before = endedChildrenCpu();
    const group = processes.start(['sh', '-c', script]);
    try {
      while (!group.output().includes('done')) await new Promise(setImmediate);
      assert.ok(groupCpu(group.pid) >= 100, `${groupCpu(group.pid)} ms`);
      assert.ok(peakMemory(group.pid) > 10e6, `${peakMemory(group.pid)} bytes`);
    } finally {
      await group.stop();
    }
    assert.ok(endedChildrenCpu() >= before);
  });
});

describe('a look at an event loop from outside', () => {
  it('finds the longest wait for an answer, also while it still lasts, and each time anew', async () => {
    const asked: (() => void)[] = [];
    let quick = true;
    const server = createServer((request, response) => {
      request.resume();
      asked.push(() => response.end('{}'));
      if (quick) asked.shift()?.();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const probe = probeLoop(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    try {
      await once(server, 'request');
      quick = false;
      while (asked.length === 0) await once(server, 'request');
      probe.longest();
      const began = performance.now();
      while (performance.now() - began < 50) await new Promise(setImmediate);
      assert.ok(probe.longest() >= 50);
      quick = true;
      asked.shift()?.();
      await once(server, 'request');
      await once(server, 'request');
      assert.ok(probe.longest() >= 50, 'the wait ended after the last look');
      await once(server, 'request');
      assert.ok(probe.longest() < 50 + 1_000);
    } finally {
      probe.stop();
      server.close();
      server.closeAllConnections();
    }
  });
});

describe('processes of the bench', { skip: !linux }, () => {
  it('go all at once, with those they have started', async () => {
    const processes = ownProcesses();
    const groups = [1, 2].map(() => processes.start(['sh', '-c', 'sleep 1000 & sleep 1000']));
    processes.killAll();
    const ends = await Promise.all(groups.map(({ ended }) => ended));
    assert.deepEqual(
      ends.map(({ signal }) => signal),
      ['SIGKILL', 'SIGKILL'],
    );
  });

  it('can be frozen and go all the same', async () => {
    const processes = ownProcesses();
    const group = processes.start(['sleep', '1000']);
    group.freeze();
    await group.stop();
    assert.equal((await group.ended).signal, 'SIGKILL');
  });

  it('say why they could not start', () => {
    assert.throws(() => ownProcesses().start(['/nowhere/program']), /cannot be started/);
  });
});

describe('what a router tells of its cache', () => {
  const line = (result: string, count: number, labels = '', level = 'process') =>
    `tributary_cache_lookups_total{bff="caching",type="Product",level="${level}",result="${result}"${labels}} ${count}`;
  const lines = (...some: string[]) =>
    ['# TYPE tributary_cache_lookups_total counter', ...some, ''].join('\n');

  for (const [what, text, wanted] of [
    [
      'hits and misses of all types',
      lines(line('hit', 5), line('miss', 2), line('hit', 3, ',x="y"')),
      [8, 10],
    ],
    ['what is served past its time', lines(line('stale', 1), line('miss', 1e3)), [1, 1_001]],
    [
      'whole answers alone, where they are looked up',
      lines(
        line('hit', 99),
        line('miss', 1),
        line('hit', 3, '', 'responses'),
        line('miss', 1, '', 'responses'),
      ),
      [3, 4],
    ],
    ['other metrics', 'tributary_operation_uses_total{result="hit"} 7\n', undefined],
    ['nothing looked up yet', lines(line('hit', 0)), undefined],
  ] as const) {
    it(`is added up: ${what}`, () => {
      const found = parseLookups(text);
      assert.deepEqual(found && [found.found, found.all], wanted);
    });
  }

  it('is the part of what was looked up in between', () => {
    assert.equal(hitRatio({ found: 10, all: 20 }, { found: 19, all: 30 }), 0.9);
    assert.equal(hitRatio(undefined, { found: 3, all: 4 }), 0.75);
    assert.equal(hitRatio({ found: 10, all: 20 }, { found: 10, all: 20 }), undefined);
    assert.equal(hitRatio(undefined, undefined), undefined);
  });

  it('is nothing where nobody listens', async () => {
    assert.equal(await readLookups('http://127.0.0.1:1/metrics'), undefined);
  });
});

describe('what wrk tells', () => {
  const told = {
    sent: 1_050,
    answers: 1_000,
    bytes: 88_000_000,
    seconds: 2,
    steadyAnswers: 900,
    steadyFrom: 10,
    steadyTo: 11.5,
    p50: 1.5,
    p99: 4,
    notOk: 1,
    socketErrors: 2,
    timeouts: 3,
  };
  const output = (change: Partial<typeof told>) =>
    `Running 2s test\n  1 threads\n{"not":"this"}\n${JSON.stringify({ ...told, ...change })}\n`;

  it('is read from its last line, the rate from the time in which everybody had an answer', () => {
    assert.deepEqual(parseWrk(output({})), {
      sent: 1_050,
      answers: 1_000,
      bytes: 88_000,
      rps: 600,
      p50: 1.5,
      p99: 4,
      notOk: 1,
      socketErrors: 2,
      timeouts: 3,
      steady: { from: 10_000, to: 11_500, answers: 900 },
    });
  });

  for (const [what, change, rps] of [
    ['too few answers', { steadyAnswers: 0, steadyFrom: 0, steadyTo: 0 }, 500],
    ['too short a time', { steadyAnswers: 50, steadyTo: 10.1 }, 500],
    ['no answer at all', { answers: 0, bytes: 0, steadyAnswers: 0, steadyFrom: 0, steadyTo: 0 }, 0],
  ] as const) {
    it(`gives the plain rate for ${what}`, () => assert.equal(parseWrk(output(change)).rps, rps));
  }

  it('is missed when there is none', () => assert.throws(() => parseWrk('unable to connect'), /no result/));
});

describe('answers', () => {
  const right: Answer = { status: 200, bytes: 20, data: { a: [{ b: 1 }, { b: 2 }] }, errors: undefined };
  for (const [what, change, fault] of [
    ['an equal one', {}, undefined],
    ['other order of names', { data: { a: [{ b: 1 }, { b: 2 }] } }, undefined],
    ['a status', { status: 500 }, /status 500/],
    ['an error', { errors: [{ message: 'no' }] }, /"no"/],
    ['another value', { data: { a: [{ b: 1 }, { b: 3 }] } }, /data\.a\.1\.b$/],
    ['a shorter list', { data: { a: [{ b: 1 }] } }, /data\.a\.1$/],
    ['null', { data: null }, /data$/],
  ] as const) {
    it(`${what} is ${fault === undefined ? 'right' : 'told'}`, () => {
      const found = faultOf({ ...right, ...change }, right);
      if (fault === undefined) assert.equal(found, undefined);
      else assert.match(found ?? '', fault);
    });
  }

  it('tell their size and the share of entities that are there again', () => {
    const data = { a: { id: '1', other: [{ id: '1' }, { id: '2' }, { id: 3 }] }, b: { id: '1' } };
    assert.deepEqual(entitiesIn(data), { all: 4, different: 2 });
    assert.deepEqual(answerFacts({ ...right, data, bytes: 87_831 }), {
      answer: '87.8 KB',
      entities: '4, 50 % of them duplicates',
    });
    assert.deepEqual(answerFacts({ ...right, bytes: 8_400_000 }), { answer: '8.4 MB' });
  });
});

describe('rows', () => {
  const measured = (peer: string, rounds: readonly Partial<Measurement>[], failed?: string) => ({
    peer,
    failed,
    rounds: rounds.map((change) => ({ ...usualMeasurement, ...change })),
    peakMemory: 1e8,
    fetchesAlone: 6,
    answerBytes: 1_000,
  });

  it('hold medians, spreads and the ratio to the baseline', () => {
    const [ours] = rowsOf(
      [measured('ours', [{ rps: 1_000 }, { rps: 900 }, { rps: 1_100 }]), measured('stock', [{}, {}, {}])],
      'stock',
    );
    assert.deepEqual(ours?.figures?.rps, { median: 1_000, min: 900, max: 1_100 });
    assert.deepEqual(ours?.ratio, { median: 10, min: 9, max: 11 });
    assert.deepEqual(ours?.doubts, []);
  });

  it('hold a ratio of processor time where the load is the limit of rates', () => {
    const [ours] = rowsOf(
      [measured('ours', [{ cpuEach: 0.05, rps: 900 }]), measured('null', [{ cpuEach: 0.02, rps: 1_000 }])],
      'null',
      'processor time',
    );
    assert.equal(ours?.ratio?.median.toFixed(3), '0.400');
  });

  it('hold what was found in caches, where somebody tells', () => {
    const [ours, other] = rowsOf(
      [measured('ours', [{ hits: 0.9 }, { hits: 1 }]), measured('other', [{}])],
      'other',
    );
    assert.deepEqual(ours?.figures?.hits, { median: 0.95, min: 0.9, max: 1 });
    assert.ok(other?.figures && !('hits' in other.figures));
  });

  it('hold no figures for whom failed, and no ratio to whom failed', () => {
    const rows = rowsOf([measured('ours', [{}]), measured('stock', [{}], 'its answer differs')], 'stock');
    assert.equal(rows[0]?.ratio, undefined);
    assert.equal(rows[1]?.figures, undefined);
    assert.equal(rows[1]?.failed, 'its answer differs');
    assert.equal(rowsOf([measured('ours', [])], 'ours')[0]?.failed, 'it was not measured');
  });

  for (const [what, change, doubt] of [
    ['rounds that were too short', { steady: false }, /in 1 rounds too few/],
    ['failed requests', { failures: 2 }, /2 requests failed/],
    ['fetches that went to the origin', { misses: 7 }, /7 fetches went to the origin/],
    ['answers too short', { bytes: 900 }, /answers are shorter/],
    ["a load's core that was full", { loadCoreBusy: 0.97 }, /busy up to 97 %/],
    ['a core that others had', { stolen: 0.4 }, /40 %/],
  ] as const) {
    it(`are doubtful for ${what}`, () => {
      const [row] = rowsOf([measured('ours', [{}, change])], 'ours');
      assert.match(row?.doubts.join() ?? '', doubt);
    });
  }

  it('are invalid when load and stand-in could not do half as much again', () => {
    const rows = rowsOf([measured('quick', [{ rps: 2_000 }]), measured('slow', [{}])], 'slow');
    // 0.1 ms to ask and read the answer, and 0.2 ms for the fetches.
    const enough = capacityFor(rows, 0.1);
    assert.deepEqual([Math.round(enough.capacity), enough.invalid], [3_333, undefined]);
    const { capacity, invalid } = capacityFor(rows, 0.2);
    assert.equal(Math.round(capacity), 2_500);
    assert.match(invalid ?? '', /sustain 2500 .* 2000 of quick/);
    assert.equal(capacityFor(rows, 0.2, 'processor time').invalid, undefined);
  });
});
