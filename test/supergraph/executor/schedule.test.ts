// Holds schedules to joining what can be joined, and to waiting for all that is needed.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Latencies } from '../../../supergraph/executor/latencies.ts';
import { isWorthJoining } from '../../../supergraph/executor/run-schedule.ts';
import { type Joining, schedule } from '../../../supergraph/executor/schedule.ts';
import type { FetchNode, PlanNode } from '../../../supergraph/planner/plan.ts';

function root(subgraph: string, operation: FetchNode['operation'] = 'query'): FetchNode {
  return { kind: 'fetch', subgraph, operation, document: `{${subgraph}}`, variables: [], path: [] };
}

function entities(subgraph: string, path: string): FetchNode {
  return { ...root(subgraph), path: path.split('.'), requires: [] };
}

const inTurn = (...nodes: PlanNode[]): PlanNode => ({ kind: 'sequence', nodes });
const atOnce = (...nodes: PlanNode[]): PlanNode => ({ kind: 'parallel', nodes });

/** One line a request: `number subgraph(paths) after numbers`. */
function lines(plan: PlanNode, joining: Joining): string[] {
  return schedule(plan, joining).map(({ kind, subgraph, nodes, after }, index) => {
    const paths = kind === 'root' ? '' : `(${nodes.map(({ path }) => path.join('.')).join(' ')})`;
    return `${index} ${subgraph}${paths}${after.length > 0 ? ` after ${after.join(' ')}` : ''}`;
  });
}

interface Case {
  name: string;
  plan: PlanNode;
  whenReady: string[];
  /** Where it is another. */
  byLevel?: string[];
}

const cases: readonly Case[] = [
  { name: 'one fetch is one request', plan: root('a'), whenReady: ['0 a'] },
  {
    name: 'fetches in turn wait for each other',
    plan: inTurn(root('a'), entities('b', 'x'), entities('c', 'x')),
    whenReady: ['0 a', '1 b(x) after 0', '2 c(x) after 1'],
  },
  {
    name: 'entity fetches that become ready at once are one request',
    plan: inTurn(root('a'), atOnce(entities('b', 'x'), entities('c', 'x'), entities('b', 'y'))),
    whenReady: ['0 a', '1 b(x y) after 0', '2 c(x) after 0'],
  },
  {
    name: 'what follows joined fetches is joined too',
    plan: inTurn(
      root('a'),
      atOnce(inTurn(entities('b', 'x'), entities('c', 'x')), inTurn(entities('b', 'y'), entities('c', 'y'))),
    ),
    whenReady: ['0 a', '1 b(x y) after 0', '2 c(x y) after 1'],
  },
  {
    name: 'fetches behind different answers are joined by level only',
    plan: atOnce(
      inTurn(root('a'), entities('c', 'x'), entities('d', 'x')),
      inTurn(root('b'), entities('c', 'y')),
    ),
    whenReady: ['0 a', '1 b', '2 c(x) after 0', '3 c(y) after 1', '4 d(x) after 2'],
    byLevel: ['0 a', '1 b', '2 c(x y) after 0 1', '3 d(x) after 2'],
  },
  {
    name: 'one fetch is never joined with another that it needs',
    plan: inTurn(root('a'), entities('b', 'x'), entities('b', 'x.y')),
    whenReady: ['0 a', '1 b(x) after 0', '2 b(x.y) after 1'],
  },
  {
    name: 'one that nothing waits for goes with the last request to its subgraph, by level only',
    plan: inTurn(
      root('a'),
      atOnce(entities('b', 'x'), inTurn(entities('c', 'x'), entities('b', 'y'), entities('d', 'y'))),
    ),
    whenReady: ['0 a', '1 b(x) after 0', '2 c(x) after 0', '3 b(y) after 2', '4 d(y) after 3'],
    byLevel: ['0 a', '1 c(x) after 0', '2 b(x y) after 0 1', '3 d(y) after 2'],
  },
  {
    name: 'what comes after several at once waits for all of them',
    plan: inTurn(
      root('a'),
      atOnce(entities('b', 'x'), inTurn(entities('c', 'x'), entities('d', 'x'))),
      entities('e', 'x'),
    ),
    whenReady: ['0 a', '1 b(x) after 0', '2 c(x) after 0', '3 d(x) after 2', '4 e(x) after 1 3'],
  },
  {
    name: 'mutations wait for each other, also those of one subgraph',
    plan: inTurn(root('a', 'mutation'), root('b', 'mutation'), root('a', 'mutation')),
    whenReady: ['0 a', '1 b after 0', '2 a after 1'],
  },
  {
    name: 'fetches with contexts stay alone',
    plan: inTurn(
      root('a'),
      atOnce({ ...entities('b', 'x'), contexts: [] }, { ...entities('b', 'y'), contexts: [] }),
    ),
    whenReady: ['0 a', '1 b(x) after 0', '2 b(y) after 0'],
  },
];

for (const joining of ['when-ready', 'by-level'] as const) {
  suite(`fetches joined ${joining}`, () => {
    for (const { name, plan, whenReady, byLevel } of cases) {
      test(name, () =>
        assert.deepEqual(lines(plan, joining), joining === 'by-level' ? (byLevel ?? whenReady) : whenReady),
      );
    }
  });
}

suite('waiting for others, to make fewer requests, is worth it', () => {
  const plan = atOnce(
    inTurn(root('a'), entities('c', 'x')),
    inTurn(root('b'), entities('c', 'y'), entities('d', 'y')),
  );

  const known: [name: string, milliseconds: Record<string, number>, expected: boolean][] = [
    ['while nothing is known of the subgraphs', {}, true],
    ['when all are as quick', { a: 50, b: 50, c: 50, d: 50 }, true],
    ['when the slow one is not waited for', { a: 10, b: 500, c: 10, d: 10 }, true],
    ['when the wait is short beside the rest', { a: 12, b: 10, c: 50, d: 50 }, true],
    ['but not when two slow ones would come one after the other', { a: 500, b: 10, c: 10, d: 500 }, false],
  ];

  for (const [name, milliseconds, expected] of known) {
    test(name, async () => {
      const latencies = await seen(milliseconds);
      const [joined, apart] = [schedule(plan, 'by-level'), schedule(plan, 'when-ready')];
      assert.equal(isWorthJoining(joined, apart, latencies), expected);
    });
  }

  test('also when a subgraph was asked so rarely that its time says nothing yet', async () => {
    const latencies = await seen({ a: 500, b: 10, c: 10, d: 500 }, 10);
    assert.equal(isWorthJoining(schedule(plan, 'by-level'), schedule(plan, 'when-ready'), latencies), true);
  });
});

/** Latencies of subgraphs that took so long each time, on a clock of the test's own. */
async function seen(milliseconds: Record<string, number>, times = 100): Promise<Latencies> {
  let now = 0;
  const latencies = new Latencies(() => now);
  for (const [subgraph, duration] of Object.entries(milliseconds)) {
    const client = latencies.timed(subgraph, async () => {
      now += duration;
      return { data: {} };
    });
    const operation = { kind: 'query', document: '', head: '' } as const;
    for (let time = 0; time < times; time++) {
      await client({ operation, variables: '{}' }, { requestId: '', headers: {} });
    }
  }
  return latencies;
}
