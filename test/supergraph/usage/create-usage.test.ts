// Holds usage to what routers, files and readers do with it: nothing is lost, nothing grows without end.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql';
import {
  createUsage,
  type UsageOptions,
  type UsedOperation,
} from '../../../supergraph/usage/create-usage.ts';
import { readUsage } from '../../../supergraph/usage/read-usage.ts';

const schema = buildSchema(`
  type Query { a(size: Size): Int  b: Int  old: Int @deprecated(reason: "No successor. Ends 2027-01-31.") }
  enum Size { S L }
`);
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  folders.push(folder);
  return folder;
}

function used(text: string): UsedOperation {
  const document = parse(text);
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  assert.ok(operation);
  return { name: operation.name?.value, document, operation, schema };
}

const noon = Date.parse('2026-11-22T12:00:00.000Z');
const aDay = 86_400_000;

/** A recorder, its log and its clock. */
function recorder(options: Partial<UsageOptions> = {}) {
  const log: string[] = [];
  const clock = { now: noon };
  const usage = createUsage({
    bff: 'bff-test',
    log: { warn: (_, message) => void log.push(message) },
    now: () => clock.now,
    every: '1h',
    ...options,
  });
  return { usage, log, clock };
}

const ios = { name: 'ios', version: '3.1.0' };
const nobody = { name: undefined, version: undefined };

test('who used what, how often and when is read again from the file', async () => {
  const folder = newFolder();
  const { usage, clock, log } = recorder({ folder });
  const home = used('query Home($size: Size) { a(size: $size) }');
  usage.used(ios, home);
  clock.now += 1000;
  usage.used(ios, home);
  // The same text, parsed anew.
  usage.used(ios, used('query Home($size: Size) { a(size: $size) }'));
  usage.used(nobody, used('{ b }'));
  await usage.stop();
  const { uses, others, files } = await readUsage(folder, 'bff-test');
  assert.deepEqual([uses.length, others, files, log], [2, [], 1, []]);
  const told = (client: string | undefined) => {
    const use = uses.find((one) => one.client === client);
    return {
      ...use,
      named: [...(use?.named ?? [])],
      possible: [...(use?.possible ?? [])],
      id: use?.id.length,
    };
  };
  assert.deepEqual(told('ios'), {
    client: 'ios',
    version: '3.1.0',
    operation: 'Home',
    named: ['Size', 'Query.a', 'Query.a(size:)'],
    possible: ['Size.S', 'Size.L'],
    count: 3,
    first: '2026-11-22T12:00:00.000Z',
    last: '2026-11-22T12:00:01.000Z',
    id: 64,
  });
  assert.deepEqual(told(undefined), {
    client: undefined,
    version: undefined,
    operation: undefined,
    named: ['Query.b'],
    possible: [],
    count: 1,
    first: '2026-11-22T12:00:01.000Z',
    last: '2026-11-22T12:00:01.000Z',
    id: 64,
  });
});

test('several processes and restarts add up, and writing again changes nothing', async () => {
  const folder = newFolder();
  for (const times of [1, 2, 3]) {
    const { usage } = recorder({ folder });
    for (let time = 0; time < times; time += 1) usage.used(ios, used('query B { b }'));
    await usage.flush();
    await usage.flush();
    usage.used(ios, used('query B { b }'));
    await usage.stop();
    await usage.stop();
  }
  const { uses, files } = await readUsage(folder, 'bff-test');
  assert.deepEqual([uses.length, uses[0]?.count, files], [1, 9, 3]);
});

test('who uses nothing leaves no file, and without a folder there is none', async () => {
  const folder = newFolder();
  await recorder({ folder }).usage.stop();
  const { usage } = recorder();
  usage.used(ios, used('{ b }'));
  await usage.stop();
  assert.deepEqual(await readUsage(folder, 'bff-test'), { uses: [], others: [], files: 0 });
  assert.match(usage.text(), /client="ios".* 1\n/);
});

test('operations of one name and different texts are told apart', async () => {
  const folder = newFolder();
  const { usage } = recorder({ folder });
  usage.used(ios, used('query Home { a }'));
  usage.used(ios, used('query Home { b }'));
  await usage.stop();
  const { uses } = await readUsage(folder, 'bff-test');
  assert.deepEqual(uses.map(({ named }) => [...named]).sort(), [['Query.a'], ['Query.b']]);
});

test('strangers who call themselves anything take a bounded place, and what they used is counted still', async () => {
  const folder = newFolder();
  const { usage, clock } = recorder({ folder, rows: 10 });
  const old = used('query Old { old }');
  const long = 'x'.repeat(20_000);
  for (let index = 0; index < 500; index += 1) {
    usage.used({ name: `stranger ${index}`, version: long }, old);
    clock.now += 100;
    usage.used(ios, old);
  }
  await usage.stop();
  const { uses, others } = await readUsage(folder, 'bff-test');
  assert.equal(uses.length, 10);
  assert.equal(uses.find(({ client }) => client === 'ios')?.count, 500, 'who comes again and again stays');
  assert.deepEqual(
    others.map(({ coordinate, count, named }) => ({ coordinate, count, named })),
    [{ coordinate: 'Query.old', count: 491, named: true }],
  );
  assert.ok(uses.every(({ version = '' }) => version.length <= 100));
  const [file = ''] = readdirSync(join(folder, 'bff-test'));
  assert.ok(statSync(join(folder, 'bff-test', file)).size < 10_000);
  const text = usage.text();
  assert.match(text, /_operation_uses_total\{bff="bff-test",client="\(others\)".*\} 491\n/);
  assert.match(text, /_deprecated_uses_total\{.*coordinate="Query\.old",client="\(others\)".*\} 491\n/);
});

test('any number of operations takes a bounded place', async () => {
  const folder = newFolder();
  const { usage } = recorder({ folder, operations: 5 });
  for (let index = 0; index < 200; index += 1) {
    usage.used(ios, used(`query Q${index} { b }`));
    usage.used(ios, used('query Kept { a }'));
  }
  await usage.stop();
  const { uses, others } = await readUsage(folder, 'bff-test');
  assert.equal(uses.length, 5);
  assert.equal(uses.find(({ operation }) => operation === 'Kept')?.count, 200);
  assert.equal(others[0]?.count, 196);
});

test('names cannot change a terminal, a line of metrics or a label', async () => {
  const folder = newFolder();
  const { usage } = recorder({ folder });
  usage.used({ name: 'a"b\\c\n\u001b[2J', version: '\u202e1' }, used('{ b }'));
  await usage.stop();
  const { uses } = await readUsage(folder, 'bff-test');
  assert.deepEqual([uses[0]?.client, uses[0]?.version], ['a"b\\c??[2J', '?1']);
  assert.ok(usage.text().includes('client="a\\"b\\\\c??[2J",version="?1"'));
});

test('each day has a file, old ones go, and other files stay', async () => {
  const folder = newFolder();
  const own = join(folder, 'bff-test');
  mkdirSync(own);
  const id = '00000000-0000-0000-0000-000000000000';
  const before = [`2026-11-10-${id}.json`, `2026-11-10-${id}.json.tmp`, 'notes-2026-11-10.txt'];
  for (const name of before) writeFileSync(join(own, name), '{}');
  const { usage, clock } = recorder({ folder, days: 10 });
  usage.used(ios, used('query B { b }'));
  clock.now += aDay;
  usage.used(ios, used('query B { b }'));
  usage.used(ios, used('query B { b }'));
  await usage.flush();
  const days = () => readdirSync(own).map((name) => name.slice(0, 10));
  assert.deepEqual(days(), ['2026-11-22', '2026-11-23', 'notes-2026']);
  const read = await readUsage(folder, 'bff-test');
  assert.deepEqual([read.uses[0]?.count, read.uses[0]?.last], [3, '2026-11-23T12:00:00.000Z']);
  clock.now += 10 * aDay;
  await usage.stop();
  assert.deepEqual(days(), ['2026-11-23', 'notes-2026']);
  assert.match(usage.text(), /operation="B".*\} 3\n/);
});

test('what cannot be written is told, and written when it can be', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'bff-test'), 'a file where the folder should be');
  const { usage, log } = recorder({ folder });
  usage.used(ios, used('query B { b }'));
  await usage.flush();
  assert.ok(log.includes('usage cannot be written'));
  rmSync(join(folder, 'bff-test'));
  await usage.stop();
  assert.equal((await readUsage(folder, 'bff-test')).uses[0]?.count, 1);
});

test('days that cannot be written wait, but not without end', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'bff-test'), 'a file where the folder should be');
  const { usage, log, clock } = recorder({ folder });
  for (let day = 0; day < 6; day += 1) {
    usage.used(ios, used('query B { b }'));
    await usage.flush();
    clock.now += aDay;
  }
  rmSync(join(folder, 'bff-test'));
  await usage.stop();
  assert.equal(log.filter((message) => message.startsWith('usage of a day is lost')).length, 3);
  assert.equal((await readUsage(folder, 'bff-test')).uses[0]?.count, 3);
});

test('what is no usage is not read over', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'bff-test'));
  const path = join(folder, 'bff-test', '2026-11-10-00000000-0000-0000-0000-000000000000.json');
  for (const content of ['', '{}', '{"format":"tributary-usage","version":2}', '[]']) {
    writeFileSync(path, content);
    await assert.rejects(readUsage(folder, 'bff-test'), /holds no usage that can be read here/);
  }
});

test('a folder of usage is read without the half of a file that is being written', async () => {
  const folder = newFolder();
  const { usage } = recorder({ folder });
  usage.used(ios, used('query B { b }'));
  await usage.stop();
  const own = join(folder, 'bff-test');
  const [file = ''] = readdirSync(own);
  writeFileSync(join(own, `${file}.tmp`), readFileSync(join(own, file), 'utf8').slice(0, 40));
  assert.equal((await readUsage(folder, 'bff-test')).uses.length, 1);
});

test('what an operation uses is worked out once', () => {
  const { usage, log } = recorder();
  const { name, document, operation } = used('query Home { a }');
  let looks = 0;
  const watched = new Proxy(document, {
    get(target, key, receiver) {
      looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  usage.used(ios, { name, document: watched, operation, schema });
  const atFirst = looks;
  for (let time = 0; time < 100; time += 1) {
    usage.used(ios, { name, document: watched, operation, schema });
  }
  assert.ok(atFirst > 0);
  assert.equal(looks, atFirst);
  assert.match(usage.text(), /operation="Home".*\} 101\n/);
  assert.deepEqual(log, []);
});

test('what changes in the schema is seen', async () => {
  const { usage } = recorder();
  const { name, document, operation } = used('query Home { a }');
  usage.used(ios, { name, document, operation, schema });
  assert.doesNotMatch(usage.text(), /deprecated_uses_total\{/);
  const later = buildSchema('type Query { a: Int @deprecated }');
  usage.used(ios, { name, document, operation, schema: later });
  assert.match(usage.text(), /deprecated_uses_total\{.*coordinate="Query\.a".*\} 2\n/);
});
