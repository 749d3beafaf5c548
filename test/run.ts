// Runs the tests: `npm test` runs all of them, `npm test test/subgraphs/catalog` those below a path. Node 20's own
// runner finds no TypeScript files, so they are listed here and handed to it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';

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
process.execArgv = ['--import', new URL('support/typescript-loader.mjs', import.meta.url).href];

const failures: string[] = [];
const leftOut = new Set<string>();

async function runTests(files: string[], concurrency: number): Promise<void> {
  if (files.length === 0) return;
  const tests = run({ files, concurrency, timeout: 600_000 });
  tests.on('test:fail', ({ name, file }) => {
    failures.push(`${file === undefined ? '' : `${relative(process.cwd(), file)}: `}${name}`);
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
const together: Record<string, number> = { federation: 12, security: 4, subgraphs: 4, supergraph: 4 };

/** What is set up for a whole file would be for its neighbours too, and who looks at the clock is not to be held up by them. */
function standsAlone(file: string): boolean {
  return /^(before|after)(Each)?\(|performance\.now\(|memoryUsage\(|process\.env\[.*\] =/m.test(
    readFileSync(file, 'utf8'),
  );
}

/** In the order of the files, so that neighbours in a folder share. */
function inBatches(files: string[]): string[] {
  // Few files are done sooner side by side.
  if (files.length < 20) return files;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-tests-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const roomOf = (file: string): string => relative(root, resolve(file)).split(sep)[0] ?? '';
  const alone: string[] = [];
  const sharing = new Map<string, string[]>();
  for (const file of files) {
    const room = roomOf(file);
    if (together[room] === undefined || standsAlone(file)) alone.push(file);
    else sharing.set(room, [...(sharing.get(room) ?? []), file]);
  }
  const batches = [...sharing].flatMap(([room, shared]) => {
    const size = together[room] ?? 1;
    return Array.from({ length: Math.ceil(shared.length / size) }, (_, index) => {
      const batch = join(folder, `${room}-${index}.mjs`);
      const imports = shared
        .slice(index * size, (index + 1) * size)
        .map((file) => pathToFileURL(resolve(file)));
      writeFileSync(batch, imports.map((url) => `import '${url}';\n`).join(''));
      return batch;
    });
  });
  return [...alone, ...batches];
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
