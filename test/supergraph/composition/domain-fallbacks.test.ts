// Holds what composition makes of `@fallback` in subgraphs' schemas: what cannot stand in is refused, with its place.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { buildSchema, printSchema } from 'graphql';
import { CompositionFailure } from '../../../supergraph/composition/composition-problem.ts';
import { generate } from '../../../supergraph/composition/generate.ts';

const door = new URL('../../../supergraph/index.ts', import.meta.url).href;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const link = `@link(url: "https://specs.tributary.dev/fallback/v1.0", import: ["@fallback"])`;
const federation = `@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@shareable", "@external", "@requires", "@composeDirective"])`;
// On lines of their own, so that what follows begins on line 2.
const head = `extend schema ${federation} ${link} @composeDirective(name: "@fallback") directive @fallback(omit: Boolean, lastKnown: String, field: String, arguments: fallback__Value, value: fallback__Value, critical: Boolean) on FIELD_DEFINITION scalar fallback__Value`;

interface Parts {
  library: string;
  post?: string;
  /** Members of the declaration of a BFF. */
  bff?: string;
  views?: string;
}

async function composed({ library, post, bff, views }: Parts): Promise<(name: string) => string> {
  const folder = mkdtempSync(join(tmpdir(), 'compose-fallbacks-'));
  folders.push(folder);
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  write('library.graphql', library);
  if (post !== undefined) write('post.graphql', post);
  const entry = (name: string) => [name, { schema: `${name}.graphql`, url: `http://127.0.0.1:1/${name}` }];
  const names = ['library', ...(post === undefined ? [] : ['post'])];
  write('subgraphs.json', JSON.stringify(Object.fromEntries(names.map(entry))));
  if (views !== undefined) write('schema.graphql', views);
  if (bff !== undefined)
    write(
      'bff.ts',
      `import { defineBff, field, lastKnown, omit, value } from '${door}';
       export const bff = defineBff({ name: 'own', port: 1, ${bff} }); void [field, lastKnown, omit, value];`,
    );
  const files = await generate({
    subgraphs: join(folder, 'subgraphs.json'),
    bffs: bff === undefined ? [] : [join(folder, 'bff.ts')],
    out: join(folder, 'supergraph.graphql'),
  });
  return (name) => files.get(join(folder, name)) ?? assert.fail(name);
}

/** What a composition is refused with, without the folder it was in. */
async function problemsOf(parts: Parts): Promise<string> {
  try {
    await composed(parts);
  } catch (error) {
    if (error instanceof CompositionFailure)
      return error.message.replaceAll(/\S*compose-fallbacks-\w+\//g, '');
    throw error;
  }
  return assert.fail('it was composed');
}

const books = `${head}
  type Query { books: [Book!]! @fallback(lastKnown: "1h", value: [{ id: "b1", title: "?", format: PAPER }]) @tag(name: "app") }
  type Book @key(fields: "id") @tag(name: "app") { id: ID! title: String! @fallback(value: "?") format: Format! }
  enum Format { PAPER }
`;

test('what domains say reaches the routers, and no client', async () => {
  const file = await composed({ library: books, bff: `contract: { include: ['app'] }` });
  for (const name of ['supergraph.graphql', 'generated/supergraph.graphql']) {
    assert.match(file(name), /title: String! @fallback\(value: "\?"\)/, name);
    assert.match(
      file(name),
      /@fallback\(lastKnown: "1h", value: \[\{id: "b1", title: "\?", format: "PAPER"\}\]\)/,
    );
  }
  const shown = printSchema(buildSchema(file('generated/schema.graphql')));
  assert.doesNotMatch(shown, /fallback/);
  assert.doesNotMatch(file('generated/coordinates.ts'), /fallback/);
});

test('views of a BFF may say it too', async () => {
  const views = `${head}
    type Query { desk: Desk @fallback(value: { greeting: "Hello" }) }
    type Desk { greeting: String! }`;
  const file = await composed({ library: books, bff: `contract: { include: ['app'] }, views: '.'`, views });
  assert.match(
    file('generated/supergraph.graphql'),
    /desk: Desk .*@fallback\(value: \{greeting: "Hello"\}\)/,
  );
});

const query = (fields: string, more = ''): Parts => ({
  library: `${head}\ntype Query { ${fields} }\ntype Book { id: ID! pages: Int } type Mutation { sell: Book } ${more}`,
});
const at = (column: number) => `Line 2, column ${column}: @fallback:`;

const refused: [what: string, parts: Parts, says: string][] = [
  [
    'a value of another type',
    query('a: Int! @fallback(value: "1")'),
    `library · Query.a · INVALID_FALLBACK\n    ${at(22)} value: must be a whole number of 32 bits (Int), but is "1".`,
  ],
  [
    'null for what is never null',
    query('a: Int! @fallback(value: null)'),
    `${at(22)} value: must not be null: its type is Int!.`,
  ],
  [
    'an object without all that it promises',
    query('a: Book @fallback(value: {})'),
    `${at(22)} value.id: must be given: its type is ID!.`,
  ],
  [
    'a time that is none',
    query('a: Int @fallback(lastKnown: "soon")'),
    `${at(21)} lastKnown: "soon" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ],
  [
    'the last value of what is no entity',
    { library: `${head}\ntype Query { a: Book } type Book { pages: Int @fallback(lastKnown: "1h") }` },
    `library · Book.pages · INVALID_FALLBACK\n    ${at(47)} lastKnown: nothing is known of Book by itself, because it has no @key: write it for the field that leads there.`,
  ],
  [
    'a field that there is not',
    query('a: Int @fallback(field: "Query.bb") b(c: Int!): Int'),
    `${at(21)} field: there is no field "Query.bb". Did you mean "b"?`,
  ],
  [
    'a field without its arguments',
    query('a: Int @fallback(field: "Query.b") b(c: Int!): Int'),
    `${at(21)} arguments.c: must be given.`,
  ],
  [
    'a field with arguments of another type',
    query('a: Int @fallback(field: "Query.b", arguments: { c: "x" }) b(c: Int!): Int'),
    `${at(21)} arguments.c: Int cannot represent non-integer value: "x"`,
  ],
  [
    'arguments of no field',
    query('a: Int @fallback(arguments: { c: 1 }, value: 1)'),
    `${at(21)} arguments: are those of a field, and none is named.`,
  ],
  [
    'fields that lead back to themselves',
    query('a: Int @fallback(field: "Query.b") b: Int @fallback(field: "Query.a")'),
    `${at(21)} would stand in for itself: Query.a → Query.b → Query.a.`,
  ],
  [
    'omit for what is no list',
    query('a: Int @fallback(omit: true)'),
    `${at(21)} omit is for lists, and Query.a is of the type Int.`,
  ],
  ['nothing', query('a: Int @fallback'), `${at(21)} says nothing that could stand in.`],
  [
    'nothing in many words',
    query('a: Int @fallback(omit: false, critical: false, lastKnown: null)'),
    `${at(21)} says nothing that could stand in.`,
  ],
  [
    'more than all',
    query('a: Int @fallback(value: 1, critical: true)'),
    `${at(21)} critical is never reached beside value: one of them is enough.`,
  ],
  [
    'what a mutation answers',
    {
      library: `${head}\ntype Query { a: Int } type Mutation { sell: Int @fallback(value: 1) }`,
    },
    `library · Mutation.sell · INVALID_FALLBACK\n    ${at(49)} nothing stands in for what a mutation answers.`,
  ],
  [
    'two subgraphs that do not agree',
    {
      library: `${head}\ntype Query { a: Int @shareable @fallback(value: 1) }`,
      post: `${head}\ntype Query { a: Int @shareable @fallback(value: 2) }`,
    },
    `library, post · Query.a · INVALID_FALLBACK\n    ${at(32)} subgraphs do not agree about it: write it alike.`,
  ],
  [
    'a type',
    {
      library: `${head.replace('on FIELD_DEFINITION', 'on FIELD_DEFINITION | OBJECT')}\ntype Query { a: Book } type Book @fallback(value: 1) { id: ID }`,
    },
    `library · Book · INVALID_FALLBACK\n    ${at(34)} stands for a field alone.`,
  ],
  [
    'what is not carried to routers',
    {
      library: `${head.replace('@composeDirective(name: "@fallback")', '')}\ntype Query { a: Int @fallback(value: 1) }`,
    },
    'library · INVALID_FALLBACK\n    @fallback does not reach routers: write @composeDirective(name: "@fallback") beside its @link.',
  ],
  [
    'another version',
    { library: `${head.replace('v1.0', 'v2.0')}\ntype Query { a: Int @fallback(value: 1) }` },
    '"https://specs.tributary.dev/fallback/v2.0" is not known here: link "https://specs.tributary.dev/fallback/v1.0".',
  ],
  [
    'by a BFF what its clients do not see',
    {
      library: books,
      bff: `contract: { include: ['app'], exclude: ['app'] }, fallbacks: { 'Query.bocks': value([]) }`,
    },
    'bff.ts · INVALID_DECLARATION\n    fallbacks.Query.bocks: there is no such field. Did you mean "books"?',
  ],
  [
    'by a BFF what its contract hides, and a policy of it',
    {
      library: `${books} extend type Query { hidden: Int }`,
      bff: `contract: { include: ['app'] }, fallbacks: { 'Query.hidden': value(1) }, fields: { 'Query.hidden': {} }`,
    },
    'fields.Query.hidden: there is no such field.\nbff.ts · INVALID_DECLARATION\n    fallbacks.Query.hidden: there is no such field.',
  ],
  [
    'by views what does not fit',
    {
      library: books,
      bff: `contract: { include: ['app'] }, views: '.'`,
      views: `${head}\ntype Query { desk: String! @fallback(value: null) }`,
    },
    `schema.graphql · Query.desk · INVALID_FALLBACK\n    ${at(28)} value: must not be null: its type is String!.`,
  ],
];

describe('refuses', () => {
  for (const [what, parts, says] of refused)
    test(what, async () => {
      const problems = await problemsOf(parts);
      assert.ok(problems.includes(says), problems);
    });

  test('all that is wrong at once', async () => {
    const wrong = query(
      'a: Int! @fallback(value: null) b: Int @fallback',
      'type C { d: Int @fallback(lastKnown: "") }',
    );
    assert.equal((await problemsOf(wrong)).match(/INVALID_FALLBACK/g)?.length, 3);
  });
});
