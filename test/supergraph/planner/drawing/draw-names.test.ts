// Holds the way back from a plan's names to the client's, over real canonical operations.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSchema, Kind, parse } from 'graphql';
import {
  type CanonicalOperation,
  canonicalOperation,
} from '../../../../supergraph/planner/canonical/canonical-operation.ts';
import {
  answeredFromSchema,
  drawNames,
  namesInPlan,
} from '../../../../supergraph/planner/drawing/draw-names.ts';

const schema = buildSchema(`
  type Query { book(id: ID!): Book media: [Medium!]! }
  interface Medium { title: String! }
  type Book implements Medium { title: String! price(in: String): Int author: Author }
  type Film implements Medium { title: String! price: Int }
  type Author { name: String books: [Book!]! }
`);

function canonical(text: string): CanonicalOperation {
  const [definition] = parse(text).definitions;
  assert.equal(definition?.kind, Kind.OPERATION_DEFINITION);
  return canonicalOperation(
    { schema, required: new Set(['book', 'price']), prefix: '_' },
    { definition, fragments: new Map() },
  );
}

const same = '{ media { title } }';

describe('names that differ between plan and client', () => {
  test('none where the client wrote none of its own', () => {
    assert.deepEqual(namesInPlan(canonical(same)), []);
    assert.equal(drawNames([]), '');
  });

  const cases: [name: string, operation: string, ofClient: string[]][] = [
    [
      'variables, once each',
      'query($a: ID!) { book(id: $a) { title } other: book(id: $a) { title } }',
      ['$a', 'book', 'other'],
    ],
    ['an alias on a path', 'query { media { name: title } }', ['media.name']],
    [
      'fields below fields that are called otherwise',
      '{ mine: book(id: "1") { by: author { called: name } } }',
      ['mine', 'mine.by', 'mine.by.called'],
    ],
    [
      'one alias for the fields of two types',
      '{ media { ... on Book { cost: price(in: "EUR") } ... on Film { cost: price } } }',
      ['media.cost', 'media.cost'],
    ],
    [
      'two names of one type name',
      '{ media { kind: __typename sort: __typename } }',
      ['media.kind', 'media.sort'],
    ],
  ];
  for (const [name, operation, ofClient] of cases) {
    test(name, () => {
      const names = namesInPlan(canonical(operation));
      assert.deepEqual(
        names.map((each) => each.ofClient),
        ofClient,
      );
      const text = canonical(operation).text ?? '';
      for (const { inPlan } of names) assert.ok(text.includes(inPlan.split('.').at(-1) ?? ''), inPlan);
    });
  }

  test('are drawn as a table', () => {
    const text = drawNames([
      { inPlan: '$v0', ofClient: '$id' },
      { inPlan: '_0_book', ofClient: 'mine' },
    ]);
    assert.equal(text, '$v0     is $id\n_0_book is mine');
  });
});

test('fields that the schema answers are told apart', () => {
  const { selections } = canonical(
    '{ s: __schema { types { name } } ... { __type(name: "Book") { name } } media { title } }',
  );
  assert.deepEqual(answeredFromSchema(selections), ['s', '__type']);
});
