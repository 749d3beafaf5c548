// Holds a router to writing custom scalars as they are, and to nobody else's answer when one cannot be written.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;
const depth = 200_000;
const forbidden = { message: 'You, Ada, may not do this.', extensions: { code: 'FORBIDDEN' } };

let notes: RawServer;
let names: RawServer;
let router: RouterUnderTest;

const answer = (text: string) => notes.answerWith((_, response) => response.end(text));

before(async () => {
  notes = await startRawServer((_, response) => response.end());
  names = await startRawServer((_, response) => response.end());
  router = await startTestRouter(
    compose([
      schemaOf(
        'notes',
        `${link} scalar JSON
        type Query { secret: String note: JSON notes: [JSON] author: Author }
        type Author @key(fields: "id") { id: ID! }`,
        notes.url,
      ),
      schemaOf('names', `${link} type Author @key(fields: "id") { id: ID! name: String }`, names.url),
    ]),
  );
});
after(async () => {
  await router?.stop();
  await notes?.stop();
  await names?.stop();
});

test('a value nested too deep is malformed, and the next answer has nothing of this one', async () => {
  const query = '{ secret note author { id name } }';
  const deep = '['.repeat(depth) + ']'.repeat(depth);
  const errors = JSON.stringify([{ ...forbidden, path: ['secret'] }]);
  answer(`{"data":{"secret":null,"note":${deep},"author":null},"errors":${errors}}`);
  const { status, body, text } = await router.ask(query, { headers: { authorization: 'Bearer ada' } });
  assert.equal(status, 200, text.slice(0, 500));
  assert.deepEqual(body.data, { secret: null, note: null, author: null });
  assert.deepEqual(
    body.errors?.map(({ path, extensions }) => ({ path, code: extensions['code'] })),
    [
      { path: ['secret'], code: 'FORBIDDEN' },
      { path: ['note'], code: 'SUBGRAPH_MALFORMED' },
    ],
  );

  answer('{"data":{"secret":"fine","note":[1],"author":null}}');
  const next = await router.ask(query, { headers: { authorization: 'Bearer mateo' } });
  assert.deepEqual(next.body, { data: { secret: 'fine', note: [1], author: null } });
});

const inner: { name: string; field: string; value: unknown; path: (string | number)[] }[] = [
  { name: 'a list', field: 'note', value: [1, null, { a: null }], path: ['note', 1] },
  { name: 'an object in a list', field: 'note', value: [{ a: null }], path: ['note', 0, 'a'] },
  { name: 'a list within a list of values', field: 'notes', value: [[1, null]], path: ['notes', 0, 1] },
];

for (const { name, field, value, path } of inner) {
  test(`an error that leads into ${name} leaves the value as it was`, async () => {
    answer(JSON.stringify({ data: { [field]: value }, errors: [{ ...forbidden, path }] }));
    const { body, text } = await router.ask(`{ ${field} }`);
    assert.deepEqual(body.data, { [field]: value }, text);
  });
}
