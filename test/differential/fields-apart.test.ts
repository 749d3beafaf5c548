// Searches for operations that our engine answers otherwise than the monolith where single fields have policies: some are asked
// for by themselves, and those that fail are not asked for any more.
import assert from 'node:assert/strict';
import test from 'node:test';
import { buildASTSchema, isInterfaceType, isObjectType } from 'graphql';
import { defineBff } from '../../supergraph/declaration/define-bff.ts';
import type { SupergraphFacts } from '../../supergraph/foundation/supergraph-facts.ts';
import { createFields } from '../../supergraph/resilience/fields/create-fields.ts';
import { describeDifference } from './describe-difference.ts';
import { ownEngine } from './engines/own-engine.ts';
import { noFailures } from './graph/inject-failures.ts';
import { hashed } from './operations/random.ts';
import { searchDifferences } from './search-differences.ts';
import { worlds } from './worlds/all-worlds.ts';

const operations = Number(process.env['OPERATIONS'] ?? 500);

function fieldsFor({ document, ...facts }: SupergraphFacts, seed: number, breaks: boolean) {
  const types = Object.values(buildASTSchema(document, { assumeValidSDL: true }).getTypeMap());
  const coordinates = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
      : [],
  );
  const own = coordinates.filter((name) => hashed(seed, 'own', name) < 0.2);
  const bff = defineBff({
    name: 'test',
    port: 0,
    fields: Object.fromEntries(own.map((name) => [name, { timeout: '60s' }])),
    ...(breaks && { subgraphs: { every: { breaker: { opensAt: '50%', of: 1, for: '1h' } } } }),
  });
  return createFields({ bff, supergraph: { document, ...facts }, views: undefined, log: { warn: () => {} } });
}

function draw(t: { diagnostic: (message: string) => void }): number {
  const seed = Number(process.env['ORACLE_SEED'] ?? Math.floor(Math.random() * 1_000_000));
  t.diagnostic(`seed ${seed}`);
  return seed;
}

test('plans of which fields were taken out answer as a monolith does, with failures and without', async (t) => {
  const seed = draw(t);
  const result = await searchDifferences({
    ...{ worlds, operations, seed, locatesErrors: true },
    engine: (prepared) =>
      ownEngine(prepared, { fieldsOf: (supergraph) => fieldsFor(supergraph, seed, false) }),
  });
  assert.deepEqual(result.differences.map(describeDifference), [], `seed ${seed}`);
});

test('fields that always fail are null, and nothing else is, whether they are asked for or not', async (t) => {
  const seed = draw(t);
  const result = await searchDifferences({
    ...{ worlds, operations, seed, locatesErrors: true },
    // By their names alone: a subgraph may know an interface as an object, and cannot tell its objects from each other.
    failing: 1,
    failures: () => ({
      ...noFailures,
      field: (coordinate) =>
        hashed(seed, 'fails', coordinate.slice(coordinate.indexOf('.'))) < 0.15 ? 'throws' : undefined,
    }),
    engine: (prepared) =>
      ownEngine(prepared, { fieldsOf: (supergraph) => fieldsFor(supergraph, seed, true) }),
  });
  assert.deepEqual(result.differences.map(describeDifference), [], `seed ${seed}`);
  t.diagnostic(`${result.runs} runs, of which ${result.runsWithFailures} asked for what fails`);
  assert.ok(result.runsWithFailures < result.runs / 2, 'most of what fails is not asked for');
});
