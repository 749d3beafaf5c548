// Holds the declaration with policies that docs/configuration.md shows to what is said of it there, and the table to the defaults.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import {
  policyDefaults,
  requestTimeout,
  resilienceTerms,
} from '../../../supergraph/resilience/resilience-terms.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const [, section = ''] =
  /\n### When subgraphs fail\n([\s\S]*?)\n### /.exec(read('docs/configuration.md')) ?? [];

test('the declaration runs on the shop’s graph, and means what is written', async (t) => {
  const [, code = ''] = /```ts\n([^`]*)```/.exec(section) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'declared-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bff.ts');
  writeFileSync(file, code.replace('../supergraph/index.ts', new URL('supergraph/index.ts', root).href));
  const { kiosk }: { kiosk: BffDeclaration } = await import(file);
  const facts = readSupergraphFacts(read('supergraph/graph/supergraph.graphql'), 'the shop');
  assert.deepEqual(checkBff(kiosk, facts), []);
  assert.equal(requestTimeout(kiosk), 4000);
  assert.deepEqual(resilienceTerms(kiosk.subgraphs?.every ?? {}, 4000), {
    timeout: 800,
    retry: { attempts: 2, budget: 0.2 },
    breaker: { opensAt: 0.5, of: 20, for: 2000 },
    bulkhead: { most: 100, waiting: 50 },
    hedge: { after: 200, budget: 0.05 },
  });
});

test('where nothing is declared nothing is done', () => {
  const { timeout, ...rest } = resilienceTerms({}, 30_000);
  assert.equal(timeout, 5000);
  assert.deepEqual([...new Set(Object.values(rest))], [undefined]);
});

const { requestTimeout: ofRequest, timeout, retry, breaker, hedge } = policyDefaults;
const rows: [name: string, usual: string][] = [
  ['`timeout`', `\`${ofRequest}\``],
  ['`subgraphs.<name>.timeout`', `\`${timeout}\``],
  ['`retry.attempts`', `with \`retry\`: \`${retry.attempts}\``],
  ['`retry.budget`', `with \`retry\`: \`${retry.budget}\``],
  ['`breaker.opensAt`, `breaker.of`', `with \`breaker\`: \`${breaker.opensAt}\`, \`${breaker.of}\``],
  ['`breaker.for`', `with \`breaker\`: \`${breaker.for}\``],
  ['`hedge.budget`', `with \`hedge\`: \`${hedge.budget}\``],
];
for (const [name, usual] of rows) {
  test(`the table says that ${name} is ${usual} unless it is set`, () => {
    const row = section.split('\n').find((line) => line.startsWith(`| ${name} |`));
    assert.ok(row?.endsWith(`| ${usual} |`), row);
  });
}
