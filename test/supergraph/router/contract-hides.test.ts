// Holds that what a contract hides is refused by every road of GraphQL, asks no subgraph, and is named in no answer.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { engineEnvironment } from '../../federation/harness/engine-under-test.ts';
import { askDepot, type DepotGraph, hiddenNames, startDepotGraph } from '../fixtures/depot-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

let graph: DepotGraph;
let router: RouterUnderTest;

before(async () => {
  graph = await startDepotGraph();
  router = await startTestRouter(graph.supergraphSdl, { environment: engineEnvironment });
});
beforeEach(() => {
  graph.asked.length = 0;
});
after(async () => {
  await router?.stop();
  graph?.stop();
});

const ask = (query: string, variables?: object) => askDepot(router, query, variables);
const all = '{ title }';

const refused: { what: string; query: string; variables?: object; code?: string }[] = [
  { what: 'a field', query: '{ items { hushWeight } }' },
  { what: 'a key', query: '{ items { hushKey } }' },
  { what: 'a field under an alias', query: '{ items { title: hushWeight } }' },
  { what: 'a field that is not included', query: '{ items { title hushWeight @include(if: false) } }' },
  { what: 'a field that is skipped', query: '{ items { title hushWeight @skip(if: true) } }' },
  { what: 'a field below a fragment', query: '{ items { ...F } } fragment F on Item { hushOwner }' },
  { what: 'a field below an inline fragment', query: '{ carriers { ... on Item { hushOwner } } }' },
  { what: 'a field of a query', query: '{ hushLedger }' },
  { what: 'a field of a hidden type', query: '{ open { __typename } }' },
  { what: 'a mutation', query: 'mutation { hushDrop(id: 1) }' },
  { what: 'an argument', query: `{ items(hushLimit: 1) ${all} }` },
  {
    what: 'an argument by a variable',
    query: `query ($n: Int) { items(hushLimit: $n) ${all} }`,
    variables: { n: 1 },
  },
  { what: 'an argument of a mutation', query: `mutation { rename(id: 1, title: "x", hushWhy: "y") ${all} }` },
  { what: 'an argument of a hidden input', query: '{ sealed(by: { title: "x" }) }' },
  { what: 'an argument of a hidden enum', query: '{ sealed(mode: FAST) }' },
  { what: 'an argument of a hidden scalar', query: '{ sealed(stamp: "x") }' },
  { what: 'a value of an enum', query: `{ items(kind: HUSHED) ${all} }` },
  { what: 'a value of an enum in a list', query: `{ items(kinds: [BOOK, HUSHED]) ${all} }` },
  { what: 'a value of an enum in place of a list', query: `{ items(kinds: HUSHED) ${all} }` },
  { what: 'a value of an enum in an input', query: `{ items(filter: { kind: HUSHED }) ${all} }` },
  {
    what: 'a value of an enum deep in an input',
    query: `{ items(filter: { inner: { kinds: [HUSHED] } }) ${all} }`,
  },
  { what: 'a value of an enum as a default', query: `query ($k: Kind = HUSHED) { items(kind: $k) ${all} }` },
  ...[
    { what: 'a value of an enum', type: 'Kind', argument: 'kind', value: 'HUSHED' },
    { what: 'a value of an enum in a list', type: '[Kind!]', argument: 'kinds', value: ['BOOK', 'HUSHED'] },
    { what: 'a value of an enum in an input', type: 'Filter', argument: 'filter', value: { kind: 'HUSHED' } },
    {
      what: 'a value of an enum deep in an input',
      type: 'Filter',
      argument: 'filter',
      value: { inner: { kinds: ['HUSHED'] } },
    },
    { what: 'a field of an input', type: 'Filter', argument: 'filter', value: { hushFlag: false } },
    {
      what: 'a field deep in an input',
      type: 'Filter',
      argument: 'filter',
      value: { inner: { hushFlag: null } },
    },
  ].map(({ what, type, argument, value }) => ({
    what: `${what}, by a variable`,
    query: `query ($v: ${type}) { items(${argument}: $v) ${all} }`,
    variables: { v: value },
    code: 'BAD_USER_INPUT',
  })),
  { what: 'a field of an input', query: `{ items(filter: { hushFlag: false }) ${all} }` },
  { what: 'a field deep in an input', query: `{ items(filter: { inner: { hushFlag: null } }) ${all} }` },
  {
    what: 'a field of an input as a default',
    query: `query ($f: Filter = { hushFlag: true }) { items(filter: $f) ${all} }`,
  },
  { what: 'a type in an inline fragment', query: '{ anything { ... on HushReport { title } } }' },
  { what: 'a type in a fragment', query: '{ anything { ...F } } fragment F on HushReport { title }' },
  {
    what: 'a type in a fragment that is never included',
    query: '{ anything { ... on HushReport @include(if: false) { title } } }',
  },
  { what: 'an interface in an inline fragment', query: '{ items { ... on HushOwned { __typename } } }' },
  { what: 'a union in an inline fragment', query: '{ items { ... on HushAny { __typename } } }' },
  { what: 'an implementation in an inline fragment', query: '{ carriers { ... on HushVan { title } } }' },
  { what: 'an input as the type of a variable', query: 'query ($v: HushInput) { sealed }' },
  { what: 'an enum as the type of a variable', query: 'query ($v: [HushMode!]) { sealed }' },
  {
    what: 'a scalar as the type of a variable',
    query: 'query ($v: HushStamp!) { sealed }',
    variables: { v: 1 },
  },
];

describe('a client is refused', () => {
  for (const { what, query, variables, code = 'GRAPHQL_VALIDATION_FAILED' } of refused) {
    test(`${what}: ${query}`, async () => {
      const { status, body, text } = await ask(query, variables);
      const told = {
        status,
        data: body.data,
        code: body.errors?.[0]?.extensions['code'],
        asked: graph.asked.length,
      };
      assert.deepEqual(told, { status: 400, data: undefined, code, asked: 0 }, text);
    });
  }
});

test('a client is refused by GET as it is by POST', async () => {
  for (const { query, variables, code = 'GRAPHQL_VALIDATION_FAILED' } of refused) {
    if (query.startsWith('mutation')) continue;
    const search = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables) }) });
    const { status, body, text } = await router.fetch(`/graphql?${search}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    const told = {
      status,
      data: body.data,
      code: body.errors?.[0]?.extensions['code'],
      asked: graph.asked.length,
    };
    assert.deepEqual(told, { status: 400, data: undefined, code, asked: 0 }, text);
  }
});

/** A letter or two away from what is hidden. */
const misspelt: { query: string; variables?: object }[] = [
  { query: '{ items { hushWeigth } }' },
  { query: '{ items { hushKeys } }' },
  { query: '{ husLedger }' },
  { query: '{ items(hushLimits: 1) { title } }' },
  { query: '{ items(kind: HUSHE) { title } }' },
  { query: '{ items(kinds: [HUSHET]) { title } }' },
  { query: '{ items(kind: "HUSHEN") { title } }' },
  { query: '{ items(filter: { hushFlug: true }) { title } }' },
  { query: 'query ($k: Kind) { items(kind: $k) { title } }', variables: { k: 'HUSHE' } },
  { query: 'query ($f: Filter) { items(filter: $f) { title } }', variables: { f: { hushFla: true } } },
  { query: 'query ($v: HushInpu) { sealed }' },
  { query: '{ anything { ... on HushRepor { title } } }' },
  { query: 'mutation { hushDro(id: 1) }' },
  { query: '{ items { title @hushed } }' },
  // Which types have such a field is said where a field is asked of their union.
  { query: '{ anything { title } }' },
  { query: '{ carriers { hushOwne } }' },
  { query: '{ sealed(mod: 1) }' },
];

describe('a misspelt name is suggested nothing that is hidden', () => {
  for (const { query, variables } of misspelt) {
    test(query, async () => {
      const { status, body, text } = await ask(query, variables);
      assert.equal(status, 400, text);
      assert.ok((body.errors?.length ?? 0) > 0);
    });
  }

  test('while what is visible is suggested', async () => {
    const { text } = await ask('{ items { titel } }');
    assert.match(text, /Did you mean \\"title\\"/);
  });
});

describe('introspection', () => {
  for (const name of hiddenNames) {
    test(`knows no type ${name}`, async () => {
      const { body } = await router.ask(`{ __type(name: "${name}") { name kind } }`);
      assert.deepEqual(body, { data: { __type: null } });
    });
  }

  test('shows nothing that is hidden, deprecated or not', async () => {
    const every = '(includeDeprecated: true)';
    const { status, body, text } = await ask(`{ __schema {
      queryType { ...T } mutationType { ...T } types { ...T }
      directives { name args${every} { ...I } } } }
      fragment T on __Type { name fields${every} { name args${every} { ...I } type { name ofType { name } } }
        inputFields${every} { ...I } enumValues${every} { name } interfaces { name } possibleTypes { name } }
      fragment I on __InputValue { name defaultValue type { name ofType { name ofType { name } } } }`);
    assert.equal(status, 200, text);
    assert.equal(body.errors, undefined);
    assert.doesNotMatch(text, /hush|inaccessible|"tag"|join__/i);
    // It is not empty either.
    assert.match(text, /"Carrier"[\s\S]*"TAPE"/);
  });

  test('lists neither hidden members nor hidden interfaces', async () => {
    const { body } = await ask(`{
      any: __type(name: "Anything") { possibleTypes { name } }
      carrier: __type(name: "Carrier") { possibleTypes { name } }
      item: __type(name: "Item") { interfaces { name } } }`);
    assert.deepEqual(body.data, {
      any: { possibleTypes: [{ name: 'Item' }] },
      carrier: { possibleTypes: [{ name: 'Item' }] },
      item: { interfaces: [{ name: 'Carrier' }] },
    });
  });
});

test('what is hidden works underneath', async () => {
  const { body } = await ask('{ items(filter: { title: "x" }) { title postage } }');
  assert.deepEqual(body, { data: { items: [{ title: 'Middlemarch', postage: 3 }] } });
  const [first, second] = graph.asked;
  assert.match(first?.query ?? '', /hushWeight/);
  assert.deepEqual(second?.variables['representations'], [
    { __typename: 'Item', hushKey: '1', hushWeight: 300 },
  ]);
});
