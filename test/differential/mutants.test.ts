// Checks the oracle itself: each mistake made on purpose in a copy of the engine is found among few operations.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import type { Planner } from '../../supergraph/planner/create-planner.ts';
import { describeDifference } from './describe-difference.ts';
import { ownEngine, ownPlanner } from './engines/own-engine.ts';
import type { PreparedWorld } from './graph/prepare-world.ts';
import { makeMutant } from './make-mutant.ts';
import { mutants } from './mutants.ts';
import { type SearchResult, searchDifferences } from './search-differences.ts';
import { worlds } from './worlds/all-worlds.ts';

const inShop = 'shop';

/** By world, for mistakes that are not the planner's: starting one is most of what a short search takes. */
const planners = new Map<string, Promise<Planner>>();
after(() => Promise.all([...planners.values()].map(async (planner) => (await planner).close())));

function plannerFor(prepared: PreparedWorld): Promise<Planner> {
  const { name } = prepared.world;
  const planner = planners.get(name) ?? ownPlanner(prepared);
  planners.set(name, planner);
  return planner;
}

const search = (world: string, sources?: URL, isPlanners = false): Promise<SearchResult> =>
  searchDifferences({
    worlds: worlds.filter(({ name }) => name === world),
    engine: async (prepared) =>
      ownEngine(prepared, {
        ...(sources && { sources }),
        ...(!isPlanners && { planner: await plannerFor(prepared) }),
      }),
    locatesErrors: true,
    // With this seed every mistake shows itself soon: the search is no longer than that, with a mistake and without.
    operations: 64,
    seed: 2,
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
      const { differences, operations } = await search(
        mutant.world ?? inShop,
        sources,
        mutant.file.startsWith('planner/'),
      );
      const [found] = differences;
      assert.ok(found, `nothing was noticed in ${operations} operations`);
      context.diagnostic(`after ${operations} operations: ${found.what}`);
    } finally {
      await remove();
    }
  });
}
