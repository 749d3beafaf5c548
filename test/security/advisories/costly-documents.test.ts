// Holds that documents which are costly to check, or named so that a check could overlook them, are refused in little time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { schemaOf } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RawServer, startRawServer } from '../../supergraph/fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])
  type Query { person: Person people(first: Int): [Person!]! }
  type Person @key(fields: "id") { id: ID! name: String friend: Person salary: Int @authenticated }
`;

let subgraph: RawServer;
let router: RouterUnderTest;
let deeper: RouterUnderTest;
const asked: string[] = [];
before(async () => {
  subgraph = await startRawServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    asked.push(text);
    response.setHeader('content-type', 'application/json').end('{"data":{"person":{"name":"Ada"}}}');
  });
  const graph = compose([schemaOf('people', sdl, subgraph.url)]);
  router = await startTestRouter(graph);
  deeper = await startTestRouter(graph, {
    bff: defineBff({ name: 'deeper', port: 0, limits: { depth: 500 } }),
  });
});
after(async () => {
  await Promise.all([router?.stop(), deeper?.stop()]);
  await subgraph?.stop();
});

const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
/** Each level holds the next twice. */
const doubling = (names: readonly string[]): string =>
  names
    .map((name, level) => {
      const next = names[level + 1];
      return `fragment ${name} on Person { ${next ? `a: friend { ...${next} } b: friend { ...${next} }` : 'name'} }`;
    })
    .join(' ');
const hidden = Array.from({ length: 20 }, (_, level) => `__schema${'_'.repeat(level)}`);

const tooLong = 'TOKEN_LIMIT_EXCEEDED';
const tooDeep = 'DEPTH_LIMIT_EXCEEDED';
const tooManyAliases = 'ALIAS_LIMIT_EXCEEDED';
const invalid = 'GRAPHQL_VALIDATION_FAILED';
const tooLarge = 'OPERATION_TOO_LARGE';
const documents: [name: string, query: string, code: string][] = [
  ['10,000 times one field', `{ person { ${'name '.repeat(10_000)} } }`, tooLong],
  ['10,000 fragments with one field', `{ person { ${'... on Person { name } '.repeat(10_000)} } }`, tooLong],
  ['1,600 fragments with one field', `{ person { ${'... on Person { name } '.repeat(1_600)} } }`, tooLarge],
  ['1,400 objects under one name', `{ ${'person { friend { name } } '.repeat(1_400)} }`, tooLarge],
  ['9,000 unknown fields', `{ person { ${many(9_000, (index) => `x${index}`)} } }`, invalid],
  ['4,000 objects under one name', `{ ${'person { friend { name } } '.repeat(4_000)} }`, tooLong],
  ['20,000 unknown directives', `{ person { name ${'@a '.repeat(20_000)} } }`, 'DIRECTIVE_LIMIT_EXCEEDED'],
  [
    '10,000 times one directive',
    `{ person { name ${'@skip(if: false) '.repeat(10_000)} } }`,
    'DIRECTIVE_LIMIT_EXCEEDED',
  ],
  ['20,000 unknown fields', `{ person { ${many(20_000, (index) => `x${index}`)} } }`, tooLong],
  [
    '5,000 variables nobody reads',
    `query (${many(5_000, (i) => `$v${i}: Int`)}) { person { name } }`,
    tooLong,
  ],
  ['2,500 aliases', `{ person { ${many(2_500, (index) => `a${index}: name`)} } }`, tooManyAliases],
  [
    '500 levels that are too much in sum',
    `{ ${many(10, (i) => `p${i}: person ${'{ friend '.repeat(500)} { name } ${'}'.repeat(500)}`)} }`,
    tooLong,
  ],
  ['1,000 levels', `{ person ${'{ friend '.repeat(1_000)} { name } ${'}'.repeat(1_000)} }`, tooDeep],
  ['20,000 levels', `{ person ${'{ friend '.repeat(20_000)} { name } ${'}'.repeat(20_000)} }`, tooDeep],
  [
    '50,000 lists within each other',
    `{ people(first: ${'['.repeat(50_000)}1${']'.repeat(50_000)}) { name } }`,
    tooDeep,
  ],
  [
    'fragments called __schema that double',
    `query __schema { person { ...__schema } } ${doubling(hidden)}`,
    tooManyAliases,
  ],
];

for (const [name, query, code] of documents) {
  test(`${name}: refused, and others are served`, async () => {
    asked.length = 0;
    const began = performance.now();
    const { status, body, text } = await router.ask(query);
    const took = performance.now() - began;
    assert.equal(status, 400, text.slice(0, 200));
    assert.equal(body.errors?.[0]?.extensions['code'], code);
    assert.ok(text.length < 50_000, 'the answer is no larger than the question');
    assert.deepEqual(asked, []);
    // Alone it takes some tenths of a second at most; the machine may be shared.
    assert.ok(took < 5_000, `${took} ms`);
  });
}

test('400 levels are not too many where they are declared', async () => {
  const { status, body } = await deeper.ask(
    `{ person ${'{ friend '.repeat(400)} { name } ${'}'.repeat(400)} }`,
  );
  assert.equal(status, 200);
  assert.deepEqual(body.data, { person: { friend: null } });
});

test('names of introspection hide nothing from rules', async () => {
  const hiding = [
    'query __schema { person { name ...__schema } } fragment __schema on Person { salary }',
    'query __typename { person { name ... on Person { ...__type } } } fragment __type on Person { __typename salary }',
    '{ person { name __schema: salary } }',
    '{ __schema: person { name __typename: salary } }',
  ];
  for (const query of hiding) {
    asked.length = 0;
    const { body, text } = await router.ask(query);
    const codes = body.errors?.map(({ extensions }) => extensions['code']);
    assert.deepEqual(codes, ['UNAUTHENTICATED'], text);
    assert.doesNotMatch(asked.join(), /salary/);
  }
});
