// Literals and defaults reach subgraphs as the client wrote them, which Apollo's planner alone does not see to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, parseValue, print, type ValueNode, visit } from 'graphql';
import { fetchesOf, planned, plannedByStock } from '../planned-graph.ts';

const subgraphs = {
  a: `scalar JSON scalar Long enum Kind { OLD NEW } input By { n: Float k: [Kind] j: JSON }
    type Query { find(j: JSON, l: Long, id: ID, f: Float, n: Int!, by: By, s: String, ids: [ID!]! = ["1"]): Thing }
    type Thing @key(fields: "id") { id: ID! }`,
  b: `scalar JSON scalar Long enum Kind { OLD NEW } input By { n: Float k: [Kind] j: JSON }
    type Thing @key(fields: "id") { id: ID! near(j: JSON, l: Long, s: String, by: By, n: Int): Int }`,
};
const ours = planned(subgraphs);
const documentOf = (graph: typeof ours, operation: string): string =>
  fetchesOf(graph.plan(operation))[0]?.document ?? '';

test('literals are not read as doubles or strings', () => {
  const cases: { literal: string; byStock: string }[] = [
    { literal: 'l:9007199254740993', byStock: 'l:9007199254740992' },
    { literal: 'f:1.0', byStock: 'f:1' },
    { literal: 'j:OLD', byStock: 'j:"OLD"' },
    { literal: 'j:{a:[1.50 OLD "x"]}', byStock: 'j:{a:[1.5 "OLD" "x"]}' },
    { literal: 'id:"7"', byStock: 'id:7' },
    { literal: 'ids:7', byStock: 'ids:[7]' },
  ];
  for (const { literal, byStock } of cases) {
    const operation = `{_0_find:find(n:1 ${literal}){id}}`;
    assert.match(
      documentOf(plannedByStock(subgraphs), operation),
      new RegExp(`[( ]${byStock.replaceAll(/[[\]{}."]/g, '\\$&')}[ )]`),
    );
    assert.equal(documentOf(ours, operation), operation);
  }
});

test('literals stay as they are in every fetch', () => {
  const values = [
    '"a \\"quoted\\" \\\\ \\n line"',
    '"\u00e9 \u{1f600} \\u0000 \u2028"',
    '"  {x} # no comment ,,"',
    '"$v0 $literal0"',
    '-0',
    'null',
    '{by:{n:1e3}}',
    '[]',
  ];
  for (const value of values) {
    const [first, second] = fetchesOf(ours.plan(`{_0_find:find(n:1 j:${value}){_0_near:near(j:${value})}}`));
    assert.equal(first?.document, `{_0_find:find(n:1 j:${value}){__typename id}}`);
    assert.ok(second?.document.endsWith(`{...on Thing{_0_near:near(j:${value})}}}`), second?.document);
    assert.deepEqual([first?.variables, second?.variables], [[], []]);
  }
});

test('variables within literals and defaults of variables are kept, and each fetch names those it uses', () => {
  const cases: [string, string, string[]][] = [
    ['query($v0:Int=5){_0_find:find(n:$v0){id}}', 'query($v0:Int=5){_0_find:find(n:$v0){id}}', ['v0']],
    [
      'query($v0:JSON={a:1.0 b:OLD},$v1:Long=9007199254740993){_0_find:find(n:1 j:[$v0] l:$v1){id}}',
      'query($v0:JSON={a:1.0 b:OLD}$v1:Long=9007199254740993){_0_find:find(n:1 j:[$v0]l:$v1){id}}',
      ['v0', 'v1'],
    ],
    [
      'query($v0:Int!,$v1:Float){_0_find:find(n:$v0){_0_near:near(by:{n:$v1})}}',
      'query($v0:Int!){_0_find:find(n:$v0){__typename id}}',
      ['v0'],
    ],
    [
      'query($literal0:Int!){_0_find:find(n:$literal0 f:2.0){id}}',
      'query($literal0:Int!){_0_find:find(n:$literal0 f:2.0){id}}',
      ['literal0'],
    ],
  ];
  for (const [operation, document, variables] of cases) {
    const [first] = fetchesOf(ours.plan(operation));
    assert.deepEqual([first?.document, first?.variables], [document, variables]);
  }
  const [, second] = fetchesOf(
    ours.plan('query($v0:Int!,$v1:Float){_0_find:find(n:$v0){_0_near:near(by:{n:$v1 k:OLD})}}'),
  );
  assert.equal(
    second?.document,
    'query($representations:[_Any!]!$v1:Float){_entities(representations:$representations){...on Thing{_0_near:near(by:{n:$v1 k:OLD})}}}',
  );
  assert.deepEqual(second?.variables, ['v1']);
});

test('whatever a value is, the subgraph is sent the same', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
      fc.bigInt().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => String(number).replace('e+', 'e')),
      fc.constantFrom('null', 'true', 'false', 'OLD', 'undefined', '$v0'),
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' ')}]`),
      fc
        .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__'), tie('value')), { maxLength: 3 })
        .map((fields) => {
          const distinct = new Map(fields);
          return `{${[...distinct].map(([name, inner]) => `${name}:${inner}`).join(' ')}}`;
        }),
    ),
  }));
  fc.assert(
    fc.property(value, (text) => {
      const operation = `query($v0:JSON){_0_find:find(n:1 j:${text}){_0_near:near(j:${text})}}`;
      const usesVariable = variablesIn(parseValue(text)).length > 0;
      for (const fetch of fetchesOf(ours.plan(operation))) {
        const found: string[] = [];
        visit(parse(fetch.document), {
          Argument: ({ name, value: sent }) => void (name.value === 'j' && found.push(print(sent))),
        });
        assert.deepEqual(found, [print(parseValue(text))]);
        assert.deepEqual(fetch.variables, usesVariable ? ['v0'] : []);
      }
    }),
    { seed, numRuns: 300 },
  );
});

function variablesIn(node: ValueNode): string[] {
  const names: string[] = [];
  visit(node, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}
