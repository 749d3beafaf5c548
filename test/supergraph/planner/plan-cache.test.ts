// Remembering plans: what is shared, what is forgotten, and what other processes and broken disks do to it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { clientError, type ErrorCode } from '../../../supergraph/foundation/errors.ts';
import { createPlanner } from '../../../supergraph/planner/create-planner.ts';
import type { QueryPlan } from '../../../supergraph/planner/plan.ts';
import { createPlanCache, type PlanCacheOptions } from '../../../supergraph/planner/plan-cache.ts';
import { nodeFlags } from '../../support/node-flags.ts';
import { supergraphOf } from './planned-graph.ts';

const planOf = (operation: string): QueryPlan => ({
  node: { kind: 'fetch', subgraph: 'a', operation: 'query', document: operation, variables: [], path: [] },
});

/** Plans whatever it is given, and counts; `fails` says with which code an operation is refused. */
function countingPlanner(
  version = 'graph 1',
  fails: (operation: string) => ErrorCode | undefined = () => undefined,
) {
  const asked: string[] = [];
  return {
    version,
    asked,
    async plan(operation: string) {
      asked.push(operation);
      await new Promise(setImmediate);
      const code = fails(operation);
      if (code) throw clientError(code);
      return planOf(operation);
    },
  };
}

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plans-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function codesOf(cache: ReturnType<typeof createPlanCache>, operations: string[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(operations.map((operation) => cache.plan(operation)));
  return outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? 'planned' : outcome.reason.extensions.code,
  );
}

/** What a new process would find. */
async function plannedAnew(options: Partial<PlanCacheOptions>, operations: string[], version?: string) {
  const planner = countingPlanner(version);
  const cache = createPlanCache({ planner, ...options });
  for (const operation of operations) assert.deepEqual(await cache.plan(operation), planOf(operation));
  await cache.close();
  return planner.asked;
}

test('an operation is planned once, and the least recently used is forgotten', async () => {
  const planner = countingPlanner();
  const cache = createPlanCache({ planner, entries: 2 });
  await Promise.all([cache.plan('{a}'), cache.plan('{a}'), cache.plan('{b}')]);
  await cache.plan('{a}');
  assert.deepEqual(planner.asked, ['{a}', '{b}']);
  await cache.plan('{c}');
  await cache.plan('{a}');
  await cache.plan('{b}');
  assert.deepEqual(planner.asked, ['{a}', '{b}', '{c}', '{b}']);
});

test('memory is bounded by size too', async () => {
  const planner = countingPlanner();
  const cache = createPlanCache({ planner, characters: 1_000 });
  const long = `{${'a'.repeat(1_000)}}`;
  for (const operation of [long, '{a}', long, '{a}']) await cache.plan(operation);
  assert.deepEqual(planner.asked, [long, '{a}', long]);
});

test('operations share a plan when and only when their texts are equal', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('__proto__', '', '\ud800', '\udfff', 'constructor'),
  );
  const folder = await mkdtemp(join(tmpdir(), 'plans-'));
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 20 }), fc.boolean(), async (operations, isKept) => {
        const first = countingPlanner(`graph ${seed}`);
        const cache = createPlanCache({ planner: first, ...(isKept && { folder }) });
        const plans = await Promise.all(operations.map((operation) => cache.plan(operation)));
        assert.deepEqual(plans, operations.map(planOf));
        assert.equal(new Set(first.asked).size, first.asked.length);
        await cache.close();
        if (isKept) assert.deepEqual(await plannedAnew({ folder }, operations, `graph ${seed}`), []);
      }),
      { seed, numRuns: 60 },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('failures are forgotten, but for operations that took too long, which are refused for a while', async () => {
  let now = 1;
  const failing = new Map<string, ErrorCode>([
    ['{slow}', 'PLANNING_TIMEOUT'],
    ['{wrong}', 'PLANNING_FAILED'],
    ['{late}', 'PLANNER_OVERLOADED'],
  ]);
  const planner = countingPlanner('graph 1', (operation) => failing.get(operation));
  const cache = createPlanCache({ planner, refusal: 30_000, now: () => now });
  const operations = [...failing.keys()];
  assert.deepEqual(await codesOf(cache, operations), [...failing.values()]);
  failing.clear();
  now = 30_000;
  assert.deepEqual(await codesOf(cache, operations), ['PLANNING_TIMEOUT', 'planned', 'planned']);
  now = 30_002;
  assert.deepEqual(await codesOf(cache, operations), ['planned', 'planned', 'planned']);
  assert.equal(planner.asked.filter((operation) => operation === '{slow}').length, 2);
});

test('a warm start serves plans from disk; another graph has its own', async (t) => {
  const folder = join(await emptyFolder(t), 'made', 'anew');
  const operations = ['{a}', '{b(x:"\u{1f600}")}', '{c}'];
  assert.deepEqual(await plannedAnew({ folder }, operations), operations);
  assert.deepEqual(await plannedAnew({ folder }, operations), []);
  assert.deepEqual(await plannedAnew({ folder }, ['{a}'], 'graph 2'), ['{a}']);
  assert.deepEqual(await plannedAnew({ folder }, operations), []);
  for (const file of await filesIn(folder))
    assert.equal((await stat(file)).mode & 0o077, 0, 'read by nobody else');
});

test('files that are broken or foreign are not believed, and replaced', async (t) => {
  const folder = await emptyFolder(t);
  await plannedAnew({ folder }, ['{a}', '{b}']);
  const [file = '', other = ''] = await filesIn(folder);
  const whole = await readFile(file, 'utf8');
  const damage: [string, string | Buffer][] = [
    ['empty', ''],
    ['half', whole.slice(0, whole.length / 2)],
    ['another letter', whole.replace('"subgraph":"a"', '"subgraph":"b"')],
    ["another operation's", await readFile(other, 'utf8')],
    ['anything', 'x\n{}'],
    ['bytes', Buffer.from([0xff, 0x00, 0x0a, 0xfe])],
  ];
  for (const [name, contents] of damage) {
    await writeFile(file, contents);
    const warnings: string[] = [];
    const log = { warn: (_: object, message: string) => void warnings.push(message) };
    assert.equal((await plannedAnew({ folder, log }, ['{a}', '{b}'])).length, 1, name);
    assert.deepEqual(warnings, ['a plan on disk cannot be used and will be made anew'], name);
    assert.deepEqual(await plannedAnew({ folder }, ['{a}', '{b}']), [], name);
  }
});

test('a folder that cannot be written is a warning and no more', async (t) => {
  const folder = await emptyFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  const warnings: string[] = [];
  const log = { warn: (_: object, message: string) => void warnings.push(message) };
  assert.deepEqual(await plannedAnew({ folder: file, log }, ['{a}', '{b}']), ['{a}', '{b}']);
  assert.deepEqual(warnings, ['plans are not kept on disk any more']);
});

test('a folder that is emptied meanwhile is filled again', async (t) => {
  const folder = await emptyFolder(t);
  const planner = countingPlanner();
  const cache = createPlanCache({ planner, folder });
  await cache.plan('{a}');
  await cache.close();
  await rm(folder, { recursive: true });
  await cache.plan('{b}');
  await cache.close();
  assert.deepEqual(await plannedAnew({ folder }, ['{b}']), []);
});

test('files are bounded in number and bytes; those that were used last stay, and what is not ours too', async (t) => {
  for (const bound of [{ files: 10 }, { bytes: 3_500 }]) {
    const folder = await emptyFolder(t);
    const foreign = join(folder, 'notes.txt');
    await writeFile(foreign, 'x'.repeat(10_000));
    const operations = Array.from({ length: 30 }, (_, index) => `{f${index}}`);
    const first = operations[0] ?? '';
    for (const operation of operations) {
      await plannedAnew({ folder, ...bound }, [operation]);
      const plans = (await filesIn(folder)).filter((file) => file !== foreign);
      // Clocks of file systems are coarse: what has just been written is made older than what comes.
      for (const file of plans) await utimes(file, new Date(), new Date((await stat(file)).mtimeMs - 5_000));
      assert.deepEqual(
        await plannedAnew({ folder, ...bound }, [first]),
        [],
        'what is used again and again stays',
      );
      const sizes = await Promise.all(plans.map(async (file) => (await stat(file)).size));
      assert.ok(sizes.length <= (bound.files ?? 30), `${sizes.length} files`);
      assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= (bound.bytes ?? Infinity));
    }
    assert.ok((await filesIn(folder)).includes(foreign));
    assert.ok((await filesIn(folder)).length > 5);
  }
});

test('half a file that a killed process left behind is deleted after a while', async (t) => {
  const folder = await emptyFolder(t);
  await plannedAnew({ folder }, ['{a}']);
  const [file = ''] = await filesIn(folder);
  const left = ['0', '1'].map((digit) =>
    join(dirname(file), `${'a'.repeat(64)}.${digit.repeat(8)}-0000-4000-8000-000000000000.half`),
  );
  for (const path of left) await writeFile(path, 'half');
  await utimes(left[0] ?? '', new Date(), new Date(Date.now() - 2 * 3_600_000));
  await plannedAnew({ folder }, ['{b}']);
  const names = await filesIn(folder);
  assert.deepEqual(
    left.map((path) => names.includes(path)),
    [false, true],
  );
});

test('processes share a folder', { timeout: 60_000 }, async (t) => {
  const folder = await emptyFolder(t);
  const module = new URL('../../../supergraph/planner/plan-cache.ts', import.meta.url).href;
  const script = `
    const { createPlanCache } = await import(${JSON.stringify(module)});
    const planner = { version: 'graph 1', plan: async (operation) => ({ node: {
      kind: 'fetch', subgraph: 'a', operation: 'query', document: operation, variables: [], path: [] } }) };
    const cache = createPlanCache({ planner, folder: ${JSON.stringify(folder)}, files: 60 });
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 80 }, (_, index) => cache.plan('{f' + index + '}')));
      await cache.close();
    }
    console.log('done');`;
  const runs = await Promise.all(
    Array.from({ length: 3 }, () =>
      promisify(execFile)(process.execPath, [...nodeFlags, '--input-type=module', '--eval', script], {
        cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      }),
    ),
  );
  assert.deepEqual(
    runs.map(({ stdout, stderr }) => stdout + stderr),
    Array(3).fill('done\n'),
  );
  const warnings: object[] = [];
  const operations = Array.from({ length: 80 }, (_, index) => `{f${index}}`);
  const log = { warn: (details: object) => void warnings.push(details) };
  const asked = await plannedAnew({ folder, log }, operations);
  assert.ok(asked.length < 80, 'some were kept');
  assert.deepEqual(warnings, [], 'none is broken');
});

test('operations are planned ahead, and those that cannot be are named', async () => {
  const planner = countingPlanner('graph 1', (operation) =>
    operation === '{bad}' ? 'PLANNING_FAILED' : undefined,
  );
  const cache = createPlanCache({ planner });
  const operations = ['{bad}', ...Array.from({ length: 20 }, (_, index) => `{f${index}}`)];
  const failures = await cache.warm(operations);
  assert.deepEqual(
    failures.map(({ operation }) => operation),
    ['{bad}'],
  );
  await cache.plan('{f7}');
  assert.equal(planner.asked.length, 21);
});

test('a real plan survives a restart without being planned again', async (t) => {
  const folder = await emptyFolder(t);
  const supergraph = supergraphOf({
    a: 'type Query { a: A } type A @key(fields: "id") { id: ID! }',
    b: 'type A @key(fields: "id") { id: ID! b: Int }',
  });
  const planner = await createPlanner({ supergraph });
  t.after(() => planner.close());
  const cache = createPlanCache({ planner, folder });
  const plan = await cache.plan('{a{b}}');
  await cache.close();
  const never = { version: planner.version, plan: () => Promise.reject(new Error('planned again')) };
  assert.deepEqual(await createPlanCache({ planner: never, folder }).plan('{a{b}}'), plan);
});
