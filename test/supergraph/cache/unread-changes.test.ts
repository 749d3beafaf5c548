// Holds routers to saying of messages about changes that cannot be read why that is, without filling the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LevelOne } from '../../../supergraph/cache/level-one.ts';
import { createChanges } from '../../../supergraph/cache/tell-changes.ts';
import { createMemoryBus } from '../../../supergraph/store/memory-bus.ts';
import { testClock } from './cached-graph.ts';

function listening() {
  const bus = createMemoryBus();
  const { now, pass } = testClock();
  const lines: string[] = [];
  const log = { warn: (line: string) => void lines.push(line) };
  const levelOne = new LevelOne({ bytes: 1000, now });
  createChanges({ levelOne, levelTwo: undefined, bus, log, now });
  return { bus, lines, pass, levelOne };
}

for (const [message, because] of [
  ['Product:p1', 'it is no JSON'],
  ['', 'it is no JSON'],
  ['"Product:p1"', 'it is no JSON object'],
  ['["Product:p1"]', 'it is no JSON object'],
  ['{"keys": "Product:p1"}', '"keys", "types" and "tags" must be lists of texts'],
  ['{"types": [1]}', '"keys", "types" and "tags" must be lists of texts'],
  ['{"keys": ["Product:p1"], "all": "yes"}', '"all" must be true or false'],
  ['{}', 'it has none of "keys", "types", "tags" and "all"'],
  ['{"fence": "x"}', 'it has none of "keys", "types", "tags" and "all"'],
  ['{"key": ["Product:p1"]}', 'it has none of "keys", "types", "tags" and "all". Did you mean "keys"?'],
] as const) {
  test(`of ${message || 'an empty message'} it is said why it cannot be read, and nothing is dropped`, async () => {
    const { bus, lines, levelOne } = listening();
    await bus.publish(message);
    const sentence = 'A message about what has changed cannot be read, and nothing is dropped';
    assert.deepEqual(lines, [`${sentence}: ${because.replace(/\??$/, (end) => end || '.')}`]);
    assert.equal(levelOne.moment, 0);
  });
}

test('what can be read is not spoken of, also with a member that nobody knows', async () => {
  const { bus, lines, levelOne } = listening();
  for (const message of ['{"keys": []}', '{"keys": ["Product:p1"], "later": 1}', '{"all": true}']) {
    await bus.publish(message);
  }
  assert.deepEqual([lines, levelOne.moment], [[], 3]);
});

test('many are spoken of once a minute, with how many they were', async () => {
  const { bus, lines, pass } = listening();
  for (let times = 0; times < 50; times += 1) await bus.publish('garbage');
  assert.equal(lines.length, 1);
  pass(60_000);
  await bus.publish('garbage');
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', / It is one of 50 since that was said last\.$/);
});
