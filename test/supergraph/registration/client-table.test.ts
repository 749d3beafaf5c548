// Holds the table of what each client sees to what the declarations and schemas say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type ClientView, withClientTable } from '../../../supergraph/registration/client-table.ts';

const page = (table: string): string =>
  `# Page\n\n<!-- what each client sees: made by \`npm run documents\` -->\n${table}<!-- end of what each client sees -->\n\nMore.\n`;

const views: ClientView[] = [
  {
    bff: defineBff({
      name: 'app',
      port: 0,
      contract: { include: ['mobile'], exclude: ['internal'] },
      documents: { folder: 'd', unregistered: 'reject', batch: 5 },
      clients: { ios: { minimum: '3.0.0', sunset: { '3.4.0': '2027-03-31' } }, android: {} },
    }),
    schema: buildSchema('type Query { a: Int, own: Int } type Mutation { m: Int }'),
    supergraphSdl: 'type Query { a: Int, b: Int, own: Int } type Mutation { m: Int }',
    operations: [
      { id: '1', name: 'A', type: 'query', body: '{ a }' },
      { id: '2', name: 'B', type: 'query', body: '{ own }', draft: true },
    ],
  },
  {
    bff: defineBff({ name: 'web', port: 0 }),
    schema: buildSchema('type Query { a: Int, b: Int }'),
    supergraphSdl: 'type Query { a: Int, b: Int } type Mutation { m: Int }',
    operations: [],
  },
];

const table = `| | \`app\` | \`web\` |
| --- | --- | --- |
| contract | what is tagged \`mobile\`, but what is tagged \`internal\` | all |
| fields it sees | 3 of 4 | 2 of 3 |
| of these for it alone | 1 | none |
| mutations | 1 | none |
| registered operations | 1 | none |
| other operations | refused in production | any that is valid, also by hash |
| operations in one request | 5 | 1 |
| versions | ios from 3.0.0, below 3.4.0 until 2027-03-31; android any | any |
`;

test('stands between its marks, whatever stood there, and nothing else of the page changes', () => {
  assert.equal(withClientTable(page('old\n'), views), page(table));
  assert.equal(withClientTable(page(table), views), page(table));
});

test('a page without the marks is left alone', () => {
  assert.equal(withClientTable('# Page\n', views), undefined);
});
