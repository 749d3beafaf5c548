// Holds the schema, the figures and the defaults that docs/configuration.md shows under costs to what is reckoned.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compose } from '../../../../supergraph/composition/compose.ts';
import { usualLimits } from '../../../../supergraph/declaration/limits-declaration.ts';
import { schemaOf } from '../../fixtures/fixture-graph.ts';
import { reckon } from './reckon.ts';

const docs = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
const [, section = ''] = /\n#### Costs\n([\s\S]*?)\n###/.exec(docs) ?? [];

test('the schema composes, and the operation costs what is said', () => {
  const [, schema = ''] = /```graphql\n([^`]*)```/.exec(section) ?? [];
  const [, operation = '', cost] = /There `(\{[^`]*)` may cost (\d+)/.exec(section) ?? [];
  const link =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])';
  const supergraph = compose([schemaOf('boxes', `${link}\n${schema}`)]);
  assert.equal(reckon(supergraph, operation).estimate(), Number(cost));
  const edges = Array.from({ length: 2 }, () => ({ node: { boxes: [{ weight: 1 }] } }));
  assert.equal(reckon(supergraph, operation).actual({ shelves: { edges } }), 1 + 2 * (2 + 1 + 3));
});

test('the defaults are those that hold', () => {
  const [, ...rows] = [...section.matchAll(/^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$/gm)];
  assert.deepEqual(
    rows.map(([, key, value]) => [key, value]),
    [
      ['cost', Number.isFinite(usualLimits.cost) ? String(usualLimits.cost) : 'not bounded'],
      ['assumedListSize', String(usualLimits.assumedListSize)],
    ],
  );
});
