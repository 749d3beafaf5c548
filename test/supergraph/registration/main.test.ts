// Holds `npm run documents` as a command: what it makes of documents, what it says, and that a failure leaves the old files alone.
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readManifest } from '../../../supergraph/persisted-documents/manifest.ts';
import { nodeFlags } from '../../support/node-flags.ts';

const main = fileURLToPath(new URL('../../../supergraph/registration/main.ts', import.meta.url));
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const clientSchema = `
  type Query { book(id: ID!, "Of the cover." width: PositiveInt): Book  books(first: Int = 10): [Book!]! }
  type Mutation { rename(id: ID!, title: String!): Book }
  type Book { id: ID!  title: String!  added: DateTime!  grams: Weight  price: Money }
  type Money { amount: Int!  currency: String! }
  scalar DateTime
  scalar PositiveInt
  scalar Weight
`;

type Files = Record<string, string>;

/** A folder of BFFs, as somebody else's repository could be: of each, its files, and what is there without being said. */
function project(bffs: Record<string, Files>): string {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'));
  folders.push(folder);
  for (const [bff, files] of Object.entries(bffs)) {
    const all = { 'bff.ts': declaration(), 'generated/schema.graphql': clientSchema, ...files };
    for (const [path, content] of Object.entries(all)) {
      if (content === '') continue;
      mkdirSync(join(folder, bff, path, '..'), { recursive: true });
      writeFileSync(join(folder, bff, path), content);
    }
  }
  return folder;
}

/** Without our code, which would be loaded anew by each run below; that of this repository is loaded by the last. */
function declaration(rest = `documents: { folder: 'documents', unregistered: 'reject' }`): string {
  return `export const bff = { name: 'x', port: 1, ${rest} };`;
}

function documents(cwd: string, ...flags: string[]): SpawnSyncReturns<string> {
  const args = [...nodeFlags, main, ...flags];
  // Another language of the machine sorts texts in another order.
  const env = { ...process.env, LC_ALL: 'sv_SE.UTF-8' };
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 60_000, env });
}

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');
const manifestOf = (folder: string, bff: string) =>
  readManifest(read(folder, `${bff}/generated/persisted-query-manifest.json`), bff);

const web: Files = {
  'documents/rename.graphql':
    'mutation Rename($id: ID!) @draft { rename(id: $id, title: "New, and  better") { ...Shown } }',
  'documents/home.graphql': 'query Home { books { ...Shown } }',
  'documents/home-again.graphql': 'query home($width: PositiveInt) { book(id: 1, width: $width) { grams } }',
  'documents/parts/shown.graphql': 'fragment Shown on Book { id title price { ...Price } }',
  'documents/parts/price.graphql': 'fragment Price on Money { amount currency }',
  'documents/.old.graphql': 'query Old { gone }',
  'documents/notes.md': '# not GraphQL',
};
const mobile: Files = {
  'documents/home.graphql': 'query Home { books { ...Shown } } fragment Shown on Book { id added }',
};

const shown = `fragment Shown on Book {
  id
  title
  price {
    ...Price
    __typename
  }
  __typename
}`;
const price = `fragment Price on Money {
  amount
  currency
  __typename
}`;

describe('of documents in many files', () => {
  let folder = '';
  let run: SpawnSyncReturns<string>;
  before(() => {
    folder = project({ 'bff-web': web, 'bff-mobile': mobile, 'bff-all': { 'bff.ts': declaration('') } });
    run = documents(folder);
  });

  test('writes a manifest and a typed client for each BFF that declares documents, and warns of nothing', () => {
    assert.equal(run.stderr, '');
    assert.equal(run.status, 0);
    const written = ['bff-mobile', 'bff-web'].flatMap((bff) =>
      ['persisted-query-manifest.json', 'operations.ts'].map((file) => `wrote ${bff}/generated/${file}\n`),
    );
    assert.equal(run.stdout, written.join(''));
    assert.ok(!existsSync(join(folder, 'bff-all/generated/persisted-query-manifest.json')));
  });

  test('registers each operation with what it uses and __typename, by the hash of its text', () => {
    const { operations } = manifestOf(folder, 'bff-web');
    assert.deepEqual(
      operations.map(({ name, type, draft }) => ({ name, type, draft })),
      [
        { name: 'Home', type: 'query', draft: undefined },
        { name: 'Rename', type: 'mutation', draft: true },
        { name: 'home', type: 'query', draft: undefined },
      ],
    );
    const [home, rename] = operations;
    assert.equal(
      home?.body,
      `query Home {\n  books {\n    ...Shown\n    __typename\n  }\n}\n\n${price}\n\n${shown}`,
    );
    assert.ok(rename?.body.startsWith('mutation Rename($id: ID!) {\n'), rename?.body);
    for (const { id, body } of operations) {
      assert.equal(id, createHash('sha256').update(body).digest('hex'));
    }
    assert.ok(read(folder, 'bff-web/generated/persisted-query-manifest.json').endsWith(']\n}\n'));
  });

  test('two BFFs may have operations and fragments of one name', () => {
    const bodies = ['bff-web', 'bff-mobile'].map((bff) => manifestOf(folder, bff).operations[0]?.body);
    assert.match(bodies[0] ?? '', /fragment Shown on Book \{\n {2}id\n {2}title/);
    assert.match(bodies[1] ?? '', /fragment Shown on Book \{\n {2}id\n {2}added/);
    assert.match(read(folder, 'bff-web/generated/operations.ts'), /ShownFragmentDoc = .*"title"/);
    assert.doesNotMatch(read(folder, 'bff-mobile/generated/operations.ts'), /"title"/);
  });

  test('types are those of JSON, and of a scalar that nobody knows it is unknown', () => {
    const code = read(folder, 'bff-web/generated/operations.ts');
    assert.match(code, /type homeQueryVariables = Exact<\{\n {2}width\?: number \| null \| undefined;\n\}>/);
    assert.match(code, /type homeQuery = \{[^\n]*readonly grams: unknown/);
    assert.match(code, /type RenameMutationVariables = Exact<\{\n {2}id: string;\n\}>/);
    assert.match(
      code,
      /export const HomeDocument = .* as unknown as DocumentNode<HomeQuery, HomeQueryVariables>;/,
    );
    assert.match(read(folder, 'bff-mobile/generated/operations.ts'), /readonly added: string/);
    assert.doesNotMatch(code, /\bany\b|"draft"/);
  });

  test('the same bytes come out again, wherever it runs and however the files are cut', () => {
    assert.equal(documents(folder).stdout, 'All 4 generated files were up to date.\n');
    const { 'documents/home.graphql': home, 'documents/parts/price.graphql': price, ...others } = web;
    const cut = { ...others, 'documents/z/all.graphql': `${price}\n\n${home}`.replaceAll(' ', '\r\n ') };
    const elsewhere = project({ 'not-a-bff (1)': cut });
    assert.equal(documents(tmpdir(), '--bff', join(elsewhere, 'not-a-bff (1)/bff.ts')).status, 0);
    for (const file of ['persisted-query-manifest.json', 'operations.ts']) {
      assert.equal(
        read(elsewhere, `not-a-bff (1)/generated/${file}`),
        read(folder, `bff-web/generated/${file}`),
      );
    }
  });

  test('--check names every stale file and the command, and writes nothing', () => {
    assert.equal(documents(folder, '--check').status, 0);
    const manifest = read(folder, 'bff-mobile/generated/persisted-query-manifest.json');
    writeFileSync(join(folder, 'bff-mobile/documents/more.graphql'), 'query More { books { title } }');
    rmSync(join(folder, 'bff-web/generated/operations.ts'));
    const { status, stderr } = documents(folder, '--check');
    assert.equal(status, 1);
    assert.equal(
      stderr,
      'stale: bff-mobile/generated/persisted-query-manifest.json\n' +
        'stale: bff-mobile/generated/operations.ts\n' +
        'stale: bff-web/generated/operations.ts\nRun "npm run documents".\n',
    );
    assert.equal(read(folder, 'bff-mobile/generated/persisted-query-manifest.json'), manifest);
    assert.ok(!existsSync(join(folder, 'bff-web/generated/operations.ts')));
  });

  test('--production refuses drafts, by file and name, and writes nothing', () => {
    const elsewhere = project({ 'bff-web': web, 'bff-mobile': mobile });
    const { status, stderr } = documents(elsewhere, '--production');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^bff-web\/documents\/rename\.graphql:1:1\n {4}Rename is a draft, which production does/,
    );
    assert.match(stderr, /One problem; nothing was written\./);
    assert.ok(!existsSync(join(elsewhere, 'bff-mobile/generated/operations.ts')));
    writeFileSync(join(elsewhere, 'bff-web/documents/rename.graphql'), 'query Rename { books { id } }');
    assert.equal(documents(elsewhere, '--production').status, 0);
  });
});

const fragment = 'fragment Shown on Book { id }';
const failures: { name: string; files: Files; says: string[] }[] = [
  {
    name: 'a misspelt field, with its place and what may have been meant',
    files: { 'documents/deep/er.graphql': 'query A {\n  books {\n    titel\n  }\n}' },
    says: [
      '/documents/deep/er.graphql:3:5\n    Cannot query field "titel" on type "Book". Did you mean "title"?',
    ],
  },
  {
    name: 'mistakes in several files, all of them',
    files: {
      'documents/a.graphql': 'query A($x: Intt) { book { id } }',
      'documents/b.graphql': 'query B { books(frist: 1) { id } }',
    },
    says: [
      '/documents/a.graphql:1:13\n    Unknown type "Intt". Did you mean "Int"?',
      '/documents/a.graphql:1:9\n    Variable "$x" is never used in operation "A".',
      '/documents/a.graphql:1:21\n    Field "book" argument "id" of type "ID!" is required',
      '/documents/b.graphql:1:17\n    Unknown argument "frist" on field "Query.books". Did you mean "first"?',
    ],
  },
  {
    name: 'one name in two files',
    files: {
      'documents/a.graphql': 'query A { books { ...Shown } }',
      'documents/b.graphql': 'mutation A { rename(id: 1, title: "") { ...Shown } }',
      'documents/c.graphql': fragment,
      'documents/d.graphql': fragment,
    },
    says: [
      'bff-2/documents/a.graphql:1:7, bff-2/documents/b.graphql:1:10\n    There can be only one operation named "A".',
      'bff-2/documents/c.graphql:1:10, bff-2/documents/d.graphql:1:10\n    There can be only one fragment named "Shown".',
    ],
  },
  {
    name: 'an operation without a name',
    files: { 'documents/a.graphql': '{ books { id } }' },
    says: ['/documents/a.graphql:1:1\n    Every operation needs a name.'],
  },
  {
    name: 'a subscription where the schema has none',
    files: { 'documents/a.graphql': 'subscription A { anything { goes } }' },
    says: ['/documents/a.graphql:1:1\n    The schema has no subscriptions, so "A" would never be answered.'],
  },
  {
    name: 'a fragment that nothing uses, and one that is not there',
    files: { 'documents/a.graphql': `query A { books { ...Show } } ${fragment}` },
    says: ['/documents/a.graphql:1:22\n    Unknown fragment "Show".', 'Fragment "Shown" is never used.'],
  },
  {
    name: 'a fragment that leads to itself',
    files: { 'documents/a.graphql': 'query A { books { ...Shown } } fragment Shown on Book { ...Shown }' },
    says: ['Cannot spread fragment "Shown" within itself.'],
  },
  {
    name: 'fragments without an operation',
    files: { 'documents/a.graphql': 'fragment A on Book { ...B } fragment B on Book { id }' },
    says: ['Fragment "A" is never used.'],
  },
  {
    name: 'a syntax error, and a mistake in another file, but not what the first may hold',
    files: {
      'documents/a.graphql': 'fragment Shown on Book {',
      'documents/b.graphql': 'query B { books { ...Shown titel } }',
    },
    says: ['/documents/a.graphql:1:25\n    Syntax Error: Expected Name, found <EOF>.', 'field "titel"'],
  },
  {
    name: 'an empty file',
    files: { 'documents/a.graphql': '# later' },
    says: ['/documents/a.graphql:1:8\n    Syntax Error: Unexpected <EOF>.'],
  },
  {
    name: 'a schema in place of an operation',
    files: { 'documents/a.graphql': 'extend type Query { more: Int }' },
    says: ['/documents/a.graphql:1:1\n    The "Query" definition is not executable.'],
  },
  {
    name: 'a mark of a draft that is misspelt or misplaced',
    files: { 'documents/a.graphql': 'query A @drafd { books @draft { id } }' },
    says: ['Unknown directive "@drafd".', 'Directive "@draft" may not be used on FIELD.'],
  },
  {
    name: 'a field that goes by the name of what is added',
    files: { 'documents/a.graphql': 'query A { books { __typename: title } }' },
    says: ['/documents/a.graphql:1:19\n    The alias "__typename" is not for documents'],
  },
  {
    name: 'no folder of documents',
    files: {},
    says: ['/documents\n    The folder of documents cannot be read: ENOENT'],
  },
  {
    name: 'a folder without a document',
    files: { 'documents/a.gql': 'query A { books { id } }' },
    says: ['/documents\n    The folder of documents holds no *.graphql file'],
  },
  {
    name: 'a folder in place of a file',
    files: { 'documents/a.graphql/b.txt': 'not GraphQL' },
    says: ['/documents/a.graphql\n    It cannot be read: EISDIR'],
  },
  {
    name: 'no schema yet',
    files: { 'generated/schema.graphql': '', 'documents/a.graphql': 'query A { books { id } }' },
    says: [
      '/bff.ts\n    The schema of its clients, bff-16/generated/schema.graphql, is not there yet: run "npm run compose" first.',
    ],
  },
  {
    name: 'a schema that is none',
    files: { 'generated/schema.graphql': 'type Query {', 'documents/a.graphql': 'query A { books { id } }' },
    says: ['/bff.ts\n    bff-17/generated/schema.graphql is no schema (Syntax Error'],
  },
  {
    name: 'a schema with a word of ours',
    files: {
      'generated/schema.graphql': `directive @draft on FIELD ${clientSchema}`,
      'documents/a.graphql': 'query A { books { id } }',
    },
    says: ['/bff.ts\n    bff-18/generated/schema.graphql has a directive @draft of its own'],
  },
  {
    name: 'a declaration that names no folder',
    files: { 'bff.ts': declaration(`documents: { folder: '', unregistered: 'allow' }`) },
    says: ['/bff.ts\n    documents.folder: must name a folder beside the declaration.'],
  },
  {
    name: 'a file that declares nothing',
    files: { 'bff.ts': 'export const nothing = 1;' },
    says: ['/bff.ts\n    bff-20/bff.ts must export exactly one declaration'],
  },
];

describe('exits with 1, and says all at once what is wrong about', () => {
  let folder = '';
  let run: SpawnSyncReturns<string>;
  before(() => {
    folder = project({
      ...Object.fromEntries(failures.map(({ files }, index) => [`bff-${index}`, files])),
      'bff-good': mobile,
    });
    run = documents(folder);
  });

  for (const [index, { name, says }] of failures.entries()) {
    test(name, () => {
      const own = run.stderr.split(/\n(?=\S)/).filter((problem) => problem.startsWith(`bff-${index}/`));
      for (const sentence of says) {
        assert.ok(
          own.some((problem) => problem.includes(sentence)),
          own.join('\n'),
        );
      }
    });
  }

  test('nothing that a file may hold which cannot be read', () => {
    assert.doesNotMatch(run.stderr, /Unknown fragment "Shown"/);
  });

  test('so many problems, in sentences alone, and writes nothing', () => {
    assert.equal(run.status, 1);
    assert.match(run.stderr, /\n\n\d+ problems; nothing was written\.\n$/);
    assert.doesNotMatch(run.stderr, /\n\s+at .*\.(ts|js):\d+/);
    assert.ok(!existsSync(join(folder, 'bff-good/generated/operations.ts')));
  });
});

test('says how it is used where a flag does not exist', () => {
  const { status, stderr } = documents(project({}), '--chekc');
  assert.equal(status, 1);
  assert.match(stderr, /'--chekc'[\s\S]*Usage: npm run documents/);
});

test('says so where no declaration has documents', () => {
  const { status, stdout } = documents(project({ 'bff-all': { 'bff.ts': declaration('') } }));
  assert.equal(status, 0);
  assert.equal(stdout, 'No declaration has documents.\n');
});

test('what is generated for this repository is up to date', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const { status, stderr } = documents(root, '--check');
  assert.equal(status, 0, stderr);
});
