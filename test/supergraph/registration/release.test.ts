// Holds `npm run documents -- --release`: what a version of a client was built with is kept, and stays what it is.
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../support/node-flags.ts';

const main = fileURLToPath(new URL('../../../supergraph/registration/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'released-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const files = {
  'bff-app/bff.ts': `export const bff = { name: 'x', port: 1, documents: { folder: 'documents', unregistered: 'reject' } };`,
  'bff-app/generated/schema.graphql': 'type Query { books: [Book] } type Book { id: ID title: String }',
  'bff-app/documents/home.graphql': 'query Home { books { id title } }',
};
for (const [path, content] of Object.entries(files)) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function documents(...flags: string[]): SpawnSyncReturns<string> {
  const args = [...nodeFlags, main, ...flags];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
}

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

test('--release keeps what a version of a client was built with, and it stays that', () => {
  const release = (name: string) => documents('--bff', 'bff-app/bff.ts', '--release', name);
  assert.equal(release('ios-3.5.0').status, 0);
  const kept = read('bff-app/released/ios-3.5.0.json');
  assert.equal(kept, read('bff-app/generated/persisted-query-manifest.json'));
  assert.equal(release('ios-3.5.0').status, 0, 'the same again');
  writeFileSync(join(folder, 'bff-app/documents/home.graphql'), 'query Home { books { id } }');
  const again = release('ios-3.5.0');
  assert.equal(again.status, 1);
  assert.match(
    again.stderr,
    /bff-app\/released\/ios-3\.5\.0\.json is there already, and holds something else/,
  );
  writeFileSync(join(folder, 'bff-app/documents/home.graphql'), 'query Home @draft { books { id } }');
  const draft = release('ios-3.6.0');
  assert.equal(draft.status, 1);
  assert.match(draft.stderr, /Home is a draft/);
  assert.equal(read('bff-app/released/ios-3.5.0.json'), kept);
  assert.ok(!existsSync(join(folder, 'bff-app/released/ios-3.6.0.json')));
  for (const [flags, sentence] of [
    [['--release', 'ios-3.5.0'], /^--release needs --bff/],
    [
      ['--release', '../x', '--bff', 'bff-app/bff.ts'],
      /^--release must be a name such as ios-3\.5\.0, but is "\.\.\/x"/,
    ],
  ] as const) {
    const { status, stderr } = documents(...flags);
    assert.equal(status, 1);
    assert.match(stderr, sentence);
  }
});
