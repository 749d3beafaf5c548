// Holds that work in slices lets the event loop go round, and that several who work share one slice at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkSlices } from '../../../supergraph/executor/work-slices.ts';

function workFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('between two slices the event loop goes round, however many work', async (t) => {
  const slices = new WorkSlices();
  let rounds = 0;
  const timer = setInterval(() => {
    rounds += 1;
  }, 1);
  t.after(() => clearInterval(timer));
  const begun: number[] = [];
  const work = async (): Promise<void> => {
    for (let piece = 0; piece < 5; piece += 1) {
      await slices.turn();
      begun.push(rounds);
      workFor(10);
    }
  };
  await Promise.all([work(), work(), work()]);
  assert.equal(begun.length, 15);
  assert.equal(new Set(begun).size, 15, `rounds in which a slice began: ${begun}`);
});

test('while a slice lasts nobody waits', async () => {
  let time = 0;
  const slices = new WorkSlices(() => time);
  await slices.turn();
  time += 4;
  assert.equal(slices.turn(), undefined);
  time += 4;
  assert.ok(slices.turn() instanceof Promise);
});
