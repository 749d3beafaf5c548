// Holds that what a contract hides is named in no answer, whatever subgraphs answer or say in their errors.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { engineEnvironment, isStockEngine } from '../../federation/harness/engine-under-test.ts';
import { askDepot, type DepotGraph, startDepotGraph } from '../fixtures/depot-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

let graph: DepotGraph;
let router: RouterUnderTest;
/** Hands on what subgraphs answer, unread where nothing has to be changed. */
let trusting: RouterUnderTest;

before(async () => {
  graph = await startDepotGraph();
  router = await startTestRouter(graph.supergraphSdl, { environment: engineEnvironment });
  trusting = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({ name: 'trusting', port: 0, subgraphs: { every: { trusted: true } } }),
    environment: engineEnvironment,
  });
});
beforeEach(() => {
  graph.asked.length = 0;
  graph.misbehave('depot', undefined);
  graph.misbehave('post', undefined);
});
after(async () => {
  await Promise.all([router?.stop(), trusting?.stop()]);
  graph?.stop();
});

const ours = { skip: isStockEngine && 'the stock engine has errors of its own' };

describe('a subgraph that answers', ours, () => {
  const cases: { what: string; query: string; data: object; paths: (string | number)[][] }[] = [
    {
      what: 'a hidden value of an enum',
      query: '{ item(id: 1) { title kind } }',
      data: { item: { title: 'Ulysses', kind: null } },
      paths: [['item', 'kind']],
    },
    {
      what: 'a hidden value of an enum in a list',
      query: '{ item(id: 1) { title kinds } }',
      data: { item: { title: 'Ulysses', kinds: null } },
      paths: [['item', 'kinds', 1]],
    },
    {
      what: 'a hidden type in a union, of which its name is asked',
      query: '{ anything { __typename } }',
      data: { anything: null },
      paths: [['anything', 1]],
    },
    {
      what: 'a hidden type in a union, of which its name is asked under an alias',
      query: '{ anything { ... on Item { title } kind: __typename } }',
      data: { anything: null },
      paths: [['anything', 1]],
    },
    {
      what: 'a hidden type behind an interface, of which its name is asked',
      query: '{ carriers { __typename title } }',
      data: { carriers: null },
      paths: [['carriers', 0]],
    },
    {
      what: 'a hidden type behind an interface',
      query: '{ carriers { title } }',
      data: { carriers: null },
      paths: [['carriers', 0]],
    },
  ];
  for (const { what, query, data, paths } of cases) {
    test(`${what} is taken for broken`, async () => {
      for (const each of [router, trusting]) {
        const { body, text } = await askDepot(each, query);
        assert.deepEqual(body.data, data, text);
        assert.deepEqual(
          body.errors?.map(({ path, extensions }) => ({ path, code: extensions['code'] })),
          paths.map((path) => ({ path, code: 'SUBGRAPH_MALFORMED' })),
        );
      }
    });
  }

  // No server of GraphQL does it, and one that is trusted is believed to be one.
  test('what nobody asked for, under the name of a hidden type, is handed on to nobody', async () => {
    const van = { __typename: 'HushVan', hushKey: '1', hushWeight: 300, title: 'a van', postage: 3 };
    graph.misbehave('depot', { body: { data: { item: van } } });
    graph.misbehave('post', { body: { data: { _entities: [van] } } });
    for (const fields of [
      '__typename',
      '__typename title',
      'kind: __typename ...on Carrier { title }',
      'postage __typename',
    ]) {
      await askDepot(router, `{ item(id: 1) { ${fields} } }`);
    }
  });
});

const about = (message: string, code: string | undefined, more: object = {}) => ({
  message,
  ...more,
  ...(code !== undefined && { extensions: { code } }),
});

/** What graphql-js says of a schema, under codes that subgraphs may give, and where it would come with them. */
const speakingOfSchemas = [
  'Cannot query field "hushWeight" on type "Item". Did you mean "hushOwner"?',
  'Cannot query field "titel" on type "Item". Did you mean to use an inline fragment on "HushReport"?',
  'Unknown argument "limit" on field "Query.items". Did you mean "hushLimit"?',
  'Unknown type "HushRepor". Did you mean "HushReport"?',
  'Field "items" argument "hushLimit" of type "Int!" is required, but it was not provided.',
  'Value "HUSH" does not exist in "Kind" enum. Did you mean the enum value "HUSHED"?',
  'Enum "Kind" cannot represent non-enum value: "HUSHED". Did you mean the enum value "HUSHED"?',
  'Field "hushFlag" of required type "Boolean!" was not provided.',
  'Field "hushFlak" is not defined by type "Filter". Did you mean "hushFlag"?',
  'Field "Filter.hushFlag" of required type "Boolean!" was not provided.',
  'Variable "$v" got invalid value "HUSH"; Value "HUSH" does not exist in "Kind" enum. Did you mean the enum value "HUSHED"?',
  'Variable "$v" got invalid value "HUSH" at "v.inner.kinds[0]"; Value "HUSH" does not exist in "Kind" enum. Did you mean the enum value "HUSHED"?',
  'Variable "$v" got invalid value 1 at "v.kind"; Enum "Kind" cannot represent non-string value: 1. Did you mean the enum value "HUSHED"?',
  'Variable "$v" got invalid value {}; Field "hushFlag" of required type "Boolean!" was not provided.',
  'Variable "$v" got invalid value { hushFlak: 1 }; Field "hushFlak" is not defined by type "Filter". Did you mean "hushFlag"?',
  'Variable "$v" got invalid value 7; Expected type "HushInput" to be an object.',
  'Variable "$v" of type "Kind" used in position expecting type "HushMode".',
  'Variable "$v" of required type "HushInput!" was not provided.',
  'Variable "$v" of non-null type "HushInput!" must not be null.',
  'Argument "by" of required type "HushInput!" was not provided.',
  'Argument "hushLimit" has invalid value 7.',
  'Fragment "F" cannot be spread here as objects of type "Item" can never be of type "HushVan".',
  'Fragment cannot be spread here as objects of type "Item" can never be of type "HushVan".',
  'Field "kind" must not have a selection since type "HushMode" has no subfields.',
  'Field "item" of type "HushReport" must have a selection of subfields. Did you mean "item { ... }"?',
  'Abstract type "HushAny" must resolve to an Object type at runtime for field "Query.items".',
  'Expected value of type "Kind", found HUSH. Did you mean the enum value "HUSHED"?',
  'Cannot return null for non-nullable field Item.hushWeight.',
  'Expected a value of type "Kind" but received: "HUSHED"',
  'Enum "Kind" cannot represent value: "HUSHED"',
  'Expected value of type "HushVan" but got: { title: "x" }.',
  'Runtime Object type "HushVan" is not a possible type for "Carrier".',
];

describe('a subgraph that speaks of its schema is not quoted', ours, () => {
  for (const message of speakingOfSchemas) {
    test(message, async () => {
      const codes = ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'NOT_FOUND', undefined];
      const bodies = codes.flatMap((code) => [
        { data: { items: null }, errors: [about(message, code, { path: ['items'] })] },
        // Of what stands at the place of a value the client is told, because custom scalars are read by subgraphs alone.
        { errors: [about(message, code, { locations: [{ line: 1, column: 17 }] })] },
        {
          errors: Array.from({ length: 60 }, (_, column) =>
            about(message, code, { locations: [{ line: 1, column }] }),
          ),
        },
      ]);
      for (const body of bodies) {
        graph.misbehave('depot', { status: 'data' in body ? 200 : 400, body });
        for (const each of [router, trusting]) {
          const query = '{ items(filter: { title: "x" }, kind: BOOK) { title } }';
          const { body: answer } = await askDepot(each, query);
          assert.ok((answer.errors?.length ?? 0) > 0);
        }
      }
    });
  }
});

describe('what a subgraph says in words of its own', ours, () => {
  test("is the client's to read", async () => {
    for (const [message, code] of [
      ['The title is longer than 100 characters. Did you mean another one?', 'BAD_USER_INPUT'],
      ['Field mice have no titles.', 'NOT_FOUND'],
      ['Expected a place like "north, 7", found "x".', 'BAD_USER_INPUT'],
    ] as const) {
      graph.misbehave('depot', {
        body: { data: { items: null }, errors: [about(message, code, { path: ['items'] })] },
      });
      const { body } = await askDepot(router, '{ items { title } }');
      assert.deepEqual(
        body.errors?.map((error) => [error.message, error.extensions]),
        [[message, { code }]],
      );
    }
  });

  test('of a custom scalar reaches the client, by a literal and by a variable', async () => {
    for (const message of [
      'A place has a comma.',
      'Expected value of type "Place", found "x"; A place has a comma.',
      'Variable "$a" got invalid value "x"; Expected type "Place". A place has a comma.',
    ]) {
      graph.misbehave('depot', { status: 400, body: { errors: [about(message, 'BAD_USER_INPUT')] } });
      const { body } = await askDepot(router, '{ route(to: "x") }');
      assert.match(body.errors?.[0]?.message ?? '', /A place has a comma\.$/);
    }
  });

  test('about a field that was needed alone is told where the client has asked, without what else comes with it', async () => {
    graph.misbehave('depot', {
      body: {
        data: { items: [{ __typename: 'Item', hushKey: '1', title: 'Middlemarch', hushWeight: null }] },
        errors: [
          about('The scales are broken.', 'NOT_FOUND', {
            path: ['items', 0, 'hushWeight'],
            locations: [{ line: 1, column: 2 }],
          }),
        ],
      },
    });
    const { body, text } = await askDepot(router, '{ items { title postage } }');
    assert.deepEqual(body.data, { items: [{ title: 'Middlemarch', postage: null }] }, text);
    for (const { path } of body.errors ?? []) assert.deepEqual(path, ['items', 0, 'postage']);
  });
});
