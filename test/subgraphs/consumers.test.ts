// Holds the replay of consumers' fetches itself: a subgraph that takes something away is told whom that breaks.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { catalog } from '../../subgraphs/catalog/catalog.ts';
import type { SubgraphDefinition } from '../../subgraphs/kit/define-subgraph.ts';
import { consumerFetches } from '../support/consumers/consumer-fetches.ts';
import { schemaOf, unanswered } from '../support/consumers/replay-consumers.ts';
import { ada } from '../support/consumers/seeded-values.ts';
import { oneDatabaseEngine } from '../support/databases.ts';
import { startTestSubgraph } from '../support/subgraph.ts';

for (const engine of oneDatabaseEngine()) {
  test('what a subgraph takes away, and what it fails at, is told with BFF and operation', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'consumers-'));
    const sdl = readFileSync(new URL('schema.graphql', catalog.folder), 'utf8');
    writeFileSync(join(folder, 'schema.graphql'), sdl.replace(/^ {2}".*"\n {2}brand: String! .*\n/m, ''));
    const { resolvers } = catalog;
    const changed: SubgraphDefinition = {
      ...catalog,
      folder: pathToFileURL(`${folder}/`),
      resolvers: {
        ...resolvers,
        Query: {
          ...(resolvers['Query'] as object),
          categories: () => {
            throw new Error('out of order');
          },
        },
      },
    };
    const fetches = (await consumerFetches()).filter((fetch) => fetch.subgraph === 'catalog');
    const withBrand = fetches.filter(({ document }) => /\bbrand\b/.test(document));
    const withCategories = fetches.filter(({ document }) => /\{categories\b/.test(document));
    assert.ok(withBrand.length > 0 && withCategories.length > 0);
    const subgraph = await startTestSubgraph(changed, engine);
    try {
      const token = await subgraph.identity.tokenFor({ userId: ada });
      const said = await unanswered(fetches, { subgraph, schema: schemaOf(changed), token });
      for (const { consumers } of withBrand) {
        const names = consumers.join(', ');
        assert.ok(
          said.some((line) => line.startsWith(names) && line.includes('Cannot query field "brand"')),
          `${names}\n${said.join('\n')}`,
        );
      }
      for (const { consumers } of withCategories) {
        assert.ok(
          said.some((line) => line.startsWith(consumers.join(', ')) && line.includes('(categories)')),
          said.join('\n'),
        );
      }
      assert.equal(said.length, withBrand.length + withCategories.length, said.join('\n'));
    } finally {
      await subgraph.stop();
      rmSync(folder, { recursive: true });
    }
  });
}
