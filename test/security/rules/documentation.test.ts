// Runs the declaration with permissions that docs/configuration.md shows.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import type { Claims } from '../../support/identity.ts';
import { startRuledGraph } from './ruled-graph.ts';

const docs = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');

test('the declaration in the documentation does what is said of it', async (t) => {
  const [, code = ''] = /```ts\n(import [^`]*permissions[^`]*)```/.exec(docs) ?? [];
  const door = new URL('../../../supergraph/index.ts', import.meta.url).href;
  const folder = mkdtempSync(join(tmpdir(), 'declared-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bff.ts');
  writeFileSync(file, code.replace('../supergraph/index.ts', door));
  const { house }: { house: BffDeclaration } = await import(file);
  const { permissions, policies } = house;
  const graph = await startRuledGraph({
    declaration: { ...(permissions && { permissions }), ...(policies && { policies }) },
  });
  t.after(() => graph.stop());

  const payer: Claims = { userId: 'u1', scopes: ['pay'] };
  const cases: [query: string, as: Claims | undefined, data: object][] = [
    ['{ open person(id: "p1") { name } }', undefined, { open: 'open', person: { name: null } }],
    ['{ person(id: "p1") { name } }', { userId: 'u1' }, { person: { name: 'Ada' } }],
    ['mutation { pay(amount: 100) }', { userId: 'u1' }, { pay: null }],
    ['mutation { pay(amount: 100) }', payer, { pay: 100 }],
    ['mutation { pay(amount: 101) }', payer, { pay: null }],
    ['{ report(day: "x") }', { userId: 'u1' }, { report: null }],
    ['{ report(day: "x") }', { userId: 'u1', roles: ['AUDITOR'] }, { report: '1 pages of x' }],
  ];
  for (const [query, as, data] of cases) {
    assert.deepEqual((await graph.ask(query, as)).body.data, data, query);
  }
});
