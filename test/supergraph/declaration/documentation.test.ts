// Holds the declaration and the schema with fallbacks that docs/configuration.md shows to what is said of them there.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { demandDomainFallbacks } from '../../../supergraph/composition/check-domain-fallbacks.ts';
import { compose } from '../../../supergraph/composition/compose.ts';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import { resolveFallbacks } from '../../../supergraph/declaration/resolved-fallbacks.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const docs = read('docs/configuration.md');
const [, section = ''] = /\n### Fallbacks\n([\s\S]*?)\n### /.exec(docs) ?? [];

const kindsBy = (fallbacks: ReturnType<typeof resolveFallbacks>, coordinate: string) =>
  fallbacks.get(coordinate)?.map(({ kind }) => kind);

test('the declaration runs on the shop’s graph', async (t) => {
  const [, code = ''] = /```ts\n([^`]*)```/.exec(section) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'declared-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bff.ts');
  writeFileSync(file, code.replace('../supergraph/index.ts', new URL('supergraph/index.ts', root).href));
  const { stand }: { stand: BffDeclaration } = await import(file);
  const facts = readSupergraphFacts(read('supergraph/graph/supergraph.graphql'), 'the shop');
  assert.deepEqual(checkBff(stand, facts), []);
  const resolved = resolveFallbacks({ bff: stand, supergraph: facts.document });
  assert.deepEqual(kindsBy(resolved, 'Product.price'), ['lastKnown', 'critical']);
  assert.deepEqual(kindsBy(resolved, 'Product.images'), ['omit']);
  // Of these the declaration says nothing, and their domains do.
  assert.deepEqual(kindsBy(resolved, 'Product.rating'), ['lastKnown', 'value']);
  assert.deepEqual(kindsBy(resolved, 'Product.related'), ['omit', 'lastKnown']);
});

test('the schema composes, and says what is written there in the order of the definition', () => {
  const [, sdl = ''] = /```graphql\n([^`]*)```/.exec(section) ?? [];
  const schemas = [schemaOf('shop', sdl)];
  const supergraph = compose(schemas);
  demandDomainFallbacks(schemas, supergraph);
  const { document } = readSupergraphFacts(supergraph, 'it');
  const resolved = resolveFallbacks({ bff: {}, supergraph: document });
  assert.deepEqual(kindsBy(resolved, 'Query.bestSellers'), ['lastKnown', 'value']);
  assert.deepEqual(kindsBy(resolved, 'Product.badge'), ['value']);
  assert.deepEqual(kindsBy(resolved, 'Product.similar'), ['omit', 'field']);
});
