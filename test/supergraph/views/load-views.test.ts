// Holds the folder of views to what can be read out of it, and what is said where it cannot.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { StartupProblem } from '../../../supergraph/foundation/startup-problem.ts';
import { loadViews } from '../../../supergraph/views/load-views.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const door = new URL('../../../supergraph/index.ts', import.meta.url).href;
const index = `import { defineViews } from '${door}'; export const views = defineViews({ resolvers: { Query: { a: () => 1 } } });`;

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'views-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

test('schema, resolvers and documents are read, from a path or an address', async () => {
  const folder = folderWith({
    'index.ts': index,
    'schema.graphql': 'type Query { a: Int }',
    'documents/b.graphql': 'query B { c }',
    'documents/a.graphql': 'query A { c }',
    'documents/notes.md': 'no document',
  });
  for (const from of [folder, pathToFileURL(`${folder}/`)]) {
    const { sdl, resolvers, documents } = await loadViews(from);
    assert.equal(sdl, 'type Query { a: Int }');
    assert.deepEqual(Object.keys(resolvers), ['Query']);
    assert.deepEqual(
      documents.map(({ text }) => text),
      ['query A { c }', 'query B { c }'],
    );
    assert.match(documents[0]?.file ?? '', /documents\/a\.graphql$/);
  }
});

test('views that ask nothing need no documents', async () => {
  const { documents } = await loadViews(folderWith({ 'index.ts': index, 'schema.graphql': '' }));
  assert.deepEqual(documents, []);
});

describe('a folder is refused', () => {
  const cases: [name: string, files: Record<string, string>, says: RegExp][] = [
    ['without index.ts', { 'schema.graphql': '' }, /The views in .*index\.ts cannot be loaded: /],
    ['without a schema', { 'index.ts': index }, /schema\.graphql cannot be read: /],
    [
      'that exports no views',
      { 'index.ts': 'export const other = 1;' },
      /must export exactly one thing that was made by defineViews/,
    ],
    [
      'that exports two',
      { 'index.ts': `${index} export const more = defineViews({ resolvers: {} });` },
      /must export exactly one thing/,
    ],
    ['whose code throws', { 'index.ts': "throw new Error('at once');" }, /cannot be loaded: at once/],
  ];
  for (const [name, files, says] of cases) {
    test(name, async () => {
      await assert.rejects(
        loadViews(folderWith(files)),
        (error) => error instanceof StartupProblem && says.test(error.message),
      );
    });
  }
});
