// Holds the page of limits to what holds: the defaults of its table, the codes that it names, and its declaration.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import { usualLimits } from '../../../supergraph/declaration/limits-declaration.ts';
import { errorRow } from '../../../supergraph/foundation/errors.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import { operationLimits } from '../../../supergraph/limits/operation/operation-limits.ts';
import { explainBff } from '../../../supergraph/router/explain-bff.ts';
import { testEnvironment } from '../../supergraph/fixtures/router-under-test.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const [, section = ''] = /\n#### Operations\n([\s\S]*?)\n#### /.exec(read('docs/configuration.md')) ?? [];

test('the table has every limit of operations, as it is where nothing is declared', () => {
  const rows = [...section.matchAll(/^\| `(\w+)` \|.*\| ([^|]+) \| (?:`(\w+)` )?\|$/gm)];
  const told = new Map(rows.map(([, key = '', value = '']) => [key, value.replaceAll(/[`,']/g, '')]));
  const keys = [...Object.keys(operationLimits()), 'introspection'];
  assert.deepEqual([...told.keys()].sort(), keys.sort());
  for (const [key, value] of told)
    assert.equal(value, String(usualLimits[key as keyof typeof usualLimits]), key);
  for (const [, key, , code] of rows) assert.ok(key === 'errors' || errorRow(code), `${key}: ${code}`);
});

async function declared(t: { after: (done: () => void) => void }): Promise<BffDeclaration> {
  const [, code = ''] = /```ts\n([^`]*)```/.exec(section) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'limited-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bff.ts');
  writeFileSync(file, code.replace('../supergraph/index.ts', new URL('supergraph/index.ts', root).href));
  return (await import(file)).stand;
}

const facts = () => readSupergraphFacts(read('supergraph/graph/supergraph.graphql'), 'the shop');

test('the declaration is a good one, and --explain tells what it says and what it leaves unsaid', async (t) => {
  const stand = await declared(t);
  assert.deepEqual(checkBff(stand, facts()), []);
  const lines = (environment: Partial<typeof testEnvironment>): string =>
    explainBff(stand, facts(), { ...testEnvironment, ...environment });
  const said = lines({});
  for (const [key, value, from] of [
    ['limits\\.body', '100KB', 'declared'],
    ['limits\\.depth', '12', 'declared'],
    ['limits\\.listItems', '1000', 'default'],
    ['limits\\.answer', '5MB', 'declared'],
    ['limits\\.introspection', 'development: everybody, because NODE_ENV is not production', 'default'],
    ['clients\\.studio reads the schema', 'true', 'declared'],
  ]) {
    assert.match(said, new RegExp(`^${key} +${value} +\\(${from}\\)$`, 'm'));
  }
  assert.match(lines({ production: true }), /^limits\.introspection +development: nobody +\(default\)$/m);
  assert.match(lines({ engine: 'apollo' }), /^limits\.fetches +not bounded +\(ENGINE\)$/m);
  assert.match(lines({ engine: 'apollo' }), /^limits\.depth +12 +\(declared\)$/m);
});
