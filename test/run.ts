// Runs the tests: `npm test` runs all of them, `npm test test/subgraphs/catalog` those below a path. Node 20's own
// runner finds no TypeScript files, so they are listed here and handed to it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { nodeFlags } from './support/node-flags.ts';

const root = new URL('.', import.meta.url).pathname;
const wanted = process.argv.slice(2);

function testFilesBelow(path: string): string[] {
  if (statSync(path).isFile()) return path.endsWith('.test.ts') ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => testFilesBelow(join(path, name)));
}

const files = (wanted.length > 0 ? wanted : [root]).flatMap((path) => testFilesBelow(path));
if (files.length === 0) {
  console.error(`There are no tests below ${wanted.join(', ')}.`);
  process.exit(1);
}

// Node hands the processes of tests what this one was started with, and they their children.
process.execArgv = [...nodeFlags];

const failures: string[] = [];
const leftOut = new Set<string>();

async function runTests(files: string[], concurrency: number): Promise<void> {
  if (files.length === 0) return;
  const tests = run({ files, concurrency, timeout: 600_000 });
  // What failed in a suite is told before the suite of its file is.
  let within: string[] = [];
  tests.on('test:fail', ({ name, nesting }) => {
    if (nesting > 0) within.push(name);
    else {
      failures.push(...within.map((inner) => `${name}: ${inner}`), name);
      within = [];
    }
  });
  // Tests print `left out: …` where Redis, PostgreSQL or Chromium is missing; told once more where it is seen.
  tests.on('test:stdout', ({ message }) => {
    for (const line of message.split('\n')) if (line.startsWith('left out:')) leftOut.add(line);
  });
  const report = tests.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await finished(report);
}

/** How many files of a room share a process: most of what a small one takes alone is loading what all of them load. */
const together: Record<string, number> = { federation: 12, security: 8, subgraphs: 8, supergraph: 8 };

/** Who looks at the clock, or changes what is the whole process', is not to be held up by neighbours, nor to surprise them. */
function standsAlone(file: string): boolean {
  return /performance\.now\(|memoryUsage\(|process\.env\[.*\] =/.test(readFileSync(file, 'utf8'));
}

/** In the order of the files, so that neighbours in a folder share; paths of modules that run them. */
function inBatches(files: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-tests-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const roomOf = (file: string): string => relative(root, resolve(file)).split(sep)[0] ?? '';
  const alone: string[][] = [];
  const sharing = new Map<string, string[]>();
  for (const file of files) {
    const room = roomOf(file);
    // Few files are done sooner side by side.
    if (files.length < 20 || together[room] === undefined || standsAlone(file)) alone.push([file]);
    else sharing.set(room, [...(sharing.get(room) ?? []), file]);
  }
  const shared = [...sharing].flatMap(([room, files]) => {
    const size = together[room] ?? 1;
    return Array.from({ length: Math.ceil(files.length / size) }, (_, index) =>
      files.slice(index * size, (index + 1) * size),
    );
  });
  const suites = new URL('support/file-suites.ts', import.meta.url).href;
  return [...alone, ...shared].map((batch, index) => {
    const paths = batch.map((file) => [relative(process.cwd(), resolve(file)), resolve(file)]);
    const path = join(folder, `${roomOf(batch[0] ?? '')}-${index}.mjs`);
    const text = JSON.stringify(Object.fromEntries(paths), null, 2);
    writeFileSync(path, `import { fileSuites } from '${suites}';\n\nfileSuites(${text});\n`);
    return path;
  });
}

// Some measure how long things take: what ran beside them would be measured too. They take a minute, and run where they are
// asked for by name.
const measures = (file: string): boolean => /[\\/]bench[\\/]smoke/.test(file);
const others = files.filter((file) => !measures(file));
if (wanted.length > 0) await runTests(files.filter(measures), 1);
await runTests(inBatches(others), Math.max(1, availableParallelism()));

for (const line of leftOut) console.log(line);
if (leftOut.size > 0 && process.env['CI']) failures.push('in CI nothing may be left out');
if (failures.length > 0) {
  console.error(`\nfailed:\n${[...new Set(failures)].map((name) => `  ${name}`).join('\n')}`);
  process.exitCode = 1;
}
