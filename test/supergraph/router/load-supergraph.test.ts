// Holds where supergraphs come from: files and addresses, and clear words when there is none.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadSupergraph } from '../../../supergraph/router/load-supergraph.ts';
import { deadUrl, startRawServer } from '../fixtures/raw-server.ts';

test('reads a file and an address', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'supergraph-'));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, 'from a file');
  const server = await startRawServer((_, response) => response.end('from an address'));
  t.after(async () => {
    rmSync(folder, { recursive: true });
    await server.stop();
  });
  assert.equal(await loadSupergraph(file), 'from a file');
  assert.equal(await loadSupergraph(server.url), 'from an address');
});

test('says why there is none', async (t) => {
  const server = await startRawServer((_, response) => response.writeHead(404).end());
  t.after(() => server.stop());
  const cases: [string, RegExp][] = [
    ['no/such/file.graphql', /^There is no supergraph at no\/such\/file\.graphql: run "npm run compose"/],
    [tmpdir(), /^The supergraph cannot be read: EISDIR/],
    [server.url, /cannot be fetched from .*: HTTP 404\.$/],
    [await deadUrl(), /cannot be fetched from .*: connect ECONNREFUSED/],
  ];
  for (const [from, message] of cases)
    await assert.rejects(loadSupergraph(from), { name: 'StartupProblem', message });
});
