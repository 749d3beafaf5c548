// Holds the declaration with policies of fields that docs/configuration.md shows to what is said of it there.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBff } from '../../../../supergraph/declaration/check-bff.ts';
import type { BffDeclaration } from '../../../../supergraph/declaration/define-bff.ts';
import { readSupergraphFacts } from '../../../../supergraph/foundation/supergraph-facts.ts';
import { FieldPolicies } from '../../../../supergraph/resilience/fields/field-policies.ts';
import { GraphTypes } from '../../../../supergraph/resilience/fields/graph-types.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

test('the declaration runs on the shop’s graph, and means what is written', async (t) => {
  const [, section = ''] = /\n#### Fields\n([\s\S]*?)\n### /.exec(read('docs/configuration.md')) ?? [];
  const [, code = ''] = /```ts\n([^`]*)```/.exec(section) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'declared-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bff.ts');
  writeFileSync(file, code.replace('../supergraph/index.ts', new URL('supergraph/index.ts', root).href));
  const { terminal }: { terminal: BffDeclaration } = await import(file);
  const facts = readSupergraphFacts(read('supergraph/graph/supergraph.graphql'), 'the shop');
  assert.deepEqual(checkBff(terminal, facts), []);
  const policies = new FieldPolicies(terminal, new GraphTypes(facts.document), undefined);
  const opens = { opensAt: 0.5, of: 20, for: 2000 };
  const cases = [
    ['reviews', 'Product', 'reviews', 300, opens],
    ['reviews', 'Product', 'rating', undefined, undefined],
    ['reviews', 'Review', 'body', undefined, opens],
    ['catalog', 'Product', 'name', undefined, undefined],
    ['reviews', 'Product', 'id', undefined, undefined],
  ] as const;
  for (const [subgraph, type, field, timeout, breaker] of cases) {
    assert.equal(policies.timeoutOf(subgraph, type, field), timeout, `${type}.${field}`);
    assert.deepEqual(policies.breakerOf(subgraph, type, field), breaker, `${type}.${field}`);
  }
});
