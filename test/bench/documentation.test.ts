// Holds what is written about the bench against the bench: its tables, its commands, its example, and the files it names.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { chosen, readFlags } from '../../bench/flags.ts';
import { peers } from '../../bench/peers/peers.ts';
import { sheetsOf } from '../../bench/report/columns.ts';
import { rowsOf } from '../../bench/report/result.ts';
import { readFurtherPeers } from '../../bench/scenarios/further-peers.ts';
import { planningScenario, scenarios } from '../../bench/scenarios/scenarios.ts';
import { root } from '../architecture/source-files.ts';
import { usualMeasurement } from './usual-measurement.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/performance.md');

/** Cells of the table that begins with this heading, without backticks. */
function table(heading: string, before = page): string[][] {
  const [, rest = assert.fail(`there is no table "${heading}"`)] = before.split(`\n| ${heading} |`, 2);
  const [lines = ''] = rest.split('\n\n', 1);
  return lines
    .split('\n')
    .slice(2)
    .filter((line) => line !== '')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

const firsts = (rows: readonly string[][]) => rows.map(([first = '']) => first);

describe('docs/performance.md', () => {
  it('has every scenario with its connections and identities', () => {
    const known = scenarios.map(({ name, identity, connections }) => [
      name,
      identity === 'unique' ? 'new with each request' : 'the same',
      String(connections),
    ]);
    assert.deepEqual(
      table('scenario').map(([name, , ...others]) => [name, ...others]),
      [...known, [planningScenario.name, '', '1']],
    );
  });

  it('has every peer', () => {
    assert.deepEqual(firsts(table('peer')).sort(), peers.map(({ name }) => name).sort());
  });

  it('explains every column', () => {
    const rounds = [{ ...usualMeasurement, hits: 0.9 }];
    const measured = { peer: 'caching', rounds, peakMemory: 1, fetchesAlone: 1, answerBytes: 1 };
    const load = {
      title: '',
      facts: {},
      rows: rowsOf([measured], 'apollo'),
      connections: 1,
      ratioOf: 'rates',
      invalid: undefined,
      capacity: undefined,
    } as const;
    const sheets = sheetsOf({
      machine: { cores: 2, cpu: '', node: '', loadAverage: 0, at: '' },
      revision: '',
      versions: {},
      options: { rounds: 1, seconds: 1, warmUpSeconds: 1 },
      loads: [{ ...load, rows: [...load.rows], name: 'heavy', baseline: 'apollo' }],
      planning: { title: '', facts: {}, rows: [] },
      seconds: 1,
    });
    const [ofLoad = '', ofPlanning = ''] = page.split('\nFor the first answer of');
    const explained = [ofLoad, ofPlanning].map((part) =>
      firsts(table('column', part)).flatMap((cell) => cell.split(', ')),
    );
    const columns = sheets.map(({ head }) => [...new Set(head.slice(1))]);
    assert.deepEqual(explained, columns);
  });

  it('shows a file with further peers that can be read', async () => {
    const [, example = assert.fail('there is none')] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const folder = await mkdtemp(join(tmpdir(), 'further-peers-'));
    try {
      const file = join(folder, 'peers.json');
      await writeFile(file, example);
      const place = {
        graph: 'shop',
        supergraph: '/a/supergraph.graphql',
        standIn: { url: 'http://127.0.0.1:1' },
        identity: {},
        recording: '/a/recording.json',
      } as const;
      const contestants = await readFurtherPeers(file, root);
      assert.ok(contestants.length > 0);
      for (const { name, command } of contestants) {
        const { args = [], env = {} } = command(place, 4321) ?? assert.fail(`${name} is not started`);
        const told = [...args, ...Object.values(env)].join(' ');
        assert.match(told, /4321/, name);
        assert.match(told, /\/a\/supergraph\.graphql/, name);
        assert.doesNotMatch(told, /[{}]/, name);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('commands of the bench', () => {
  const known = {
    scenarios: [...scenarios, planningScenario].map(({ name }) => name),
    // The further peer of the example.
    peers: [...peers.map(({ name }) => name), 'hive-router'],
  };
  for (const path of ['README.md', 'CONTRIBUTING.md', 'docs/performance.md']) {
    const commands = [...read(path).matchAll(/npm run bench(?: -- ([^\n`>]*[^\n`> ]))?/g)];
    for (const [command, flags = ''] of commands) {
      it(`${path}: ${command}`, () => {
        const { only } = readFlags(flags.split(' ').filter((word) => word !== ''));
        chosen(only, known);
      });
    }
  }
});

describe('files that the documents name', () => {
  for (const path of [
    'docs/performance.md',
    'docs/architecture.md',
    'docs/configuration.md',
    'docs/decisions/0011-nothing-twice.md',
  ]) {
    it(`${path}: are there`, () => {
      const text = read(path);
      // The last run's result is there when somebody has run it.
      const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) =>
        join(dirname(path), to),
      );
      const rooms = [...text.matchAll(/`([a-z-]+(?:\/[a-z-]+)*\/[a-z0-9-]+\.ts)`/g)].map(([, to = '']) => to);
      const missing = [
        ...links.filter((to) => !to.startsWith('bench/results/') && !existsSync(join(root, to))),
        ...rooms.filter((to) => ![to, join('supergraph', to)].some((one) => existsSync(join(root, one)))),
      ];
      assert.deepEqual(missing, []);
    });
  }
});
