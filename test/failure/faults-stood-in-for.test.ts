// Holds a router to what it declares for bad roads: whatever went wrong, something stands in, and the client is told.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { critical, lastKnown, value } from '../../supergraph/declaration/fallback-words.ts';
import { type BadRoads, faults, slack, startBadRoads, timeout, wholeItems } from './support/bad-roads.ts';
import type { StandIn } from './support/validate-answer.ts';

let world: BadRoads;

before(async () => {
  world = await startBadRoads({
    fallbacks: {
      'Item.stock': value(null),
      'Item.shelf': value('ask us'),
      'Item.price': lastKnown({ upTo: '10m' }),
    },
  });
  // What stands in later has to be known.
  await world.ask('{ items { price } }');
});
after(() => world?.stop());

const told = (field: string, more: Omit<StandIn, 'path' | 'coordinate'>): StandIn[] =>
  wholeItems.map((_, index) => ({ path: ['items', index, field], coordinate: `Item.${field}`, ...more }));

/** Who looks at the clock might see it go on. */
const withoutAges = (degraded: readonly StandIn[] = []): object[] =>
  degraded.map(({ ageSeconds, ...rest }) => ({ ...rest, isAged: ageSeconds !== undefined }));

const questions: {
  name: string;
  field: 'stock' | 'shelf' | 'price';
  road: 'stock' | 'price';
  strategy: StandIn['strategy'];
  stands: (item: (typeof wholeItems)[number]) => unknown;
}[] = [
  {
    name: 'a value stands in for a field',
    field: 'stock',
    road: 'stock',
    strategy: 'value',
    stands: () => null,
  },
  {
    name: 'a value stands in for a field that may not be null',
    field: 'shelf',
    road: 'stock',
    strategy: 'value',
    stands: () => 'ask us',
  },
  {
    name: 'what was known last stands in',
    field: 'price',
    road: 'price',
    strategy: 'lastKnown',
    stands: ({ price }) => price,
  },
];

for (const { name, fault, code } of faults) {
  describe(`a road that ${name}`, () => {
    for (const { name: outcome, field, road, strategy, stands } of questions) {
      test(`${outcome}, with ${code} as its reason`, async () => {
        await world.roads[road].put(fault);
        const { body, took } = await world.ask(`{ items { name ${field} } clock }`);
        await world.roads[road].put(undefined);
        assert.equal(body.errors, undefined);
        assert.deepEqual(body.data, {
          items: wholeItems.map((item) => ({ name: item.name, [field]: stands(item) })),
          clock: 'noon',
        });
        assert.deepEqual(
          withoutAges(body.extensions?.degraded),
          told(field, { strategy, reason: code }).map((one) => ({
            ...one,
            isAged: strategy === 'lastKnown',
          })),
        );
        assert.ok(took < timeout + slack, `took ${took} ms`);
        const { body: healed } = await world.ask(`{ items { ${field} } }`);
        assert.equal(healed.extensions, undefined, 'nothing stands in any more');
      });
    }
  });
}

test('nothing stands in for what a mutation answers', async () => {
  await world.roads.price.put({ kind: 'reset' });
  const { body } = await world.ask('mutation { restock { id price } }');
  await world.roads.price.put(undefined);
  assert.equal(body.extensions, undefined);
  assert.deepEqual(body.data, { restock: { id: '0', price: null } });
  assert.deepEqual(
    body.errors?.map(({ path, extensions }) => ({ path, code: extensions?.code })),
    [{ path: ['restock', 'price'], code: 'SUBGRAPH_UNAVAILABLE' }],
  );
});

test('a mutation is not sent again, whatever becomes of it', async () => {
  await world.roads.stock.put({ kind: 'truncate', after: 20 });
  const before = world.graph.of('stock').count('restock');
  const { body } = await world.ask('mutation { restock { id } }');
  await world.roads.stock.put(undefined);
  assert.deepEqual(
    body.errors?.map(({ extensions }) => extensions?.code),
    ['SUBGRAPH_UNAVAILABLE'],
  );
  assert.equal(world.graph.of('stock').count('restock'), before + 1);
});

test('what is good beside something that stands in is remembered all the same', async (t) => {
  const other = await startBadRoads({
    fallbacks: {
      'Item.stock': [lastKnown({ upTo: '10m' }), value(null)],
      'Item.price': lastKnown({ upTo: '10m' }),
    },
  });
  t.after(() => other.stop());
  await other.roads.stock.put({ kind: 'reset' });
  const first = await other.ask('{ items { stock price } }');
  assert.deepEqual(
    [...new Set(first.body.extensions?.degraded?.map(({ coordinate }) => coordinate))],
    ['Item.stock'],
  );
  await other.roads.price.put({ kind: 'reset' });
  const { body } = await other.ask('{ items { price } }');
  assert.equal(body.errors, undefined);
  assert.deepEqual(body.data, { items: wholeItems.map(({ price }) => ({ price })) });
});

test('without a field that is critical there is one clear error, and nothing else', async (t) => {
  const other = await startBadRoads({ fallbacks: { 'Item.price': critical } });
  t.after(() => other.stop());
  for (const { name, fault, code } of faults) {
    await other.roads.price.put(fault);
    const { body } = await other.ask('{ items { name price } clock }');
    await other.roads.price.put(undefined);
    assert.equal(body.data, null, name);
    assert.deepEqual(
      body.errors?.map(({ extensions }) => extensions?.code),
      [code],
      name,
    );
  }
});
