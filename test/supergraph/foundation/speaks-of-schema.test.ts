// Holds that whatever graphql-js says of the schema that it runs is known for that, in the words of the version in use.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSchema, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { speaksOfSchema } from '../../../supergraph/foundation/speaks-of-schema.ts';

const schema = buildSchema(`
  type Query { items(kind: Kind, filter: Filter, limit: Int!): [Item] item(of: Kind!): Item any: Any code(of: Code): Kind where(at: Code!): Item! }
  type Item implements Named { title: String kind: Kind size(in: Int): Int } type Van { title: Int wheels: Int } type Crate implements Named { title: String }
  interface Named { title: String } union Any = Item | Van enum Kind { BOOK TAPE } scalar Code
  input Filter { title: String! kind: Kind inner: Filter }
`);

const said: { query: string; variables?: Record<string, unknown>; root?: object }[] = [
  { query: '{ item(of: BOOK) { titel } }' },
  { query: '{ any { wheels } }' },
  { query: '{ items(limits: 1, limit: 1) { title } }' },
  { query: '{ items { title } }' },
  { query: '{ item(of: BOOKS) { title } }' },
  { query: '{ item(of: "BOOK") { title } }' },
  { query: '{ item(of: null) { title } }' },
  { query: '{ items(limit: 1, filter: {}) { title } }' },
  { query: '{ items(limit: 1, filter: { title: "a", kin: BOOK }) { title } }' },
  { query: '{ items(limit: 1, filter: 7) { title } }' },
  { query: '{ items(limit: 1, filter: "a; \\"b") { title } }' },
  { query: '{ item(of: BOOK) }' },
  { query: '{ item(of: BOOK) { kind { name } } }' },
  { query: '{ item(of: BOOK) { x: title x: kind } }' },
  { query: '{ item(of: BOOK) { ... on Vans { title } } }' },
  { query: '{ item(of: BOOK) { ... on Van { title } } }' },
  { query: '{ item(of: BOOK) { ...F } } fragment F on Van { title }' },
  { query: '{ item(of: BOOK) { ... on Kind { title } } }' },
  { query: '{ item(of: BOOK) { ...F } } fragment F on Kind { title }' },
  { query: 'query ($v: Kinds) { item(of: BOOK) { kind } }' },
  { query: 'query ($v: Item) { item(of: BOOK) { kind } }' },
  { query: 'query ($v: Kind) { item(of: $v) { kind } }' },
  { query: 'query ($v: Filter!) { items(limit: 1, filter: $v) { title } }' },
  { query: 'query ($v: Filter!) { items(limit: 1, filter: $v) { title } }', variables: { v: null } },
  ...[
    7,
    {},
    { title: null },
    { title: 'a; b', kind: 'BOOKS' },
    { title: 'a', kind: 7 },
    { title: 'a', kin: 1 },
  ].map((v) => ({
    query: 'query ($v: Filter) { items(limit: 1, filter: $v) { title } }',
    variables: { v },
  })),
  { query: 'query ($v: Kind!) { item(of: $v) { kind } }', variables: { v: 'a; "b" BOOKS' } },
  { query: 'query ($v: Int!) { items(limit: $v) { title } }', variables: {} },
  { query: '{ code }', root: { code: 'CD' } },
  { query: '{ code }', root: { code: 7 } },
  { query: '{ any { __typename } }', root: { any: {} } },
  { query: '{ any { __typename } }', root: { any: { __typename: 'Kind' } } },
  { query: '{ any { __typename } }', root: { any: { __typename: 'Vans' } } },
  { query: '{ any { __typename } }', root: { any: { __typename: 'Crate' } } },
  { query: '{ where(at: 1) { title } }', root: { where: null } },
  { query: '{ items(limit: 1) { title } }', root: { items: 7 } },
  { query: 'mutation { drop }' },
];

describe('of its schema graphql-js speaks when it is asked', () => {
  for (const { query, variables, root } of said) {
    test(`${query}${variables ? ` with ${JSON.stringify(variables)}` : ''}${root ? ` from ${JSON.stringify(root)}` : ''}`, () => {
      const messages = messagesOf(schema, query, variables, root);
      assert.ok(messages.length > 0);
      assert.deepEqual(
        messages.filter((message) => !speaksOfSchema(message)),
        [],
      );
    });
  }
});

function messagesOf(of: GraphQLSchema, query: string, variables = {}, rootValue: object = {}): string[] {
  const document = parse(query);
  const invalid = validate(of, document);
  const result =
    invalid.length > 0
      ? { errors: invalid }
      : execute({ schema: of, document, rootValue, variableValues: variables });
  assert.ok('errors' in result);
  return (result.errors ?? []).map(({ message }) => message);
}

describe('of the request alone speaks', () => {
  for (const message of [
    'Only 3 are left.',
    'No city "Berln". Did you mean "Berlin"?',
    'Value "x" does not exist in the catalog.',
    'Unknown type of parcel.',
    'Field "title" may have 100 characters.',
    'Argument over the price "7 EUR".',
    'Expected value of type "Date", found "x"; A date has a year.',
    'Variable "$v" got invalid value "x"; Expected type "Date". A date has a year.',
    'Variable "$v" got invalid value "x"; A date has a year.',
    'The fragment cannot be delivered.',
  ]) {
    test(message, () => assert.equal(speaksOfSchema(message), false));
  }
});
