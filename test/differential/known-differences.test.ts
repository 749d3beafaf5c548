// Holds the table of known differences against the engines: each is still one, and ours answers as the monolith does.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import type { EngineUnderTest } from './engines/engine-under-test.ts';
import { monolith } from './engines/monolith.ts';
import { ownEngine } from './engines/own-engine.ts';
import { stockEngine } from './engines/stock-engine.ts';
import { prepareWorld } from './graph/prepare-world.ts';
import { WorldRun } from './graph/world-run.ts';
import { knownDifferences } from './known-differences.ts';
import { worlds } from './worlds/all-worlds.ts';

const opened = new Map<
  string,
  Promise<{ stock: EngineUnderTest; own: EngineUnderTest; whole: EngineUnderTest }>
>();

after(async () => {
  for (const engines of opened.values()) {
    const { stock, own } = await engines;
    await Promise.all([stock.close(), own.close()]);
  }
});

for (const { why, world: name, operation, variables = {} } of knownDifferences) {
  test(`${name}: ${why}`, async () => {
    const world = worlds.find((each) => each.name === name);
    assert.ok(world);
    let engines = opened.get(name);
    if (engines === undefined) {
      const prepared = prepareWorld(world);
      engines = Promise.all([stockEngine(prepared), ownEngine(prepared)]).then(([stock, own]) => ({
        stock,
        own,
        whole: monolith(prepared),
      }));
      opened.set(name, engines);
    }
    const { stock, own, whole } = await engines;
    const answer = async (engine: EngineUnderTest): Promise<string> => {
      try {
        const { data } = await engine.run({ source: operation, variables, run: new WorldRun(world) });
        return JSON.stringify(data);
      } catch (error) {
        return `threw ${error instanceof Error ? error.message : String(error)}`;
      }
    };
    const expected = await answer(whole);
    assert.notEqual(await answer(stock), expected, 'stock answers right by now: the row can go');
    assert.equal(await answer(own), expected);
  });
}
