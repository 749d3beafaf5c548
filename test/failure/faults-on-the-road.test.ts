// Holds a router to its word when the road to a subgraph is bad: bounded time, a clear code, and the rest of the answer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type BadRoads, faults, slack, startBadRoads, timeout, wholeItems } from './support/bad-roads.ts';
import type { AnswerBody } from './support/validate-answer.ts';

let world: BadRoads;

before(async () => {
  world = await startBadRoads();
});
after(() => world?.stop());

const ask = (query: string) => world.ask(query);

const codesIn = ({ errors = [] }: AnswerBody): unknown[] => [
  ...new Set(errors.map(({ extensions }) => extensions?.code)),
];

const questions: { name: string; query: string; faulty: ('stock' | 'price')[]; data: object }[] = [
  {
    name: 'a nullable field is null, and its neighbours of other subgraphs are there',
    query: '{ items { name stock price } clock }',
    faulty: ['stock'],
    data: { items: wholeItems.map(({ name, price }) => ({ name, stock: null, price })), clock: 'noon' },
  },
  {
    name: 'a field that may not be null takes its object along, and no more',
    query: '{ items { name shelf price } clock }',
    faulty: ['stock'],
    data: { items: [null, null], clock: 'noon' },
  },
  {
    name: 'two such roads cost no more than one',
    query: '{ items { name stock price } clock }',
    faulty: ['stock', 'price'],
    data: { items: wholeItems.map(({ name }) => ({ name, stock: null, price: null })), clock: 'noon' },
  },
];

for (const { name, fault, code } of faults) {
  describe(`a road that ${name}`, () => {
    for (const { name: outcome, query, faulty, data } of questions) {
      test(`${outcome}: ${code}`, async () => {
        for (const road of faulty) await world.roads[road].put(fault);
        const { body, took } = await ask(query);
        for (const road of faulty) await world.roads[road].put(undefined);
        assert.deepEqual(body.data, data);
        assert.deepEqual(codesIn(body), [code]);
        assert.ok(took < timeout + slack, `took ${took} ms`);
        const healed = await ask(query);
        assert.deepEqual(codesIn(healed.body), [], 'it is used again as soon as it is good');
      });
    }

    test('costs nothing where its subgraph is not asked', async () => {
      await world.roads.stock.put(fault);
      const { body } = await ask('{ items { name price } clock }');
      await world.roads.stock.put(undefined);
      assert.deepEqual(body, {
        data: { items: wholeItems.map(({ name, price }) => ({ name, price })), clock: 'noon' },
      });
    });
  });
}

describe('a road', () => {
  const whole = { data: { items: wholeItems.map(({ name, stock }) => ({ name, stock })) } };

  for (const [name, fault] of [
    ['is slow, but not slower than we wait', { kind: 'delay', by: 40 }],
    ['comes in small pieces, but in time', { kind: 'trickle', bytes: 100, every: 5 }],
  ] as const) {
    test(`that ${name} brings the whole answer`, async () => {
      await world.roads.stock.put(fault);
      const { body, took } = await ask('{ items { name stock } }');
      await world.roads.stock.put(undefined);
      assert.deepEqual(body, whole);
      assert.ok(took >= ('by' in fault ? fault.by : fault.every), `took ${took} ms`);
    });
  }

  test('that breaks off while a kept connection is used again is tried once more, and nobody notices', async () => {
    await ask('{ items { name stock } }');
    world.roads.stock.requests.length = 0;
    await world.roads.stock.put(() =>
      world.roads.stock.requests.length === 0 ? { kind: 'reset' } : undefined,
    );
    const { body } = await ask('{ items { name stock } }');
    await world.roads.stock.put(undefined);
    assert.deepEqual(body, whole);
    assert.deepEqual(
      world.roads.stock.requests.map(({ fault }) => fault),
      ['reset', undefined],
    );
  });

  test('whose answer nobody waits for any more is closed, not kept', async () => {
    await world.roads.stock.put({ kind: 'drop' });
    const before = world.graph.of('stock').count();
    await ask('{ items { name stock } }');
    await world.roads.stock.put(undefined);
    assert.equal(world.graph.of('stock').count(), before, 'the subgraph has heard nothing');
    const { body } = await ask('{ items { name stock } }');
    assert.deepEqual(body, whole, 'a later question does not get the answer to an earlier one');
  });
});
