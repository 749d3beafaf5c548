// Searches for operations that our engine answers otherwise than the monolith: a twentieth of what `npm run oracle` does.
import assert from 'node:assert/strict';
import test from 'node:test';
import { describeDifference } from './describe-difference.ts';
import { ownEngine } from './engines/own-engine.ts';
import { searchDifferences } from './search-differences.ts';
import { worlds } from './worlds/all-worlds.ts';

test('the engine answers random operations as a monolith does, with failures and without', async (context) => {
  const seed = Number(process.env['ORACLE_SEED'] ?? Math.floor(Math.random() * 1_000_000));
  context.diagnostic(`seed ${seed}`);
  const result = await searchDifferences({
    worlds,
    engine: (prepared) => ownEngine(prepared),
    locatesErrors: true,
    operations: 5000,
    seed,
  });
  context.diagnostic(`${result.operations} operations, ${result.runs} runs, ${result.discarded} not valid`);
  assert.deepEqual(result.differences.map(describeDifference), [], `seed ${seed}`);
  assert.deepEqual(result.coverage.gaps(), [], `seed ${seed}`);
});
