// Holds `npm run compose` as a command: what it writes, what it says, and that a failure leaves the old files alone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nodeFlags, scriptFlags } from '../../support/node-flags.ts';
import { libraryTypeDefs, postTypeDefs } from '../fixtures/fixture-graph.ts';

const main = fileURLToPath(new URL('../../../supergraph/composition/main.ts', import.meta.url));
const door = new URL('../../../supergraph/index.ts', import.meta.url).href;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with two subgraphs and two BFFs, as somebody else's repository could be. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  folders.push(folder);
  const write = (path: string, content: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('subgraphs/library.graphql', libraryTypeDefs);
  write('subgraphs/post.graphql', postTypeDefs);
  write(
    'subgraphs/subgraphs.json',
    JSON.stringify({
      post: { schema: 'post.graphql', url: 'http://127.0.0.1:2/graphql' },
      library: { schema: 'library.graphql', url: 'http://127.0.0.1:1/graphql' },
    }),
  );
  const bff = (contract: string) =>
    `import { defineBff } from '${door}'; export const bff = defineBff({ name: 'x', port: 1, contract: ${contract} });`;
  write('bff-all/bff.ts', bff(`{ exclude: ['internal'] }`));
  write('bff-small/bff.ts', bff(`{ include: ['mobile'] }`));
  write('bff-empty/README.md', 'no declaration here');
  return folder;
}

function compose(cwd: string, ...flags: string[]) {
  return composeBy(nodeFlags, cwd, flags);
}

function composeBy(starting: readonly string[], cwd: string, flags: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...starting, main, ...flags], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

let template: string | undefined;

/** Such a folder, composed. Composing it once is enough: it comes out alike each time, as the tests below hold it to. */
function composedProject(): string {
  if (template === undefined) {
    template = project();
    assert.equal(composeBy(scriptFlags, template, []).status, 0);
  }
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  folders.push(folder);
  cpSync(template, folder, { recursive: true });
  return folder;
}

const generated = [
  'supergraph/graph/supergraph.graphql',
  ...['bff-all', 'bff-small'].flatMap((bff) =>
    ['supergraph.graphql', 'schema.graphql', 'coordinates.ts'].map((file) => `${bff}/generated/${file}`),
  ),
];
const contents = (folder: string) => generated.map((path) => readFileSync(join(folder, path), 'utf8'));

test('writes the supergraph, and for each BFF its supergraph, its client schema and its coordinates', () => {
  const folder = project();
  const first = compose(folder);
  assert.equal(first.status, 0, first.stderr);
  for (const path of generated) assert.ok(first.stdout.includes(`wrote ${path}`), path);

  const [whole, , all, allNames, , small, smallNames] = contents(folder);
  assert.match(whole ?? '', /ledger: String/);
  assert.match(all ?? '', /reservations: Int/);
  assert.doesNotMatch(all ?? '', /ledger|weight/);
  assert.match(allNames ?? '', /'Book\.reservations'/);
  assert.match(allNames ?? '', /export type Subgraph =\n {2}\| 'library'\n {2}\| 'post';/);
  assert.doesNotMatch(small ?? '', /reservations|weight|id: ID!\n/);
  assert.doesNotMatch(smallNames ?? '', /reservations|'Book\.id'/);

  const again = compose(folder);
  assert.match(again.stdout, /All 7 generated files were up to date/);
  const files = readdirSync(join(folder, 'bff-all/generated'));
  assert.deepEqual(files.sort(), ['coordinates.ts', 'schema.graphql', 'supergraph.graphql']);
});

test('--check names every stale file and the command, and writes nothing', () => {
  const folder = composedProject();
  assert.equal(compose(folder, '--check').status, 0);
  const path = join(folder, 'subgraphs/post.graphql');
  writeFileSync(path, postTypeDefs.replace('reservations', 'bookings'));
  rmSync(join(folder, 'bff-small/generated/coordinates.ts'));
  const { status, stderr } = compose(folder, '--check');
  assert.equal(status, 1);
  assert.match(stderr, /stale: supergraph\/graph\/supergraph\.graphql/);
  assert.match(stderr, /stale: bff-all\/generated\/schema\.graphql/);
  assert.match(stderr, /stale: bff-small\/generated\/coordinates\.ts/);
  assert.match(stderr, /Run "npm run compose"/);
  assert.match(readFileSync(join(folder, 'bff-all/generated/schema.graphql'), 'utf8'), /reservations/);
});

const failures: { name: string; spoil: (folder: string) => void; says: RegExp[] }[] = [
  {
    name: 'syntax errors in two schemas',
    spoil: (folder) => {
      writeFileSync(join(folder, 'subgraphs/library.graphql'), 'type Query {');
      writeFileSync(join(folder, 'subgraphs/post.graphql'), 'tpye Book { id: ID! }');
    },
    says: [
      /library · line 1, column 13 · INVALID_GRAPHQL/,
      /post · line 1, column 1 · INVALID_GRAPHQL/,
      /2 problems/,
    ],
  },
  {
    name: 'a schema that does not compose',
    spoil: (folder) => {
      writeFileSync(join(folder, 'subgraphs/post.graphql'), postTypeDefs.replace('"id"', '"isbn"'));
    },
    says: [/post · Book · KEY_INVALID_FIELDS/],
  },
  {
    name: 'a schema file that is not there',
    spoil: (folder) => rmSync(join(folder, 'subgraphs/post.graphql')),
    says: [/post · FILE_NOT_READABLE/],
  },
  {
    name: 'contracts of two BFFs that cannot be kept',
    spoil: (folder) => {
      for (const bff of ['bff-all', 'bff-small']) {
        const file = join(folder, bff, 'bff.ts');
        writeFileSync(
          file,
          readFileSync(file, 'utf8').replace(/contract: \{.*?\}/, "contract: { include: ['mobil'] }"),
        );
      }
    },
    says: [
      /bff-all\/bff\.ts · INVALID_DECLARATION\n {4}contract\.include: .*Did you mean "mobile"\?/,
      /bff-small\/bff\.ts · INVALID_DECLARATION/,
    ],
  },
  {
    name: 'a misspelt contract, which would show everything',
    spoil: (folder) => {
      const file = join(folder, 'bff-small/bff.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replace('contract:', 'contrakt:'));
    },
    says: [/bff-small\/bff\.ts · INVALID_DECLARATION\n {4}contrakt: .*Did you mean "contract"\?/],
  },
  {
    name: 'a declaration that cannot be loaded',
    spoil: (folder) => writeFileSync(join(folder, 'bff-all/bff.ts'), 'export const x = (;'),
    says: [/bff-all\/bff\.ts · INVALID_DECLARATION/],
  },
  {
    name: 'a declaration file without a declaration',
    spoil: (folder) => writeFileSync(join(folder, 'bff-all/bff.ts'), 'export const x = 1;'),
    says: [
      /bff-all\/bff\.ts · INVALID_DECLARATION\n {4}bff-all\/bff\.ts must export exactly one declaration/,
    ],
  },
  {
    name: 'a list of subgraphs that is no JSON',
    spoil: (folder) => writeFileSync(join(folder, 'subgraphs/subgraphs.json'), '{'),
    says: [/subgraphs\.json is not JSON/],
  },
  {
    name: 'a list that lacks an address',
    spoil: (folder) =>
      writeFileSync(join(folder, 'subgraphs/subgraphs.json'), '{"a":{"schema":"a.graphql"}}'),
    says: [/"a" needs a "schema" \(a file\) and a "url"/],
  },
];

describe('exits with 1 and leaves the old files for', () => {
  for (const { name, spoil, says } of failures) {
    test(name, () => {
      const folder = composedProject();
      const before = contents(folder);
      spoil(folder);
      const { status, stderr } = compose(folder);
      assert.equal(status, 1);
      for (const sentence of says) assert.match(stderr, sentence);
      assert.doesNotMatch(stderr, /\n\s+at .*\.(ts|js):\d+/);
      assert.deepEqual(contents(folder), before);
    });
  }

  test('one file among many that cannot be written', () => {
    const folder = composedProject();
    const before = contents(folder);
    writeFileSync(join(folder, 'subgraphs/post.graphql'), postTypeDefs.replace('reservations', 'bookings'));
    mkdirSync(join(folder, 'bff-z'));
    writeFileSync(join(folder, 'bff-z/bff.ts'), readFileSync(join(folder, 'bff-all/bff.ts')));
    writeFileSync(join(folder, 'bff-z/generated'), 'a file where a folder should be');
    const { status, stderr } = compose(folder);
    assert.equal(status, 1);
    assert.match(stderr, /^The generated files cannot be written: [^\n]+bff-z\/generated[^\n]*\n$/);
    assert.deepEqual(contents(folder), before);
    assert.ok(!readdirSync(join(folder, 'bff-all/generated')).some((file) => file.endsWith('.tmp')));
  });

  test('a flag that does not exist', () => {
    const { status, stderr } = compose(project(), '--chekc');
    assert.equal(status, 1);
    assert.match(stderr, /'--chekc'[\s\S]*Usage: npm run compose/);
  });
});

test('reads and writes where flags say', () => {
  const folder = project();
  const elsewhere = mkdtempSync(join(tmpdir(), 'compose-out-'));
  folders.push(elsewhere);
  const out = join(elsewhere, 'deep/er/supergraph.graphql');
  const flags = [
    '--subgraphs',
    join(folder, 'subgraphs/subgraphs.json'),
    '--bff',
    join(folder, 'bff-small/bff.ts'),
  ];
  const { status, stderr } = compose(elsewhere, ...flags, '--out', out);
  assert.equal(status, 0, stderr);
  assert.match(readFileSync(out, 'utf8'), /enum join__Graph/);
  assert.deepEqual(readdirSync(join(folder, 'bff-small/generated')).length, 3);
});

test('what is generated for this repository is up to date', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const { status, stderr } = compose(root, '--check');
  assert.equal(status, 0, stderr);
});
