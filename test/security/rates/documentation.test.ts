// Holds what docs/configuration.md shows of rates to running, and to saying what stands there.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import { explainRates } from '../../../supergraph/router/explain-rates.ts';
import { testEnvironment } from '../../supergraph/fixtures/router-under-test.ts';
import { startRatedGraph } from './rated-graph.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const [, section = ''] = /\n#### Rates\n([\s\S]*?)\n###/.exec(read('docs/configuration.md')) ?? [];

async function declared(): Promise<BffDeclaration> {
  const [, code = ''] = /```ts\n([^`]*)```/.exec(section) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'declared-'));
  try {
    const file = join(folder, 'bff.ts');
    writeFileSync(file, code.replace('../supergraph/index.ts', new URL('supergraph/index.ts', root).href));
    const { stand }: { stand: BffDeclaration } = await import(file);
    return stand;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the rates that the page shows run on the shop’s graph, and --explain says what they are', async () => {
  const stand = await declared();
  assert.deepEqual(
    checkBff(stand, readSupergraphFacts(read('supergraph/graph/supergraph.graphql'), 'the shop')),
    [],
  );
  const rows = explainRates(stand, { ...testEnvironment, trustedProxies: ['10.0.0.0/8'] });
  assert.deepEqual(rows.slice(2), [
    [
      'limits.rates.signIns',
      '30 of Mutation.signIn in 10m per address, window, refuses while Redis is away',
      'declared',
    ],
    [
      'limits.rates.quota',
      '100000 points of cost in 1d per claim org, window, for plan gold, answers while Redis is away',
      'declared',
    ],
    ['limits.rates counted', 'in each process by itself', 'default'],
    ['limits.rates addresses', 'as trusted proxies say', 'TRUSTED_PROXIES'],
  ]);
  assert.deepEqual(explainRates({ ...stand, limits: {} }, testEnvironment), [
    ['limits.rates', 'none', 'default'],
  ]);
});

test('the headers that it shows are those that answers have', async (t) => {
  const shown = /```\n(ratelimit-policy[\s\S]*?)```/.exec(section)?.[1] ?? '';
  const rated = await startRatedGraph({
    everything: { per: 'viewer', most: 600, in: '1m', kind: 'bucket' },
    signIns: { per: 'address', of: { fields: ['Mutation.rename'] }, most: 1, in: '10m' },
  });
  t.after(() => rated.stop());
  const rename = 'mutation { rename(id: "b1", title: "x") { id } }';
  await rated.ask(rename);
  const { headers } = await rated.ask(rename);
  const names = ['ratelimit-policy', 'ratelimit', 'retry-after'];
  const settled = (text: string): string => text.replaceAll(/\d+/g, '#');
  assert.equal(settled(names.map((name) => `${name}: ${headers.get(name)}\n`).join('')), settled(shown));
});
