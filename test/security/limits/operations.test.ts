// Holds routers to the limits of operations: on every road, one more than is declared is refused, and asks no subgraph.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { LimitsDeclaration } from '../../../supergraph/declaration/limits-declaration.ts';
import { entry, manifestOf } from '../../supergraph/fixtures/registered-operations.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import {
  type Asked,
  codesOf,
  friends,
  type LimitedGraph,
  nested,
  registered,
  roads,
  startLimitedGraph,
  times,
} from './limited-graph.ts';

const limits = {
  tokens: 150,
  depth: 6,
  introspectionDepth: 4,
  aliases: 3,
  rootFields: 4,
  directives: 5,
  selections: 30,
  listItems: 3,
  variableDepth: 3,
  fetches: 3,
} satisfies LimitsDeclaration;

interface Case {
  name: string;
  code: string;
  /** Just within the limit. */
  within: Asked;
  /** Just beyond it. */
  beyond: Asked;
  /** Who plans for himself counts for himself. */
  onOwnEngineAlone?: true;
}

const spread = (fields: string): string => `{ ...F } fragment F on Query { ${fields} }`;
const introspecting = (levels: number): string =>
  `{ __schema { types ${'{ ofType '.repeat(levels - 3)} { name }${' }'.repeat(levels - 3)} } }`;
const bosses = (count: number): string => `{ person ${'{ boss '.repeat(count)}{ id }${' }'.repeat(count)} }`;
const people = 'query ($ids: [ID!]) { people(ids: $ids) { id } }';
const echo = 'query ($any: JSON) { echo(any: $any) }';
const filtered = 'query ($filter: Filter) { echo(filter: $filter) }';

const cases: Case[] = [
  {
    name: 'tokens',
    code: 'TOKEN_LIMIT_EXCEEDED',
    within: { query: `{ echo(any: { ${times(46, (index) => `a${index}: 1`)} }) }` },
    beyond: { query: `{ echo(any: { ${times(48, (index) => `a${index}: 1`)} }) }` },
  },
  {
    name: 'tokens, of which strings, comments and commas are no more than they are',
    code: 'TOKEN_LIMIT_EXCEEDED',
    within: { query: `{ echo(any: "{ a b c { } \\" #") ,,, # ${'a '.repeat(200)}\n }` },
    beyond: { query: `{ echo(any: """ \\""" # """) ${times(145, 'echo')} }` },
  },
  {
    name: 'numbers that stand side by side',
    code: 'TOKEN_LIMIT_EXCEEDED',
    within: { query: '{ echo(any: [1-1-1]) }' },
    beyond: { query: `{ echo(any: [1${'-1'.repeat(142)}]) }` },
  },
  {
    name: 'depth',
    code: 'DEPTH_LIMIT_EXCEEDED',
    within: { query: `{ ${friends(4)} }` },
    beyond: { query: `{ ${friends(5)} }` },
  },
  {
    name: 'depth that is spread over fragments',
    code: 'DEPTH_LIMIT_EXCEEDED',
    within: {
      query:
        '{ person { ...A } } fragment A on Person { friend { friend { ...B } } } fragment B on Person { friend { friend { id } } }',
    },
    beyond: {
      query:
        '{ person { ...A } } fragment A on Person { friend { friend { ...B } } } fragment B on Person { friend { friend { friend { id } } } }',
    },
  },
  {
    name: 'aliases',
    code: 'ALIAS_LIMIT_EXCEEDED',
    within: { query: `{ person { name: name ${times(3, (index) => `a${index}: name`)} } }` },
    beyond: { query: `{ person { ${times(4, (index) => `a${index}: name`)} } }` },
  },
  {
    name: 'aliases in a fragment that is used twice',
    code: 'ALIAS_LIMIT_EXCEEDED',
    within: { query: '{ person { ...A friend { id } } } fragment A on Person { a: id b: id }' },
    beyond: { query: '{ person { ...A friend { ...A } } } fragment A on Person { a: id b: id }' },
  },
  {
    name: 'root fields',
    code: 'ROOT_FIELD_LIMIT_EXCEEDED',
    within: { query: '{ person { id } a: echo b: echo c: echo }' },
    beyond: { query: '{ person { id } a: echo b: echo c: echo __typename }' },
  },
  {
    name: 'root fields in fragments',
    code: 'ROOT_FIELD_LIMIT_EXCEEDED',
    within: { query: spread('echo ... on Query { a: echo b: echo } __typename') },
    beyond: { query: spread('echo ... on Query { a: echo b: echo } __typename person { id }') },
  },
  {
    name: 'directives',
    code: 'DIRECTIVE_LIMIT_EXCEEDED',
    within: { query: `{ person { ${times(5, 'id @include(if: true)')} } }` },
    beyond: { query: `{ person { ${times(6, 'id @include(if: true)')} } }` },
  },
  {
    name: 'selections that double',
    code: 'OPERATION_TOO_LARGE',
    within: {
      query:
        '{ person { ...A ...A } } fragment A on Person { ...B ...B } fragment B on Person { ...C ...C } fragment C on Person { id }',
    },
    beyond: {
      query:
        '{ person { ...A ...A } } fragment A on Person { ...B ...B } fragment B on Person { ...C ...C } fragment C on Person { ...D ...D } fragment D on Person { id }',
    },
  },
  {
    name: 'lists in the operation',
    code: 'LIST_LIMIT_EXCEEDED',
    within: { query: '{ people(ids: ["1", "2", "3"]) { id } }' },
    beyond: { query: '{ people(ids: ["1", "2", "3", "4"]) { id } }' },
  },
  {
    name: 'lists within objects of the operation',
    code: 'LIST_LIMIT_EXCEEDED',
    within: { query: '{ echo(filter: { ids: ["1", "2", "3"] }) }' },
    beyond: { query: '{ echo(filter: { ids: ["1", "2", "3", "4"] }) }' },
  },
  {
    name: 'lists that a variable has where nothing is given',
    code: 'LIST_LIMIT_EXCEEDED',
    within: { query: 'query ($ids: [ID!] = ["1", "2", "3"]) { people(ids: $ids) { id } }' },
    beyond: { query: 'query ($ids: [ID!] = ["1", "2", "3", "4"]) { people(ids: $ids) { id } }' },
  },
  {
    name: 'lists in variables',
    code: 'LIST_LIMIT_EXCEEDED',
    within: { query: people, variables: { ids: ['1', '2', '3'] } },
    beyond: { query: people, variables: { ids: ['1', '2', '3', '4'] } },
  },
  {
    name: 'lists in custom scalars',
    code: 'LIST_LIMIT_EXCEEDED',
    within: { query: echo, variables: { any: { a: [1, 2, 3] } } },
    beyond: { query: echo, variables: { any: { a: [1, 2, 3, 4] } } },
  },
  {
    name: 'depth of values in the operation',
    code: 'VARIABLE_DEPTH_LIMIT_EXCEEDED',
    within: { query: '{ echo(any: [[{ a: 1 }]]) }' },
    beyond: { query: '{ echo(any: [[{ a: [1] }]]) }' },
  },
  {
    name: 'depth of variables',
    code: 'VARIABLE_DEPTH_LIMIT_EXCEEDED',
    within: { query: filtered, variables: { filter: { and: [{ name: 'a' }] } } },
    beyond: { query: filtered, variables: { filter: { and: [{ ids: ['1'] }] } } },
  },
  {
    name: 'depth of custom scalars',
    code: 'VARIABLE_DEPTH_LIMIT_EXCEEDED',
    within: { query: echo, variables: { any: nested(3) as object } },
    beyond: { query: echo, variables: { any: nested(4) as object } },
  },
  {
    name: 'depth of custom scalars, by far',
    code: 'VARIABLE_DEPTH_LIMIT_EXCEEDED',
    within: { query: echo, variables: { any: {} } },
    beyond: { query: echo, variables: { any: nested(100) as object } },
  },
  {
    name: 'depth of what reads the schema',
    code: 'DEPTH_LIMIT_EXCEEDED',
    within: { query: introspecting(4) },
    beyond: { query: introspecting(5) },
  },
  {
    name: 'fetches',
    code: 'FETCH_LIMIT_EXCEEDED',
    within: { query: bosses(2) },
    beyond: { query: '{ person { job } people { boss { name friend { boss { id } } } } }' },
    onOwnEngineAlone: true,
  },
];

let graph: LimitedGraph;
let folder: string;
const routers = new Map<string, RouterUnderTest>();
before(async () => {
  graph = await startLimitedGraph();
  folder = mkdtempSync(join(tmpdir(), 'limits-'));
  const manifest = join(folder, 'manifest.json');
  const texts = new Set(cases.flatMap(({ within, beyond }) => [within.query, beyond.query]));
  writeFileSync(manifest, manifestOf(...[...texts].map((text) => entry('Registered', registered(text)))));
  for (const engine of ['tributary', 'apollo'] as const) {
    const router = await startTestRouter(graph.supergraphSdl, {
      bff: defineBff({
        name: 'limited',
        port: 0,
        limits,
        documents: { folder: 'documents', unregistered: 'allow', automatic: true, batch: 3 },
      }),
      manifests: { manifest, released: join(folder, 'released') },
      environment: { engine },
    });
    routers.set(engine, router);
  }
});
after(async () => {
  await Promise.all([...routers.values()].map((router) => router.stop()));
  await graph?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const routerOf = (engine: string): RouterUnderTest => routers.get(engine) as RouterUnderTest;

for (const engine of ['tributary', 'apollo']) {
  describe(`with the engine ${engine}`, () => {
    for (const { name, code, within, beyond, onOwnEngineAlone } of cases) {
      if (onOwnEngineAlone && engine === 'apollo') continue;
      for (const [road, ask] of Object.entries(roads)) {
        test(`${name}, by ${road}`, async () => {
          const router = routerOf(engine);
          const fitting = await ask(router, within);
          assert.equal(fitting.status, 200, fitting.text);
          assert.deepEqual(codesOf(fitting), [], fitting.text);
          graph.seen.length = 0;
          // Once more: what was refused is refused again.
          for (const _ of [1, 2]) {
            const { status, body, text } = await ask(router, beyond);
            assert.deepEqual(codesOf({ body } as never), [code], text);
            assert.equal(body.data, undefined);
            assert.equal(status, road === 'an array' && text.startsWith('[') ? 200 : 400, text);
          }
          assert.deepEqual(graph.seen, []);
          assert.equal((await router.ask('{ __typename }')).status, 200, 'others are served');
        });
      }
    }
  });
}

test('what is known to be good is refused with values that are not', async () => {
  const router = routerOf('tributary');
  for (const _ of [1, 2]) await router.ask(people, { variables: { ids: ['1'] } });
  graph.seen.length = 0;
  const answer = await router.ask(people, { variables: { ids: ['1', '2', '3', '4'] } });
  assert.deepEqual([answer.status, codesOf(answer), graph.seen], [400, ['LIST_LIMIT_EXCEEDED'], []]);
});

test('values of variables that the operation does not have are nobody’s concern', async () => {
  const { status } = await routerOf('tributary').ask('{ echo }', { variables: { other: [1, 2, 3, 4, 5] } });
  assert.equal(status, 200);
});

test('more operations in an array than are declared are refused as a whole', async () => {
  graph.seen.length = 0;
  const { status, body } = await routerOf('tributary').fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Array.from({ length: 4 }, () => ({ query: '{ echo }' }))),
  });
  assert.equal(status, 400);
  assert.equal(body.errors?.[0]?.extensions['code'], 'BATCH_LIMIT_EXCEEDED');
  assert.deepEqual(graph.seen, []);
});

describe('where nothing is declared', () => {
  const usual: [name: string, query: string, code: string | undefined][] = [
    ['9,997 tokens', `{ person { ${times(9_993, 'id')} } }`, 'OPERATION_TOO_LARGE'],
    ['10,001 tokens', `{ person { ${times(9_996, 'id')} } }`, 'TOKEN_LIMIT_EXCEEDED'],
    ['50 levels', `{ ${friends(48)} }`, undefined],
    ['51 levels', `{ ${friends(49)} }`, 'DEPTH_LIMIT_EXCEEDED'],
    ['50 aliases', `{ person { ${times(50, (index) => `a${index}: id`)} } }`, undefined],
    ['51 aliases', `{ person { ${times(51, (index) => `a${index}: id`)} } }`, 'ALIAS_LIMIT_EXCEEDED'],
    ['50 root fields', `{ ${times(50, (index) => `a${index}: echo`)} }`, undefined],
    ['51 root fields', `{ ${times(51, (index) => `a${index}: echo`)} }`, 'ROOT_FIELD_LIMIT_EXCEEDED'],
    ['200 directives', `{ person { ${times(200, 'id @skip(if: false)')} } }`, undefined],
    ['201 directives', `{ person { ${times(201, 'id @skip(if: false)')} } }`, 'DIRECTIVE_LIMIT_EXCEEDED'],
    ['a list of 1,000', `{ people(ids: [${times(1_000, '"1"')}]) { id } }`, undefined],
    ['a list of 1,001', `{ people(ids: [${times(1_001, '"1"')}]) { id } }`, 'LIST_LIMIT_EXCEEDED'],
    [
      'what tools read of the schema',
      getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }),
      undefined,
    ],
    [
      'the schema under 5 other names',
      `{ __schema { a: types { b: name } } c: __type(name: "Person") { d: name e: kind } }`,
      undefined,
    ],
    [
      'the schema under 6 other names',
      `{ ${times(6, (index) => `a${index}: __schema { types { name } }`)} }`,
      'ALIAS_LIMIT_EXCEEDED',
    ],
    [
      'the schema under 6 other names, in fragments',
      `{ ...A ...B } fragment A on Query { __schema { ...T } } fragment B on Query { a: __schema { ...T } } fragment T on __Schema { b: types { ...N } } fragment N on __Type { c: name d: name }`,
      'ALIAS_LIMIT_EXCEEDED',
    ],
    ['a field 2,400 times', `{ ${times(2_400, 'person { id }')} }`, 'OPERATION_TOO_LARGE'],
    ['1,001 brackets', `{ echo(any: ${'['.repeat(999)}${']'.repeat(999)}) }`, 'DEPTH_LIMIT_EXCEEDED'],
    ['20,000 levels', `{ ${friends(20_000)} }`, 'DEPTH_LIMIT_EXCEEDED'],
    ['20,000 levels that do not end', '{ a '.repeat(20_000), 'DEPTH_LIMIT_EXCEEDED'],
  ];
  let router: RouterUnderTest;
  before(async () => {
    router = await startTestRouter(graph.supergraphSdl);
  });
  after(() => router?.stop());
  for (const [name, query, code] of usual) {
    test(`${name}: ${code ?? 'answered'}`, async () => {
      graph.seen.length = 0;
      const { status, body, text } = await router.ask(query);
      assert.equal(status, code === undefined ? 200 : 400, text.slice(0, 300));
      assert.equal(body.errors?.[0]?.extensions['code'], code);
      if (code !== undefined) assert.deepEqual(graph.seen, []);
    });
  }
});
