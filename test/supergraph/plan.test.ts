// Holds `npm run plan` as a command: the plan of an operation in three forms, and clear words for whatever is wrong.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compose } from '../../supergraph/composition/compose.ts';
import type { FetchNode, QueryPlan } from '../../supergraph/planner/plan.ts';
import { nodeFlags, scriptFlags } from '../support/node-flags.ts';
import { libraryTypeDefs, postTypeDefs, schemaOf } from './fixtures/fixture-graph.ts';

const main = fileURLToPath(new URL('../../supergraph/plan.ts', import.meta.url));
let folder: string;

const files: Record<string, string> = {
  'books.graphql': 'query Books($n: Int) {\n  books(first: $n) { name: title postage }\n}\n',
  'several.graphql':
    'query Titles { books { title } }\nquery Broken { shelf }\nquery Weights { books { ...Weight } }\nfragment Weight on Book { weight }\n',
  'twice.graphql': 'query A { __typename } query A { __typename }',
  'conditions.graphql':
    'query($with: Boolean!, $title: Boolean = true) { books { title @include(if: $title) postage @include(if: $with) } }',
  'schema.graphql': '{ __schema { types { name } } }',
  'rename.graphql': 'mutation { rename(id: "b1", title: "x") { title } }',
  'unfit.graphql': '{\n  books {\n    titel\n  }\n  shelf\n}\n',
  'broken.graphql': '{\n  books {\n',
  'fragments.graphql': 'fragment A on Book { title }',
  'doubling.graphql': `{ books { ...F12 } } fragment F0 on Book { title } ${Array.from({ length: 12 }, (_, index) => `fragment F${index + 1} on Book { ...F${index} ...F${index} }`).join(' ')}`,
  'circle.graphql': '{ books { ...A } } fragment A on Book { ...A }',
  'plain-schema.graphql': 'type Query { a: Int }',
  'no-graphql.graphql': 'hello',
  'broken-supergraph.graphql':
    'schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query } enum join__Graph { A @join__graph(name: "a", url: "") } type Query { a: Int }',
};

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const supergraph = compose([schemaOf('library', libraryTypeDefs), schemaOf('post', postTypeDefs)]);
  for (const bff of ['bff-web', 'bff-small']) mkdirSync(join(folder, bff, 'generated'), { recursive: true });
  writeFileSync(join(folder, 'bff-web/generated/supergraph.graphql'), supergraph);
  writeFileSync(join(folder, 'supergraph.graphql'), supergraph);
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function plan(args: string[], { cwd = folder, stdin = '', flags = nodeFlags } = {}): Promise<Run> {
  const child = spawn(process.execPath, [...flags, main, ...args], {
    cwd,
    timeout: 60_000,
  });
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

describe('the plan of an operation', () => {
  test('is printed as text, with the way back to the names of the client', async () => {
    const { code, stdout, stderr } = await plan(['books.graphql'], { flags: scriptFlags });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^QueryPlan \{\n {2}Sequence \{\n {4}Fetch\(service: "library", variables: \$v0\)/);
    assert.match(stdout, /Fetch\(service: "post", path: "\w*books\.@"\)/);
    assert.match(stdout, /\nNames in the plan:\n\$v0\s+is \$n\n/);
    assert.match(stdout, /\.title\s+is books\.name\n|books\.\w+\s+is books\.name\n/);
    assert.deepEqual(await plan(['books.graphql']), { code, stdout, stderr }, 'and is stable');
  });

  test('is drawn into a file, and printed as JSON alone', async () => {
    const { code, stdout, stderr } = await plan(['books.graphql', '--json', '--svg', 'books.svg']);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: 'wrote books.svg\n' });
    const printed: { operation: string; names: object[]; plan: QueryPlan } = JSON.parse(stdout);
    assert.match(printed.operation, /^query\(\$v0:Int\)/);
    assert.deepEqual(printed.names[0], { inPlan: '$v0', ofClient: '$n' });
    assert.equal(printed.plan.node?.kind, 'sequence');
    assert.match(readFileSync(join(folder, 'books.svg'), 'utf8'), /^<svg [\s\S]*postage[\s\S]*<\/svg>\n$/);
  });

  const works: [name: string, args: string[], expected: RegExp, stdin?: string][] = [
    ['of the standard input', ['-'], /Fetch\(service: "library"\)/, '{ books { title } }'],
    ['on a named supergraph', ['--supergraph', 'supergraph.graphql', 'rename.graphql'], /kind: mutation/],
    ['of one of several', ['several.graphql', '--operation=Weights'], /weight/],
    [
      'that asks nobody',
      ['schema.graphql'],
      /No subgraph has to be asked\.\n\nAnswered from the schema: __schema\n/,
    ],
  ];
  for (const [name, args, expected, stdin] of works) {
    test(name, async () => {
      const { code, stdout, stderr } = await plan(args, { ...(stdin !== undefined && { stdin }) });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.match(stdout, expected);
    });
  }

  test('depends on the variables that conditions read', async () => {
    const subgraphs = async (variables: object) => {
      const run = await plan(['conditions.graphql', '--json', '--variables', JSON.stringify(variables)]);
      assert.equal(run.code, 0, run.stderr);
      const { node }: QueryPlan = JSON.parse(run.stdout).plan;
      const fetches = node?.kind === 'sequence' ? node.nodes : [node];
      return fetches.map((fetch) => (fetch as FetchNode).subgraph);
    };
    assert.deepEqual(await subgraphs({ with: true }), ['library', 'post']);
    assert.deepEqual(await subgraphs({ with: false, title: true }), ['library']);
  });
});

describe('what is wrong is said in a sentence, and the code is 1', () => {
  const cases: [args: string[], words: RegExp, cwd?: string][] = [
    [[], /^Which operation\? Usage: npm run plan/],
    [['a.graphql', 'b.graphql'], /^One file at a time, not "b\.graphql" too\./],
    [['books.graphql', '--jsn'], /^There is no flag "--jsn"\. Did you mean "--json"\?/],
    [['books.graphql', '--json=yes'], /^--json takes no value/],
    [['books.graphql', '--svg'], /^--svg needs a value/],
    [['books.graphql', '--svg', '--json'], /^--svg needs a value/],
    [['books.graphql', '--svg', 'no/such/folder.svg'], /^The picture cannot be written: /],
    [['books.graphql', '--variables', '[1]'], /^--variables must be a JSON object/],
    [['books.graphql', '--variables', '{'], /^--variables must be a JSON object/],
    [['books.graphql', '--variables', '{"m": 1}'], /^The operation has no variable \$m\. Did you mean "n"\?/],
    [['books.graphql', '--bff', 'bff-web', '--supergraph', 'x'], /^Either --bff or --supergraph/],
    [
      ['books.graphql', '--bff', 'bff-wbe'],
      /^There is no BFF in the folder bff-wbe\. Did you mean "bff-web"\?/,
    ],
    [['books.graphql', '--bff', 'bff-small'], /^There is no supergraph at bff-small\/generated/],
    [['books.graphql'], /^Which supergraph\? There is no bff-web here/, tmpdir()],
    [['books.graphql', '--supergraph', 'plain-schema.graphql'], /not a supergraph/],
    [['books.graphql', '--supergraph', 'no-graphql.graphql'], /cannot be read as GraphQL/],
    [
      ['books.graphql', '--supergraph', 'broken-supergraph.graphql'],
      /^broken-supergraph\.graphql cannot be used\. The supergraph cannot be loaded/,
    ],
    [['boks.graphql'], /^There is no file boks\.graphql\./],
    [['bff-web'], /^bff-web cannot be read: EISDIR/],
    [['broken.graphql'], /^broken\.graphql:3:1: Syntax Error: Expected Name, found <EOF>/],
    [['fragments.graphql'], /^There is no operation in fragments\.graphql/],
    [
      ['unfit.graphql'],
      /\nunfit\.graphql:3:5: Cannot query field "titel".* Did you mean "title"\?\nunfit\.graphql:5:3: .*"shelf"/,
    ],
    [
      ['several.graphql'],
      /^There are several operations in several\.graphql: choose .*\(Titles, Broken, Weights\)/,
    ],
    [['several.graphql', '--operation', 'Tiles'], /^There is no operation "Tiles".* Did you mean "Titles"\?/],
    [['doubling.graphql'], /^doubling\.graphql: .* more than \d+ selections/],
    [['circle.graphql'], /\ncircle\.graphql:1:\d+: Cannot spread fragment "A" within itself/],
    [['twice.graphql', '--operation', 'A'], /^There are several operations "A"/],
    [
      ['conditions.graphql'],
      /^The plan depends on \$with: say --variables '\{"with": true\}', or false\.\n$/,
    ],
    [['conditions.graphql', '--variables', '{"with": "yes"}'], /^The plan depends on \$with/],
  ];
  for (const [args, words, cwd] of cases) {
    test(`npm run plan -- ${args.join(' ')}${cwd === undefined ? '' : ' elsewhere'}`, async () => {
      const file = cwd === undefined ? args : args.map((name) => join(folder, name));
      const { code, stderr } = await plan(file, { ...(cwd !== undefined && { cwd }) });
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n {4}at /);
      assert.equal(code, 1);
    });
  }
});
