// Holds what is told to who asks: all that an operation's text uses and that will go, and nothing that it does not use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { deprecatedUses } from '../../../supergraph/usage/deprecated-uses.ts';
import { operationCoordinates } from '../../../supergraph/usage/operation-coordinates.ts';

const schema = buildSchema(`
  type Query {
    books(
      filter: Filter
      sort: Sort = NEWEST
      page: Int @deprecated(reason: "Use Query.books(after:) instead. Ends 2027-01-31.")
      after: String
    ): [Item!]!
    old: Int @deprecated(reason: "No successor. Ends 2027-01-31.")
  }
  interface Item { id: ID!  name: String @deprecated }
  type Book implements Item { id: ID!  name: String  pages(unit: Unit): Int }
  type Map implements Item { id: ID!  name: String  scale: Int }
  input Filter { text: String @deprecated(reason: "Use Filter.words instead.")  words: [String!]  and: [Filter!]  sort: Sort }
  enum Sort { NEWEST  NAME  AGE @deprecated(reason: "Use Sort.NEWEST instead.") }
  enum Unit { SHEETS PAGES }
`);

function operationIn(text: string, name?: string) {
  const document = parse(text);
  assert.deepEqual(validate(schema, document), []);
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode =>
      node.kind === Kind.OPERATION_DEFINITION && node.name?.value === name,
  );
  assert.ok(operation);
  return { document, operation };
}

const cases: {
  what: string;
  text: string;
  name?: string;
  named: string[];
  possible?: string[];
  told?: string[];
}[] = [
  {
    what: 'fields, also behind fragments that it spreads through others',
    text: '{ books { ...A } } fragment A on Book { ...B } fragment B on Book { pages }',
    named: ['Query.books', 'Book', 'Book.pages'],
  },
  {
    what: 'fields of an interface by the interface',
    text: '{ books { id name ... on Map { scale } } }',
    named: ['Query.books', 'Item.id', 'Item.name', 'Map', 'Map.scale'],
    told: ['Item.name'],
  },
  {
    what: 'arguments, and enum values and input fields that are written out',
    text: '{ books(page: 1, sort: AGE, filter: { text: "x", and: [{ sort: NAME }] }) { id } }',
    named: [
      ...['Query.books', 'Query.books(page:)', 'Query.books(sort:)', 'Sort.AGE', 'Query.books(filter:)'],
      ...['Filter', 'Filter.text', 'Filter.and', 'Filter.sort', 'Sort.NAME', 'Item.id'],
    ],
    told: ['Query.books(page:)', 'Sort.AGE', 'Filter.text'],
  },
  {
    what: 'what variables may hold is possible alone, and nobody is told of it',
    text: 'query ($filter: Filter) { books(filter: $filter) { id } }',
    named: ['Filter', 'Query.books', 'Query.books(filter:)', 'Item.id'],
    possible: [
      ...['Filter', 'Filter.text', 'Filter.words', 'Filter.and', 'Filter.sort'],
      ...['Sort.NEWEST', 'Sort.NAME', 'Sort.AGE'],
    ],
  },
  {
    what: 'the default of a variable is written out',
    text: 'query ($sort: Sort = AGE) { books(sort: $sort) { id } }',
    named: ['Sort', 'Sort.AGE', 'Query.books', 'Query.books(sort:)', 'Item.id'],
    possible: ['Sort.NEWEST', 'Sort.NAME', 'Sort.AGE'],
    told: ['Sort.AGE'],
  },
  {
    what: 'nothing of introspection, nor of directives',
    text: 'query ($with: Boolean!) { __typename __schema { types { name } } __type(name: "Book") { name } old @include(if: $with) }',
    named: ['Query.old'],
    told: ['Query.old'],
  },
  {
    what: 'one operation of several, each thing once',
    text: 'query A { a: old b: old } query B { books { ...F } } fragment F on Item { id }',
    name: 'A',
    named: ['Query.old'],
    told: ['Query.old'],
  },
];

for (const { what, text, name, named, possible = [], told = [] } of cases) {
  test(`an operation uses ${what}`, () => {
    const { document, operation } = operationIn(text, name);
    const used = operationCoordinates(schema, document, operation);
    assert.deepEqual([...used.named.keys()].sort(), named.sort());
    assert.deepEqual([...used.possible.keys()].sort(), possible.sort());
    const uses = deprecatedUses(schema, document, operation);
    assert.deepEqual(uses.map(({ coordinate }) => coordinate).sort(), told.sort());
  });
}

test('who asks is told the reason, the successor and the day, as far as the schema says them', () => {
  const { document, operation } = operationIn('{ books(page: 2) { name } old }');
  assert.deepEqual(deprecatedUses(schema, document, operation), [
    {
      coordinate: 'Query.books(page:)',
      reason: 'Use Query.books(after:) instead. Ends 2027-01-31.',
      successor: 'Query.books(after:)',
      ends: '2027-01-31',
    },
    { coordinate: 'Item.name', reason: 'No longer supported' },
    { coordinate: 'Query.old', reason: 'No successor. Ends 2027-01-31.', ends: '2027-01-31' },
  ]);
});
