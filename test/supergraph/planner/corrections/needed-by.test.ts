// Holds which fields of an entity fetch are said to need which required field.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchesOf, planned, type Subgraphs } from '../planned-graph.ts';

interface Case {
  name: string;
  subgraphs: Subgraphs;
  operation: string;
  /** `neededBy` of each fetch to the subgraph `b`. */
  neededBy: unknown[];
}

const query = 'type Query { thing: Thing }';

const cases: Case[] = [
  {
    name: 'a field needs what it requires, and the others do not',
    subgraphs: {
      a: `${query} type Thing @key(fields: "id") { id: ID! one: Int two: Int }`,
      b: `type Thing @key(fields: "id") {
          id: ID! one: Int @external two: Int @external plain: Int
          sum: Int @requires(fields: "one two") twice: Int @requires(fields: "two")
        }`,
    },
    operation: '{thing{plain sum _0_twice:twice}}',
    neededBy: [{ one: ['sum'], two: ['sum', '_0_twice'] }],
  },
  {
    name: 'what is required within an object is the whole key of the representation',
    subgraphs: {
      a: `${query} type Thing @key(fields: "id") { id: ID! size: Size } type Size { width: Int height: Int }`,
      b: `type Thing @key(fields: "id") {
          id: ID! size: Size @external
          wide: Int @requires(fields: "size { width }") high: Int @requires(fields: "size { height }")
        }
        type Size { width: Int @external height: Int @external }`,
    },
    operation: '{thing{wide high}}',
    neededBy: [{ size: ['wide', 'high'] }],
  },
  {
    name: 'what belongs to a key is needed by all, also where more of it is required',
    subgraphs: {
      a: `${query} type Thing @key(fields: "of { id }") { of: Maker one: Int } type Maker { id: ID! name: String }`,
      b: `type Thing @key(fields: "of { id }") {
          of: Maker one: Int @external plain: Int label: Int @requires(fields: "of { name } one")
        }
        type Maker { id: ID! name: String @external }`,
    },
    operation: '{thing{plain label}}',
    neededBy: [{ one: ['label'] }],
  },
  {
    name: 'a key that other subgraphs alone have is like any other field',
    subgraphs: {
      a: `${query} type Thing @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }`,
      b: 'type Thing @key(fields: "id") { id: ID! sku: ID! @external plain: Int label: Int @requires(fields: "sku") }',
      c: 'type Thing @key(fields: "sku") { sku: ID! other: Int }',
    },
    operation: '{thing{plain label}}',
    neededBy: [{ sku: ['label'] }],
  },
  {
    name: 'a field that is required with arguments is named as the representation names it',
    subgraphs: {
      a: `${query} type Thing @key(fields: "id") { id: ID! price(in: String): Int }`,
      b: `type Thing @key(fields: "id") {
          id: ID! price(in: String): Int @external plain: Int
          tax: Int @requires(fields: "price(in: \\"x\\")") fee: Int @requires(fields: "price(in: \\"y\\")")
        }`,
    },
    operation: '{thing{plain tax fee}}',
    neededBy: [{ price: ['tax'] }, { price: ['fee'] }],
  },
  {
    name: 'a variant of a field needs what the field requires',
    subgraphs: {
      a: `${query} type Thing @key(fields: "id") { id: ID! base: Int }`,
      b: 'type Thing @key(fields: "id") { id: ID! base: Int @external plain: Int price(in: String): Int @requires(fields: "base") }',
      c: 'type Thing @key(fields: "id") { id: ID! price(in: String): Int @external tax: Int @requires(fields: "price(in: \\"x\\")") }',
    },
    operation: '{thing{plain tax}}',
    neededBy: [{ base: ['required0_price'] }],
  },
  {
    name: 'what an interface object requires is needed by the fields of the interface',
    subgraphs: {
      a: `type Query { thing: Thing }
        interface Thing @key(fields: "id") { id: ID! one: Int }
        type Book implements Thing @key(fields: "id") { id: ID! one: Int }`,
      b: `type Thing @key(fields: "id") @interfaceObject {
          id: ID! one: Int @external plain: Int twice: Int @requires(fields: "one")
        }`,
    },
    operation: '{thing{plain ...on Book{twice}}}',
    neededBy: [{ one: ['twice'] }],
  },
  {
    name: 'what is required of one type alone is needed by its fields',
    subgraphs: {
      a: `type Query { thing: Thing } union Thing = Book | Film
        type Book @key(fields: "id") { id: ID! pages: Int }
        type Film @key(fields: "id") { id: ID! minutes: Int }`,
      b: `type Book @key(fields: "id") { id: ID! pages: Int @external weight: Int @requires(fields: "pages") }
        type Film @key(fields: "id") { id: ID! minutes: Int @external weight: Int @requires(fields: "minutes") }`,
    },
    operation: '{thing{...on Book{weight}...on Film{weight}}}',
    neededBy: [{ pages: ['weight'], minutes: ['weight'] }],
  },
];

for (const { name, subgraphs, operation, neededBy } of cases) {
  test(name, () => {
    const fetches = fetchesOf(planned(subgraphs).plan(operation));
    assert.deepEqual(
      fetches.filter(({ subgraph }) => subgraph === 'b').map((fetch) => fetch.neededBy),
      neededBy,
    );
  });
}

test('where answers are renamed, every field is said to need what any of them requires', () => {
  const fetches = fetchesOf(
    planned({
      a: `type Query { thing: Thing } union Thing = Book | Film
        type Book @key(fields: "id") { id: ID! pages: Int }
        type Film @key(fields: "id") { id: ID! }`,
      b: `type Book @key(fields: "id") { id: ID! pages: Int @external weight: Int! @requires(fields: "pages") }
        type Film @key(fields: "id") { id: ID! weight: String }`,
    }).plan('{thing{...on Book{_0_weight:weight}...on Film{_0_weight:weight}}}'),
  );
  const [fetch] = fetches.filter(({ subgraph }) => subgraph === 'b');
  assert.ok(fetch?.outputRewrites);
  assert.equal(fetch.neededBy, undefined);
});
