// What a subgraph changes is told over a bus in its own process, in the words of the routers' protocol, whatever the bus does.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { bothOf, changeOf, marksOf, messageOf } from '../../../../subgraphs/kit/changes/change.ts';
import type { ChangeBus } from '../../../../subgraphs/kit/changes/publish-changes.ts';
import { marksOf as marksOfRouters, readChange } from '../../../../supergraph/cache/changes.ts';
import { createMemoryBus } from '../../../../supergraph/store/memory-bus.ts';
import { startLighthouse } from './lighthouse/lighthouse.ts';

const soon = 250;

async function lighthouseOn(t: TestContext, bus: ChangeBus | undefined) {
  const lighthouse = await startLighthouse(bus);
  t.after(lighthouse.stop);
  return lighthouse;
}

test('routers in the same process hear of it before the answer, and leave their own text in Redis', async (t) => {
  const bus = createMemoryBus();
  const heard: string[] = [];
  bus.listen((message) => heard.push(message));
  const lighthouse = await lighthouseOn(t, bus);
  await lighthouse.ask('mutation { light(id: "1") { id } }');
  assert.deepEqual(heard.map(readChange), [
    { keys: ['Lamp:1', 'Keeper:k1', 'Keeper:7'], types: [], tags: [], all: false },
  ]);
});

test('without a bus mutations are answered, and nobody is told', async (t) => {
  const lighthouse = await lighthouseOn(t, undefined);
  assert.deepEqual((await lighthouse.ask('mutation { light(id: "1") { id } }')).data, { light: { id: '1' } });
});

const troubles: [name: string, trouble: () => Promise<boolean>][] = [
  ['says that nothing went out', async () => false],
  ['fails', () => Promise.reject(new Error('no way'))],
  [
    'throws',
    () => {
      throw new Error('no way');
    },
  ],
];
for (const [name, trouble] of troubles) {
  test(`a bus that ${name} is told again, and once`, async (t) => {
    const told = new EventEmitter();
    const messages: string[] = [];
    let tries = 0;
    const lighthouse = await lighthouseOn(t, {
      publish(message) {
        if (++tries <= 3) return trouble();
        messages.push(message);
        told.emit('told');
        return Promise.resolve(true);
      },
    });
    const first = once(told, 'told');
    const { took } = await lighthouse.ask('mutation { light(id: "1") { id } }');
    assert.ok(took < soon, `took ${took} ms`);
    await first;
    const second = once(told, 'told');
    await lighthouse.ask('mutation { move(x: 3, y: 4) }');
    await second;
    const keys = messages.map((message) => readChange(message)?.keys);
    assert.deepEqual(keys, [['Lamp:1', 'Keeper:k1', 'Keeper:7'], ['Place:3,4']]);
  });
}

test('a bus that never answers holds up one operation for 50 ms, and what waits for it does not grow', async (t) => {
  const told = new EventEmitter();
  const sizes: number[] = [];
  let isStuck = true;
  const giveUp: (() => void)[] = [];
  const lighthouse = await lighthouseOn(t, {
    publish(message) {
      sizes.push(message.length);
      if (isStuck) return new Promise((resolve) => giveUp.push(() => resolve(false)));
      told.emit('told', message);
      return Promise.resolve(true);
    },
  });
  for (const count of [1, 900, 1001, 900]) {
    const { took } = await lighthouse.ask(`mutation { lightAll(count: ${count}) light(id: "x") { id } }`);
    assert.ok(took < soon, `took ${took} ms`);
  }
  isStuck = false;
  const [message] = await once(told, 'told', { signal: AbortSignal.timeout(10_000) });
  const change = readChange(message);
  assert.deepEqual(
    [change?.keys, change?.types],
    [
      ['Keeper:k1', 'Keeper:7'],
      ['Lamp', 'Lamp:*'],
    ],
  );
  assert.ok(Math.max(...sizes) < 30_000, String(Math.max(...sizes)));
});

test('its marks are those that routers make of its message', () => {
  const cases = [
    changeOf({ Product: ['p1', 'TEA-1'], User: 'u1' }),
    changeOf({ Place: { y: { b: 2, a: 1 }, x: null }, Odd: ['', '*', 'ü:,#', 0, true] }),
    changeOf({ Review: Array.from({ length: 1001 }, (_, index) => index), Cart: 'c' }),
    changeOf({ Twice: ['a', 'a'] }),
  ];
  cases.push(cases.reduce(bothOf), changeOf({}));
  for (const change of cases) {
    for (const fence of [undefined, 'a text']) {
      const read = readChange(messageOf(change, fence));
      assert.ok(read);
      assert.deepEqual(marksOfRouters(read), marksOf(change));
      assert.equal(read.fence, fence);
    }
  }
  assert.deepEqual(marksOf(changeOf({ Place: { y: 2, x: 1 } })), ['Place:1,2', 'Place:*']);
});
