// Holds the canonical form of operations: equal ones become one text, different ones never do, no client's name is in it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSchema, type FragmentDefinitionNode, Kind, parse, validate } from 'graphql';
import { canonicalOperation } from '../../../../supergraph/planner/canonical/canonical-operation.ts';

const schema = buildSchema(`
  directive @loud on FIELD
  type Query {
    book(id: ID!): Book
    books(first: Int = 10, filter: Filter): [Book!]!
    media: [Media!]!
    found: [Found!]!
    search(text: String): [String!]
  }
  type Mutation { rename(id: ID!, title: String): Book }
  input Filter { title: String, tags: [String!] }
  interface Media { id: ID! title: String }
  type Book implements Media { id: ID! title: String constructor: String cover(width: Int): String writer: Person }
  type Film implements Media { id: ID! title: String director: Person }
  type Person { name: String! works: [Media!]! }
  union Found = Book | Person
`);

function canonical(text: string, conditions: Record<string, unknown> = {}) {
  const document = parse(text);
  assert.deepEqual(validate(schema, document), [], 'the operation of the test is valid');
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const definition = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  assert.ok(definition);
  return canonicalOperation(
    { schema, required: new Set(['id', 'cover']), prefix: '_' },
    { definition, fragments },
    conditions,
  );
}

const cases: {
  name: string;
  operation: string;
  conditions?: Record<string, unknown>;
  text: string | undefined;
}[] = [
  {
    name: 'aliases of fields without arguments disappear',
    operation: '{ media { upc: id name: title } }',
    text: 'query{media{id title}}',
  },
  {
    name: 'a second alias of a field gets a private name',
    operation: '{ media { a: title b: title } }',
    text: 'query{media{title _1_title:title}}',
  },
  {
    name: 'a field that takes arguments never stands under its own name where a plan may need that name',
    operation: '{ books { cover small: cover(width: 20) } }',
    text: 'query{books{_0_cover:cover _1_cover:cover(width: 20)}}',
  },
  {
    name: 'a field named like a method of every object gets a private name',
    operation: '{ books(first: 1) { constructor } }',
    text: 'query{books(first: 1){_0_constructor:constructor}}',
  },
  {
    name: 'variables are numbered',
    operation: 'query Named($other: Int, $key: ID!) { book(id: $key) { cover(width: $other) } }',
    text: 'query($v0:ID!,$v1:Int){book(id: $v0){_0_cover:cover(width: $v1)}}',
  },
  {
    name: 'default values stay',
    operation: 'query ($n: Int = 3) { books(first: $n) { id } }',
    text: 'query($v0:Int=3){books(first: $v0){id}}',
  },
  {
    name: 'fragments are written out, and dropped where they always apply',
    operation:
      '{ books { ...Card ... on Media { title } ... { id } } } fragment Card on Book { id writer { ...Name } } fragment Name on Person { name }',
    text: 'query{books{id writer{name} title}}',
  },
  {
    name: 'conditions on types stay where they decide',
    operation: '{ media { ... on Film { title director { name } } title } }',
    text: 'query{media{...on Film{title director{name}} title}}',
  },
  {
    name: 'two types may have different fields under one response name',
    operation: '{ media { ... on Book { x: writer { name } } ... on Film { x: director { name } } } }',
    text: 'query{media{...on Book{writer{name}} ...on Film{director{name}}}}',
  },
  {
    name: 'one response name in two fragments is one field with both selections',
    operation:
      '{ media { ...A ...B } } fragment A on Book { writer { name } } fragment B on Book { writer { works { id } } }',
    text: 'query{media{...on Book{writer{name}} ...on Book{writer{works{id}}}}}',
  },
  {
    name: 'one field is one field, in whatever order the fields of its input objects are written',
    operation:
      '{ books(filter: {title: "a", tags: []}) { id } books(filter: {tags: [], title: "a"}) { title } }',
    text: 'query{books(filter: {tags: [], title: "a"}){id title}}',
  },
  {
    name: 'one field is one field, whatever directives it carries',
    operation: '{ media { id @loud } media { id title @loud } }',
    text: 'query{media{id@loud title@loud}}',
  },
  {
    name: 'skipped selections are left out, and so are the variables that only they use',
    operation:
      'query ($no: Boolean!, $w: Int) { books { id cover(width: $w) @include(if: $no) title @skip(if: $no) } }',
    conditions: { no: false },
    text: 'query{books{id title}}',
  },
  {
    name: 'literal conditions are decided',
    operation: '{ media { id @skip(if: true) title @include(if: true) ... @include(if: false) { id } } }',
    text: 'query{media{title}}',
  },
  {
    name: 'an object of which everything is skipped is still asked for',
    operation: '{ media { id @skip(if: true) } }',
    text: 'query{media{__typename}}',
  },
  {
    name: 'nothing is asked when everything is skipped',
    operation: '{ media @skip(if: true) { id } }',
    text: undefined,
  },
  {
    name: 'introspection is nothing to ask subgraphs for',
    operation: '{ __schema { queryType { name } } }',
    text: undefined,
  },
  {
    name: 'variables of introspection are not among those of the text',
    operation: 'query ($name: String!) { __type(name: $name) { name } media { id } }',
    text: 'query{media{id}}',
  },
  {
    name: 'literals are carried as they are',
    operation:
      '{ search(text: "a \\"quoted\\" \\u00fc 🚀 {") book(id: 7) { id } books(filter: {title: null, tags: ["x"]}) { id } }',
    text: 'query{search(text: "a \\"quoted\\" ü 🚀 {") book(id: 7){id} books(filter: {tags: ["x"], title: null}){id}}',
  },
  {
    name: 'mutations keep their order and their number',
    operation: 'mutation { b: rename(id: 1, title: "x") { id } a: rename(title: "x", id: 1) { id } }',
    text: 'mutation{rename(id: 1,title: "x"){id} _1_rename:rename(id: 1,title: "x"){id}}',
  },
];

describe('the canonical text', () => {
  for (const { name, operation, conditions, text } of cases) {
    test(name, () => assert.equal(canonical(operation, conditions).text, text));
  }

  test('says which canonical variable is which of the client', () => {
    const { variables } = canonical('query ($a: Int, $b: ID!) { book(id: $b) { cover(width: $a) } }');
    assert.deepEqual(
      [...variables],
      [
        ['v0', 'b'],
        ['v1', 'a'],
      ],
    );
  });

  const same: [string, string][] = [
    ['{media{id}}', 'query Any {\n  media { id } # comment\n}'],
    ['{ books(first: 2, filter: {}) { id } }', '{ all: books(filter: {}, first: 2) { id } }'],
    ['query ($a: ID!) { book(id: $a) { id } }', 'query ($b: ID!) { x: book(id: $b) { y: id } }'],
    ['{ books(filter: {title: "a", tags: []}) { id } }', '{ books(filter: {tags: [], title: "a"}) { id } }'],
    ['{ media { id } }', '{ ...F } fragment F on Query { media { ... on Media { id } } }'],
  ];
  for (const [one, other] of same) {
    test(`is the same for ${one} and ${other}`, () =>
      assert.equal(canonical(one).text, canonical(other).text));
  }

  const different: [string, string][] = [
    ['{ books(first: 1) { id } }', '{ books(first: 2) { id } }'],
    ['{ book(id: "1") { id } }', '{ book(id: 1) { id } }'],
    ['query ($a: Int) { books(first: $a) { id } }', 'query ($a: Int = 1) { books(first: $a) { id } }'],
    ['{ search(text: null) }', '{ search }'],
    ['{ media { ... on Film { title } } }', '{ media { ... on Book { title } } }'],
  ];
  for (const [one, other] of different) {
    test(`differs for ${one} and ${other}`, () =>
      assert.notEqual(canonical(one).text, canonical(other).text));
  }
});
