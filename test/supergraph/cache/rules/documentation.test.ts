// Holds the declaration with cache rules that docs/configuration.md shows to what is said of it there, on the shop's graph.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkSharedProtected } from '../../../../supergraph/cache/rules/shared-protected.ts';
import { checkBff } from '../../../../supergraph/declaration/check-bff.ts';
import type { BffDeclaration } from '../../../../supergraph/declaration/define-bff.ts';
import { readSupergraphFacts } from '../../../../supergraph/foundation/supergraph-facts.ts';
import { cachedGraph } from './cached-graph.ts';

const root = new URL('../../../../', import.meta.url);
const docs = readFileSync(new URL('docs/configuration.md', root), 'utf8');
const sdl = readFileSync(new URL('supergraph/graph/supergraph.graphql', root), 'utf8');

test('the declaration in the documentation keeps what is said of it', async (t) => {
  const [, code = ''] = /```ts\n(import [^`]*\bcache: [^`]*)```/.exec(docs) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'declared-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bff.ts');
  writeFileSync(file, code.replace('../supergraph/index.ts', new URL('supergraph/index.ts', root).href));
  const { window }: { window: BffDeclaration } = await import(file);
  const { cache = {} } = window;
  const facts = readSupergraphFacts(sdl, 'the shop');
  assert.deepEqual(checkBff(window, facts), []);

  const isProtected = (type: string, field: string): boolean => `${type}.${field}` === 'Product.costPrice';
  assert.deepEqual(checkSharedProtected({ cache, document: facts.document, isProtected }), []);

  const graph = cachedGraph(facts.document, cache, ['Product.costPrice']);
  const cases: [type: string, select: string, maxAge: number | undefined, scope?: string][] = [
    ['Product', '{ id name price { amount } }', 60_000, 'public'],
    ['Product', '{ id inStock }', 10_000, 'public'],
    ['Product', '{ id name stock }', undefined],
    ['Product', '{ id costPrice { amount } }', undefined],
    ['Product', '{ category { id name } }', 60_000, 'public'],
    ['Product', '{ reviews { edges { node { id } } } }', 60_000, 'public'],
    ['Product', '{ reviews { edges { node { id text } } } }', undefined],
    ['Query', '{ products { edges { node { id name } } } }', 30_000, 'public'],
    ['Query', '{ categories { id } }', undefined],
    ['Order', '{ id }', 10_000, 'viewer'],
    ['User', '{ displayName }', undefined],
  ];
  for (const [type, select, maxAge, scope] of cases) {
    const rule = graph.ruleOf(type, select);
    assert.deepEqual([rule?.maxAge, rule?.scope], [maxAge, scope], `${type} ${select}`);
  }
});
