// Keeps the habits a linter cannot see: names of files, their length, the sentence at their top, who reads the environment.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import test from 'node:test';
import { root, sourceFiles } from './source-files.ts';

const files = sourceFiles('supergraph', 'subgraphs', 'bff-*', 'deploy', 'test');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('no file is a drawer', () => {
  const drawers = /^(utils?|helpers?|common|misc|types?|manager|base)\.ts$/;
  assert.deepEqual(
    files.filter((path) => drawers.test(basename(path))),
    [],
  );
});

test('no file is longer than 400 lines', () => {
  assert.deepEqual(
    files.filter((path) => read(path).split('\n').length > 400),
    [],
  );
});

test('every file begins with the sentence that says what it owns', () => {
  assert.deepEqual(
    files.filter((path) => !read(path).startsWith('// ')),
    [],
  );
});

test('the environment is read in files called environment.ts alone', () => {
  const readers = files.filter(
    (path) => !path.startsWith('test/') && /process\.env\b/.test(stripComments(read(path))),
  );
  assert.deepEqual(
    readers.filter((path) => basename(path) !== 'environment.ts'),
    [],
  );
});

test('nothing in the repository names a machine or a registry', () => {
  const words = [['', 'work', 'main'].join('/'), ['registry', 'npmjs', 'org'].join('.')];
  const named = [...files, 'package-lock.json', 'package.json', 'README.md'].filter((path) =>
    words.some((word) => read(path).includes(word)),
  );
  assert.deepEqual(named, []);
});

function stripComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
