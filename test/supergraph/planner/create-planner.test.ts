// Bounds of planning: time, memory, waiting; what one operation costs, no other pays for.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'graphql';
import { StartupProblem } from '../../../supergraph/foundation/startup-problem.ts';
import {
  createPlanner,
  type Planner,
  type PlannerOptions,
} from '../../../supergraph/planner/create-planner.ts';
import { nodeFlags } from '../../support/node-flags.ts';
import { harmlessOperation, hostileGraphOf, hostileOperation } from './hostile-graph.ts';
import { fetchesOf, supergraphOf } from './planned-graph.ts';

const small = supergraphOf({
  books: 'type Query { book: Book } type Book @key(fields: "id") { id: ID! title: String @tag(name: "x") }',
  shelves: 'type Book @key(fields: "id") { id: ID! shelf(in: String): Int }',
});
const hostile = supergraphOf(hostileGraphOf(5));
/** Several times as long as a router would let it come here. */
const longOperation = hostileOperation('x', 3_000);

async function started(t: TestContext, options: PlannerOptions): Promise<Planner> {
  const planner = await createPlanner(options);
  t.after(() => planner.close());
  return planner;
}

const codeOf = (planning: Promise<unknown>): Promise<unknown> =>
  planning.then(
    () => 'planned',
    (error: { extensions?: { code?: unknown } }) => error.extensions?.code ?? error,
  );

test('an operation is planned, and the schema for clients is there', async (t) => {
  for (const supergraph of [small, parse(small)]) {
    const planner = await started(t, { supergraph });
    assert.match(
      planner.apiSchemaSdl,
      /type Book \{\n {2}id: ID!\n {2}title: String\n {2}shelf\(in: String\): Int/,
    );
    const plan = await planner.plan('query($v0:String){book{title _0_shelf:shelf(in:$v0)}}');
    assert.deepEqual(
      fetchesOf(plan).map(({ subgraph, path, variables }) => ({ subgraph, path, variables })),
      [
        { subgraph: 'books', path: [], variables: [] },
        { subgraph: 'shelves', path: ['book'], variables: ['v0'] },
      ],
    );
    assert.deepEqual(await planner.plan('{__typename}'), {});
  }
});

test('what is no supergraph is refused with a reason', async () => {
  const cases: [string, RegExp][] = [
    ['type Query { a: Int }', /cannot be loaded by the planner: Invalid supergraph/],
    ['type Query {', /cannot be loaded by the planner: Syntax Error/],
    [small.replaceAll('join/v0.5', 'join/v9.9'), /cannot be loaded by the planner: .*join/],
  ];
  for (const [supergraph, reason] of cases) {
    await assert.rejects(
      createPlanner({ supergraph }),
      (error) => error instanceof StartupProblem && reason.test(error.message),
    );
  }
});

test('a thread that dies while it starts is tried twice, then the reason is told', async () => {
  const warnings: string[] = [];
  await assert.rejects(
    createPlanner({
      supergraph: small,
      heap: 4,
      log: { warn: (_, message) => warnings.push(message) },
    }),
    (error) => error instanceof StartupProblem && /memory/.test(error.message),
  );
  assert.deepEqual(warnings, Array(2).fill("the planner's thread did not start"));
});

test('an operation that takes too long is given up, and those behind it are planned', async (t) => {
  const planner = await started(t, { supergraph: hostile, timeout: 1_500, patience: 30_000, workers: 1 });
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const outcomes = await Promise.all([
    codeOf(planner.plan(longOperation)),
    codeOf(planner.plan(harmlessOperation)),
    codeOf(planner.plan('{node{x}}')),
  ]);
  loop.disable();
  assert.deepEqual(outcomes, ['PLANNING_TIMEOUT', 'planned', 'planned']);
  const longest = loop.max / 1e6;
  t.diagnostic(`longest gap of the main thread while a plan was ended: ${longest.toFixed(1)} ms`);
  // About 12 ms on a machine that does little else; the plan itself would take several seconds.
  assert.ok(longest < 1_500, `the main thread stood still for ${longest} ms`);
});

test('another thread starts for those who wait behind a slow operation', async (t) => {
  const planner = await started(t, { supergraph: hostile, timeout: 60_000 });
  const slow = codeOf(planner.plan(longOperation));
  assert.equal(await codeOf(planner.plan(harmlessOperation)), 'planned');
  await planner.close();
  assert.equal(await slow, 'PLANNING_FAILED');
});

test('an operation that takes too much memory is given up, and those behind it are planned', async (t) => {
  const planner = await started(t, { supergraph: hostile, timeout: 60_000, heap: 32, workers: 1 });
  const outcomes = await Promise.all([
    codeOf(planner.plan(longOperation)),
    codeOf(planner.plan(harmlessOperation)),
  ]);
  assert.deepEqual(outcomes, ['PLANNING_TIMEOUT', 'planned']);
});

test('requests for one operation share its planning', async (t) => {
  const planner = await started(t, { supergraph: small });
  const [first, second, other] = [
    planner.plan('{book{title}}'),
    planner.plan('{book{title}}'),
    planner.plan('{book{id}}'),
  ];
  assert.equal(first, second);
  assert.notEqual(first, other);
  assert.deepEqual(await Promise.all([first, other].map(codeOf)), ['planned', 'planned']);
});

test('when too many wait the next is refused, and one that has waited too long', async (t) => {
  const planner = await started(t, { supergraph: hostile, queue: 2, workers: 1, patience: 300 });
  const slow = codeOf(planner.plan(longOperation));
  const waiting = ['{node{x}}', '{node{id}}'].map((operation) => codeOf(planner.plan(operation)));
  assert.equal(await codeOf(planner.plan(harmlessOperation)), 'PLANNER_OVERLOADED');
  assert.deepEqual(await Promise.all(waiting), ['PLANNER_OVERLOADED', 'PLANNER_OVERLOADED']);
  await planner.close();
  assert.equal(await slow, 'PLANNING_FAILED');
});

test('an operation that cannot be planned harms no other', async (t) => {
  const planner = await started(t, { supergraph: small });
  const operations = ['{book{nothing}}', 'no GraphQL', '{book{title}}'];
  assert.deepEqual(await Promise.all(operations.map((operation) => codeOf(planner.plan(operation)))), [
    'PLANNING_FAILED',
    'PLANNING_FAILED',
    'planned',
  ]);
});

test('closing ends what is planned and what waits, and closing again does nothing', async (t) => {
  const planner = await started(t, { supergraph: hostile, workers: 1 });
  const pending = [longOperation, harmlessOperation].map((operation) => codeOf(planner.plan(operation)));
  await planner.close();
  await planner.close();
  assert.deepEqual(await Promise.all(pending), ['PLANNING_FAILED', 'PLANNING_FAILED']);
  assert.equal(await codeOf(planner.plan(harmlessOperation)), 'PLANNING_FAILED');
});

test("the main thread loads nothing of Apollo's, and the process ends by itself", async () => {
  const file = new URL('../../../supergraph/planner/create-planner.ts', import.meta.url);
  const script = `
    const { createPlanner } = await import(${JSON.stringify(file.href)});
    const planner = await createPlanner({ supergraph: ${JSON.stringify(small)} });
    await planner.plan('{book{title}}');
    const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('@apollo'));
    await planner.close();
    console.log(JSON.stringify(loaded));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...nodeFlags, '--input-type=module', '--eval', script],
    { cwd: fileURLToPath(new URL('../../..', import.meta.url)) },
  );
  assert.equal(stdout.trim(), '[]');
});
