// What the bench writes: the same figures on a terminal, in Markdown and in the chart, and everywhere that a row is invalid.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { estimateSeconds, type Plan } from '../../bench/estimate.ts';
import { chosen, type Flags, readFlags } from '../../bench/flags.ts';
import { peers } from '../../bench/peers/peers.ts';
import { chartOf } from '../../bench/report/chart.ts';
import { figure, spread } from '../../bench/report/columns.ts';
import { type LoadTable, type Result, rowsOf } from '../../bench/report/result.ts';
import { markdownReport, terminalReport } from '../../bench/report/text.ts';
import { contestantOf } from '../../bench/scenarios/contestant.ts';
import { parseFurtherPeers } from '../../bench/scenarios/further-peers.ts';
import { isInvited, scenarios } from '../../bench/scenarios/scenarios.ts';
import { smokePeers, smokeProblems, smokeScenarios } from '../../bench/smoke.ts';
import { usualMeasurement } from './usual-measurement.ts';

interface TableOptions {
  invalid?: string;
  baseline?: string;
  /** Of whom `caching` is called. */
  hits?: number;
}

function table(
  name: string,
  rates: Record<string, number>,
  { invalid, baseline = 'apollo', hits }: TableOptions = {},
): LoadTable {
  const measured = Object.entries(rates).map(([peer, rps]) => ({
    peer,
    failed: rps === 0 ? 'its answer differs at data.a' : undefined,
    rounds: [0.9, 1, 1.2].map((factor) => ({
      ...usualMeasurement,
      rps: rps * factor,
      hits: peer === 'caching' ? hits : undefined,
    })),
    peakMemory: 2 ** 27,
    fetchesAlone: 6,
    answerBytes: 1_000,
  }));
  const rows = rowsOf(measured, baseline);
  return {
    name,
    title: `Scenario <${name}>`,
    connections: 50,
    facts: { answer: '1 KB' },
    baseline,
    ratioOf: 'rates',
    rows,
    invalid,
    capacity: 4_000,
  };
}

function resultOf(loads: LoadTable[]): Result {
  const first = { took: 812.4, gap: 7.25, gapBefore: 1.5, fetches: 15 };
  return {
    machine: {
      cores: 2,
      cpu: 'A processor',
      node: 'v20.20.2',
      loadAverage: 0.5,
      at: '2026-01-01T00:00:00.000Z',
    },
    revision: 'abc1234+',
    versions: { graphql: '16.15.0' },
    options: { rounds: 3, seconds: 2, warmUpSeconds: 5 },
    loads,
    planning: {
      title: 'Many plans',
      facts: { answer: '9 KB' },
      rows: [
        {
          peer: 'tributary',
          failed: undefined,
          cold: first,
          restart: { ...first, took: 40 },
          replica: undefined,
        },
        {
          peer: 'apollo',
          failed: undefined,
          cold: { ...first, took: undefined },
          restart: undefined,
          replica: undefined,
        },
        { peer: 'hive', failed: 'it ended', cold: undefined, restart: undefined, replica: undefined },
      ],
    },
    seconds: 90,
  };
}

const result = resultOf([table('heavy', { tributary: 1_500, apollo: 100, hive: 0 })]);
const invalid = resultOf([
  table('heavy', { tributary: 1_500, apollo: 100 }, { invalid: 'Load and stand-in are too slow.' }),
]);

describe('a report', () => {
  for (const [where, write] of Object.entries({ terminal: terminalReport, Markdown: markdownReport })) {
    it(`for ${where} has figures, ratios, failures and circumstances`, () => {
      const text = write(result);
      assert.match(text, /tributary[ |]+1,500 \(1,350–1,800\)[ |]+15\.0×/);
      assert.match(text, /hive: its answer differs at data\.a/);
      assert.match(text, /load and stand-in alone 4,000 rps/);
      assert.match(text, /revision abc1234\+/);
      assert.match(text, /2 cores of A processor, Node v20\.20\.2, load average at the start 0\.50/);
      assert.match(text, /tributary[ |]+812[ |]+7\.25[ |]+1\.50[ |]+15[ |]+40\.0/);
      assert.match(text, /apollo[ |]+none in time/);
      assert.match(text, /hive: it ended/);
    });

    it(`for ${where} marks rows as invalid and says why`, () => {
      assert.match(write(invalid), /tributary \(invalid\)/);
      assert.match(write(invalid), /INVALID: Load and stand-in are too slow\./);
      assert.doesNotMatch(write(result), /invalid/i);
    });
  }

  for (const [where, write] of Object.entries({ terminal: terminalReport, Markdown: markdownReport })) {
    it(`for ${where} says what was found in caches, and whom ratios are to and of what`, () => {
      const rates = { tributary: 100, caching: 350 };
      const cached = table('cached', rates, { baseline: 'tributary', hits: 0.9876 });
      const text = write(resultOf([{ ...cached, ratioOf: 'processor time' }]));
      assert.match(text, /to tributary/);
      assert.match(text, /hits[ |]+load core/);
      assert.match(text, /ratios of processor time/);
      assert.match(text, /tributary[ |]+100 .*[ |]+6\.00[ |]+–[ |]+30 %/);
      assert.match(text, /caching[ |]+350 .*[ |]+3\.50×.*[ |]+6\.00[ |]+98\.8 %[ |]+30 %/);
      assert.doesNotMatch(write(result), /hits|ratios of/);
    });
  }

  it('as a chart is one SVG with a bar for each row that has a ratio, for light and dark pages', () => {
    const svg = chartOf(result);
    assert.equal(svg.match(/<rect /g)?.length, 2);
    assert.match(svg, /class="ours"/);
    assert.match(svg, /15\.0× \(1,500 rps\)/);
    assert.match(svg, /Scenario &lt;heavy&gt;/);
    assert.match(svg, /prefers-color-scheme: dark/);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
    assert.match(chartOf(invalid), /\(invalid\)/);
    assert.equal(chartOf(invalid).match(/class="invalid"/g)?.length, 2);
  });

  for (const [value, text] of [
    [123_456, '123,456'],
    [99.94, '99.9'],
    [5.678, '5.68'],
    [0.05678, '0.057'],
    [0, '0.000'],
  ] as const) {
    it(`writes ${value} as ${text}`, () => assert.equal(figure(value), text));
  }

  it('writes a spread of one value as that value', () => {
    assert.equal(spread({ median: 2, min: 2, max: 2 }), '2.00');
    assert.equal(spread({ median: 2, min: 1, max: 3 }), '2.00 (1.00–3.00)');
  });
});

describe('the smoke', () => {
  const well = {
    heavy: { tributary: 501, apollo: 100 },
    'one-fetch': { tributary: 301, apollo: 100 },
    guarded: { guarded: 401, apollo: 100 },
    'cached-slow': { caching: 151, tributary: 100 },
    'response-cache': { responses: 36, 'null-server': 100 },
  };
  const tables = (change: Partial<Record<keyof typeof well, Record<string, number>>>, invalid?: string) =>
    Object.entries({ ...well, ...change }).map(([name, rates]) =>
      table(name, rates, { baseline: Object.keys(rates)[1] ?? '', ...(invalid && { invalid }) }),
    );

  for (const [what, found, wanted] of [
    ['all well', tables({}), []],
    [
      'below half of the promise',
      tables({
        heavy: { tributary: 499, apollo: 100 },
        'one-fetch': { tributary: 299, apollo: 100 },
        guarded: { guarded: 399, apollo: 100 },
        'cached-slow': { caching: 149, tributary: 100 },
        'response-cache': { responses: 34, 'null-server': 100 },
      }),
      [
        /heavy: 4\.99 times apollo, at least 5/,
        /one-fetch: 2\.99 times apollo, at least 3/,
        /guarded: 3\.99 times apollo, at least 4/,
        /cached-slow: 1\.49 times tributary, at least 1\.5/,
        /response-cache: 0\.34 times null-server, at least 0\.35/,
      ],
    ],
    ['a wrong answer', tables({ heavy: { tributary: 0, apollo: 100 } }), [/heavy: its answer differs/]],
    ['a scenario that is missing', tables({}).slice(0, 4), [/response-cache: there is no/]],
    [
      'a load that is too slow',
      tables({ heavy: { tributary: 400, apollo: 100 } }, 'Too slow.'),
      [/heavy: .*Too slow/],
    ],
  ] as const) {
    it(`finds ${wanted.length} problems for ${what}`, () => {
      const problems = smokeProblems(found);
      assert.equal(problems.length, wanted.length, problems.join());
      for (const [index, pattern] of wanted.entries()) assert.match(problems[index] ?? '', pattern);
    });
  }

  it('measures what is promised of whom, and whom they are held against', () => {
    for (const name of smokeScenarios) {
      const { among, baseline = 'apollo' } = scenarios.find((one) => one.name === name) ?? assert.fail(name);
      const there = smokePeers.filter((peer) => isInvited(among, peer));
      assert.ok(there.includes(baseline), name);
      assert.ok(there.length > 1, name);
    }
  });
});

describe('flags', () => {
  it('have defaults, shorter for the smoke', () => {
    const { rounds, seconds, warmUpSeconds, only, json } = readFlags([]);
    assert.deepEqual(
      { rounds, seconds, warmUpSeconds, only, json },
      { rounds: 5, seconds: 3, warmUpSeconds: 5, only: undefined, json: false },
    );
    assert.equal(readFlags(['--smoke']).rounds, 3);
    assert.deepEqual(readFlags(['--only', 'heavy, apollo']).only, ['heavy', 'apollo']);
  });

  for (const args of [['--rounds', '0'], ['--seconds', '1.5'], ['--round', '3'], ['heavy']]) {
    it(`are refused: ${args.join(' ')}`, () => assert.throws(() => readFlags(args)));
  }

  const known = { scenarios: ['heavy', 'typename'], peers: ['tributary', 'apollo'] };
  for (const [only, wanted] of [
    [undefined, known],
    [['heavy'], { ...known, scenarios: ['heavy'] }],
    [['apollo'], { ...known, peers: ['apollo'] }],
    [['typename', 'tributary'], { scenarios: ['typename'], peers: ['tributary'] }],
  ] as const) {
    it(`choose for ${only ?? 'nothing'}`, () => assert.deepEqual(chosen(only, known), wanted));
  }

  it('name somebody who is there', () => {
    assert.throws(() => chosen(['heavi'], known), /no "heavi" .*heavy, typename, tributary, apollo/);
  });
});

describe('the estimate', () => {
  const contestants = peers.map((peer) => contestantOf(peer, '.'));
  const minutes = (flags: Flags, plan: Partial<Plan>) =>
    estimateSeconds({ contestants, scenarios, planning: true, ...flags, ...plan }) / 60;

  it('is some 25 minutes for all of it, and three for the smoke', () => {
    const all = minutes(readFlags([]), {});
    assert.ok(all > 20 && all < 28, `${all}`);
    const smoke = minutes(readFlags(['--smoke']), {
      contestants: contestants.filter(({ name }) => smokePeers.includes(name)),
      scenarios: scenarios.filter(({ name }) => smokeScenarios.includes(name)),
      planning: false,
    });
    assert.ok(smoke > 2.5 && smoke < 3.5, `${smoke}`);
  });

  it('counts for each scenario only those who take part in it', () => {
    const [large = assert.fail('there is none')] = scenarios.filter(({ name }) => name === 'large');
    const plan = { scenarios: [large], planning: false };
    const without = contestants.filter(({ name }) => name !== 'floor' && name !== 'bff-web');
    const flags = readFlags([]);
    assert.equal(minutes(flags, plan), minutes(flags, { ...plan, contestants: without }));
    assert.ok(minutes(flags, plan) > minutes(flags, { ...plan, contestants: without.slice(1) }));
  });
});

describe('a file with further peers', () => {
  it('names each with its command and variables', () => {
    const text = '[{"name":"native","command":"./router -s {supergraph} -p {port}","env":{"LOG":"off"}}]';
    assert.equal(parseFurtherPeers(text, 'x.json')[0]?.env?.['LOG'], 'off');
  });

  for (const text of [
    '{}',
    '[{}]',
    '[{"name":"","command":"x"}]',
    '[{"name":"a","command":"x","env":{"A":1}}]',
    '[null]',
  ]) {
    it(`is refused: ${text}`, () => assert.throws(() => parseFurtherPeers(text, 'x.json'), /x\.json/));
  }
});
