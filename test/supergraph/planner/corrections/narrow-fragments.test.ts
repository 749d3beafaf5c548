// Holds what is planned for fragments on unions and other interfaces, below an interface that a subgraph knows as object.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outline, planned, plannedByStock } from '../planned-graph.ts';

const subgraphs = {
  titles: `type Query { anything: Anything }
    interface Named { name: String }
    interface Media @key(fields: "id") { id: ID! title: String }
    interface Printed { pages: Int }
    type Book implements Media & Printed & Named @key(fields: "id") { id: ID! title: String pages: Int name: String }
    type Map implements Media & Printed @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media & Named @key(fields: "id") { id: ID! title: String name: String }
    type Person implements Named { name: String }
    union Anything = Book | Film | Person`,
  stats: 'type Query { top: Media } type Media @key(fields: "id") @interfaceObject { id: ID! views: Int }',
};

const ofTitles = (selection: string): unknown => ({
  sequence: [
    'stats: {top{__typename id}}',
    `titles @ top: query($representations:[_Any!]!){_entities(representations:$representations){...on Media{__typename ${selection}}}} <- ...on Media{__typename id}`,
  ],
});

const cases = [
  {
    operation: '{top{...on Anything{__typename}}}',
    selection: '...on Book{__typename}...on Film{__typename}',
  },
  { operation: '{top{...on Named{name}}}', selection: '...on Book{name}...on Film{name}' },
  { operation: '{top{...on Printed{pages}}}', selection: '...on Book{pages}...on Map{pages}' },
  {
    operation: '{top{...on Printed{...on Named{name} pages}}}',
    selection: '...on Book{name pages}...on Map{pages}',
  },
];

for (const { operation, selection } of cases) {
  test(`planned type by type: ${operation}`, () => {
    assert.throws(() => plannedByStock(subgraphs).plan(operation));
    assert.deepEqual(outline(planned(subgraphs).plan(operation)), ofTitles(selection));
  });
}

test('fragments on interfaces that every subgraph knows stay as they are', () => {
  const operation = '{anything{...on Named{name}}}';
  assert.deepEqual(
    outline(planned(subgraphs).plan(operation)),
    outline(plannedByStock(subgraphs).plan(operation)),
  );
});
