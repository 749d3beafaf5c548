// Holds what composition makes of a BFF's own views: one subgraph more, for this BFF alone, seen by its clients alone.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { buildSchema } from 'graphql';
import { CompositionFailure } from '../../../supergraph/composition/composition-problem.ts';
import { generate } from '../../../supergraph/composition/generate.ts';
import { sees } from '../fixtures/bff-on-disk.ts';
import { libraryTypeDefs, postTypeDefs } from '../fixtures/fixture-graph.ts';

const door = new URL('../../../supergraph/index.ts', import.meta.url).href;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const link = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;
const usual = link('"@key" "@external" "@requires" "@shareable"');

const views = `${usual}
  type Query { desk: Desk }
  type Desk { greeting: String! books: [Book!] }
  type Book @key(fields: "id") {
    id: ID!
    weight: Int! @external
    format: Format! @external
    heft("How much to say." loud: Loudness! = LOUD): String @requires(fields: "weight")
    line: String @requires(fields: "format")
  }
  enum Format { PAPER AUDIO }
  enum Loudness { LOUD SOFT }
`;

/** A BFF with views, and one without, over the two subgraphs of the fixture. */
async function composed(
  schema: string | undefined,
  { contract = `{ include: ['mobile'] }`, more = '' } = {},
): Promise<{ of: (path: string) => string; schemaFile: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'compose-views-'));
  folders.push(folder);
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('library.graphql', libraryTypeDefs);
  write('post.graphql', postTypeDefs);
  write(
    'subgraphs.json',
    JSON.stringify({
      post: { schema: 'post.graphql', url: 'http://127.0.0.1:2/graphql' },
      library: { schema: 'library.graphql', url: 'http://127.0.0.1:1/graphql' },
    }),
  );
  const declaration = (name: string, words: string) =>
    `import { defineBff } from '${door}'; export const bff = defineBff({ name: '${name}', port: 1, ${words} });`;
  write('bff-own/bff.ts', declaration('own', `views: 'views', contract: ${contract}, ${more}`));
  write('bff-other/bff.ts', declaration('other', `contract: { include: ['mobile'] }`));
  if (schema !== undefined) write('bff-own/views/schema.graphql', schema);
  const out = join(folder, 'supergraph.graphql');
  const files = await generate({
    subgraphs: join(folder, 'subgraphs.json'),
    bffs: [join(folder, 'bff-own/bff.ts'), join(folder, 'bff-other/bff.ts')],
    out,
  });
  return {
    of: (path) => files.get(join(folder, path)) ?? assert.fail(path),
    schemaFile: join(folder, 'bff-own/views/schema.graphql'),
  };
}

test('the views are in the supergraph of their BFF, and in nobody else’s', async () => {
  const { of } = await composed(views);
  assert.match(
    of('bff-own/generated/supergraph.graphql'),
    /@join__graph\(name: "own-views", url: "views:own"\)/,
  );
  for (const path of ['supergraph.graphql', 'bff-other/generated/supergraph.graphql'])
    assert.doesNotMatch(of(path), /own-views|heft|Desk/);
});

test('their fields and their subgraph are among the generated names', async () => {
  const { of } = await composed(views);
  const names = of('bff-own/generated/coordinates.ts');
  for (const name of ['Book.heft', 'Query.desk', 'Desk.greeting', 'library', 'own-views', 'post'])
    assert.ok(names.includes(`'${name}'`), name);
  assert.doesNotMatch(of('bff-other/generated/coordinates.ts'), /own-views|heft/);
});

describe('of what views define, clients see', () => {
  const seenBy = async (schema: string, options: Parameters<typeof composed>[1] = {}) => {
    const { of } = await composed(schema, options);
    const client = buildSchema(of('bff-own/generated/schema.graphql'));
    return (coordinate: string) => sees(client, coordinate);
  };

  test('all that is theirs, and nothing that the domains keep hidden', async () => {
    const seen = await seenBy(views);
    for (const own of ['Book.heft', 'Book.line', 'Query.desk', 'Desk.greeting', 'Desk.books', 'Book.title'])
      assert.ok(seen(own), own);
    for (const hidden of ['Book.id', 'Book.weight', 'Book.reservations', 'Query.ledger'])
      assert.ok(!seen(hidden), hidden);
  });

  test('the same with an excluding contract, and with none', async () => {
    const excluding = await seenBy(views, { contract: `{ exclude: ['internal'] }` });
    assert.ok(excluding('Book.heft') && excluding('Book.id') && !excluding('Book.weight'));
    const whole = await seenBy(views, { contract: 'undefined' });
    assert.ok(whole('Book.heft') && whole('Book.weight'));
  });

  test('not what carries a tag that the contract excludes', async () => {
    const tagged = views
      .replace('"@key"', '"@key" "@tag"')
      .replace('line: String', 'line: String @tag(name: "beta")');
    const seen = await seenBy(tagged, { contract: `{ include: ['mobile'], exclude: ['beta'] }` });
    assert.ok(seen('Book.heft') && !seen('Book.line'));
  });

  test('all that is theirs where they extend types', async () => {
    const seen = await seenBy(
      views.replace('type Book', 'extend type Book').replace('type Query', 'extend type Query'),
    );
    assert.ok(seen('Book.heft') && seen('Query.desk') && !seen('Book.weight'));
  });
});

test('a policy may be said of the views by their name, and of no other', async () => {
  await composed(views, { more: `subgraphs: { 'own-views': { timeout: '1s' } }` });
  await assert.rejects(
    composed(views, { more: `subgraphs: { 'own-view': { timeout: '1s' } }` }),
    /subgraphs\.own-view: .*Did you mean "own-views"\?/,
  );
});

describe('problems name the file of the views', () => {
  const cases: [name: string, schema: string | undefined, says: RegExp][] = [
    ['a syntax error', 'type Query {', /schema\.graphql · line 1, column 13 · INVALID_GRAPHQL/],
    ['no schema', undefined, /schema\.graphql · FILE_NOT_READABLE/],
    [
      'a field that is required and is not there',
      views.replace('fields: "weight"', 'fields: "wieght"'),
      /schema\.graphql · Book\.heft · REQUIRES_INVALID_FIELDS/,
    ],
    [
      'a field that a domain has already',
      views.replace('line: String', 'title: String! line: String'),
      /schema\.graphql, library · Book\.title · INVALID_FIELD_SHARING/,
    ],
    ['a key that nobody has', views.replace('"id"', '"isbn"'), /schema\.graphql · Book · KEY_INVALID_FIELDS/],
  ];
  for (const [name, schema, says] of cases) {
    test(name, async () => {
      await assert.rejects(composed(schema), (error) => {
        assert.ok(error instanceof CompositionFailure);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /^own-views/m);
        return true;
      });
    });
  }
});
