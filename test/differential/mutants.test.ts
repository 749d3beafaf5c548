// Checks the oracle itself: each mistake made on purpose in a copy of the engine is found among few operations.
import assert from 'node:assert/strict';
import test from 'node:test';
import { describeDifference } from './describe-difference.ts';
import { ownEngine } from './engines/own-engine.ts';
import { makeMutant } from './make-mutant.ts';
import { mutants } from './mutants.ts';
import { type SearchResult, searchDifferences } from './search-differences.ts';
import { worlds } from './worlds/all-worlds.ts';

const inShop = 'shop';

const search = (world: string, sources?: URL): Promise<SearchResult> =>
  searchDifferences({
    worlds: worlds.filter(({ name }) => name === world),
    engine: (prepared) => ownEngine(prepared, sources),
    locatesErrors: true,
    operations: 500,
    seed: 20,
    shrinks: false,
  });

for (const world of new Set(mutants.map((mutant) => mutant.world ?? inShop))) {
  test(`without a mistake nothing is found in the world ${world}`, async () => {
    const { differences } = await search(world);
    assert.deepEqual(differences.map(describeDifference), []);
  });
}

for (const mutant of mutants) {
  test(`found: ${mutant.name}`, async (context) => {
    const { sources, remove } = await makeMutant(mutant);
    try {
      const { differences, operations } = await search(mutant.world ?? inShop, sources);
      const [found] = differences;
      assert.ok(found, `nothing was noticed in ${operations} operations`);
      context.diagnostic(`after ${operations} operations: ${found.what}`);
    } finally {
      await remove();
    }
  });
}
