// Holds a router to its senses when a subgraph answers with very many errors, and to the client's words in them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;
const count = 2_000;

let lists: RawServer;
let details: RawServer;
let router: RouterUnderTest;

const json = (body: unknown) => (_: unknown, response: { end: (text: string) => void }) =>
  response.end(JSON.stringify(body));

before(async () => {
  const items = Array.from({ length: count }, (_, index) => ({ __typename: 'Item', id: `${index}` }));
  lists = await startRawServer(json({ data: { items } }));
  details = await startRawServer(json({}));
  router = await startTestRouter(
    compose([
      schemaOf(
        'lists',
        `${link} type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! }`,
        lists.url,
      ),
      schemaOf(
        'details',
        `${link} type Query { named(name: String): String } type Item @key(fields: "id") { id: ID! a: Int b: Int c: Int }`,
        details.url,
      ),
    ]),
  );
});
after(async () => {
  await router?.stop();
  await lists?.stop();
  await details?.stop();
});

const error = (path?: unknown) => ({
  message: 'No.',
  extensions: { code: 'NOT_FOUND' },
  ...(path ? { path } : {}),
});
const many = (path: (index: number) => unknown) =>
  Array.from({ length: 20_000 }, (_, index) => error(path(index)));
const nothing = Array.from({ length: count }, () => null);

const answers: { name: string; body: unknown }[] = [
  {
    name: 'for each entity, and no data',
    body: { data: null, errors: many((index) => ['_entities', index % count]) },
  },
  { name: 'at one place', body: { data: { _entities: nothing }, errors: many(() => ['_entities', 0, 'a']) } },
  { name: 'without a place', body: { data: { _entities: nothing }, errors: many(() => undefined) } },
  {
    name: 'about the query',
    body: {
      errors: Array.from({ length: 20_000 }, () => ({
        message: 'No.',
        locations: [{ line: 1, column: 9 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      })),
    },
  },
];

for (const { name, body } of answers) {
  test(`very many errors ${name}: a bounded answer in bounded time`, async () => {
    details.answerWith(json(body));
    const began = performance.now();
    const { body: answer, text } = await router.ask('{ items { a b c } }');
    const took = performance.now() - began;
    const items = answer.data?.['items'];
    assert.ok(Array.isArray(items) && items.length === count);
    assert.ok(
      answer.errors && answer.errors.length > 0 && answer.errors.length <= 1_000,
      `${answer.errors?.length}`,
    );
    assert.ok(text.length < 500_000 && took < 3_000, `${text.length} characters after ${took} ms`);
  });
}

test('an error about a variable names it as the client does', async () => {
  details.answerWith(
    json({ errors: [{ message: 'Variable "$v0" is no name.', extensions: { code: 'BAD_USER_INPUT' } }] }),
  );
  const { body } = await router.ask('query ($who: String) { named(name: $who) }', {
    variables: { who: 'x' },
  });
  assert.deepEqual(
    body.errors?.map(({ message }) => message),
    ['Variable "$who" is no name.'],
  );
});
