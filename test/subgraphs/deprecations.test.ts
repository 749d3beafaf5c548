// Holds the shop to its word about what will go: until when it is there, and what takes its place.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { buildSchema } from 'graphql';
import { readDeprecation } from '../../supergraph/foundation/deprecation.ts';
import { schemaCoordinates } from '../../supergraph/lifecycle/schema-coordinates.ts';
import { root } from '../architecture/source-files.ts';

const bffs = readdirSync(root).filter((name) => /^bff-(web|mobile)$/.test(name));
const schemas = [
  'supergraph/graph/supergraph.graphql',
  ...bffs.map((bff) => `${bff}/generated/schema.graphql`),
];

for (const path of schemas) {
  const elements = schemaCoordinates(
    buildSchema(readFileSync(join(root, path), 'utf8'), { assumeValid: true }),
  );
  const deprecated = [...elements].flatMap(([coordinate, reason]) =>
    reason === undefined ? [] : { coordinate, ...readDeprecation(reason) },
  );

  test(`all that will go from ${path} says when, and what is there instead`, () => {
    assert.ok(deprecated.length > 0, 'nothing is deprecated: the shop is to show how that is done');
    const unclear = deprecated.filter(
      ({ reason, successor, ends }) =>
        ends === undefined || (successor === undefined && !/\bNo successor\b/.test(reason)),
    );
    assert.deepEqual(unclear, []);
  });

  test(`whoever sees what will go from ${path} sees what is there instead, and that it stays`, () => {
    const lost = deprecated.filter(
      ({ successor }) =>
        successor !== undefined && (!elements.has(successor) || elements.get(successor) !== undefined),
    );
    assert.deepEqual(lost, []);
  });
}
