// Holds the reading of a manifest: what is taken as one, and all that is said of what is not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readManifest } from '../../../supergraph/persisted-documents/manifest.ts';

const home = {
  id: 'a1',
  name: 'Home',
  type: 'query',
  body: 'query Home { books { ...Shown } } fragment Shown on Book { id }',
};
const rename = { id: 'b2', name: 'Rename', type: 'mutation', body: 'mutation Rename { rename { id } }' };

const manifest = (...operations: unknown[]): string =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });
const read = (text: string) => readManifest(text, 'generated/manifest.json');

describe('reads', () => {
  const cases: { name: string; text: string; operations: unknown[] }[] = [
    { name: 'no operation at all', text: manifest(), operations: [] },
    { name: 'operations in their order', text: manifest(rename, home), operations: [rename, home] },
    { name: 'a draft', text: manifest({ ...home, draft: true }), operations: [{ ...home, draft: true }] },
    { name: 'what says that it is no draft', text: manifest({ ...home, draft: false }), operations: [home] },
    {
      name: 'what other tools say on top, and leaves it',
      text: manifest({ ...home, clientName: null }),
      operations: [home],
    },
    {
      name: 'two versions of one operation',
      text: manifest(home, { ...home, id: 'a2', body: 'query Home { books { title } }' }),
      operations: [home, { ...home, id: 'a2', body: 'query Home { books { title } }' }],
    },
    {
      name: 'ids and names that objects have of their own',
      text: manifest({ ...home, id: '__proto__' }, { ...rename, id: 'constructor' }),
      operations: [
        { ...home, id: '__proto__' },
        { ...rename, id: 'constructor' },
      ],
    },
    {
      name: 'an id of 200 characters',
      text: manifest({ ...home, id: 'x'.repeat(200) }),
      operations: [{ ...home, id: 'x'.repeat(200) }],
    },
  ];
  for (const { name, text, operations } of cases) {
    test(name, () => {
      assert.deepEqual(read(text), { format: 'apollo-persisted-query-manifest', version: 1, operations });
    });
  }
});

describe('says what is wrong with', () => {
  const cases: { name: string; text: string; says: string[] }[] = [
    { name: 'no JSON', text: '{"format"', says: ['generated/manifest.json is not JSON: '] },
    { name: 'nothing', text: '', says: ['generated/manifest.json is not JSON: '] },
    { name: 'a list', text: '[]', says: ['generated/manifest.json must hold an object, but holds [].'] },
    { name: 'null', text: 'null', says: ['must hold an object, but holds null.'] },
    {
      name: 'another format and version',
      text: JSON.stringify({ format: 'relay', version: 2, operations: [{}] }),
      says: [
        '"format" must be "apollo-persisted-query-manifest", but is "relay".',
        '"version" must be 1, but is 2.',
      ],
    },
    {
      name: 'an object without anything',
      text: '{}',
      says: ['"format" must be ', 'but is not there.', '"version" must be 1', '"operations" must be a list'],
    },
    {
      name: 'operations by id',
      text: JSON.stringify({ ...JSON.parse(manifest()), operations: { a1: home.body } }),
      says: ['"operations" must be a list, but is {"a1":'],
    },
    {
      name: 'an operation that is a text',
      text: manifest(home.body),
      says: ['operations[0]: must be an object'],
    },
    {
      name: 'an operation without anything',
      text: manifest(home, {}),
      says: [
        'operations[1]: "id" must be a text of 1 to 200 characters, but is not there.',
        'operations[1]: "name" must be',
        'operations[1]: "type" must be "query", "mutation" or "subscription"',
        'operations[1]: "body" must be GraphQL, but is not there.',
      ],
    },
    { name: 'an empty id', text: manifest({ ...home, id: '' }), says: ['operations[0] Home: "id" must be'] },
    {
      name: 'an id that is too long',
      text: manifest({ ...home, id: 'x'.repeat(201) }),
      says: ['operations[0] Home: "id" must be a text of 1 to 200 characters'],
    },
    {
      name: 'one id twice',
      text: manifest(home, rename, { ...rename, id: 'a1' }),
      says: ['operations[2] Rename: operations[0] has its "id", "a1".'],
    },
    {
      name: 'a draft that is neither',
      text: manifest({ ...home, draft: 'yes' }),
      says: ['operations[0] Home: "draft" must be true or false, but is "yes".'],
    },
    {
      name: 'a body with a mistake',
      text: manifest({ ...home, body: 'query Home {' }),
      says: ['operations[0] Home: "body" is not GraphQL: Syntax Error: '],
    },
    {
      name: 'a body with two operations',
      text: manifest({ ...home, body: `${home.body} ${rename.body}` }),
      says: ['operations[0] Home: "body" must hold one operation and its fragments.'],
    },
    {
      name: 'a body without an operation',
      text: manifest({ ...home, body: 'fragment Shown on Book { id }' }),
      says: ['"body" must hold one operation and its fragments.'],
    },
    {
      name: 'a body of a schema',
      text: manifest({ ...home, body: 'type Query { a: Int }' }),
      says: ['"body" must hold one operation and its fragments.'],
    },
    {
      name: 'a body of another name',
      text: manifest({ ...home, body: 'query House { books { id } }' }),
      says: ['"body" must hold the query Home, but holds the query House.'],
    },
    {
      name: 'a body of another type',
      text: manifest({ ...home, body: 'mutation Home { rename { id } }' }),
      says: ['"body" must hold the query Home, but holds the mutation Home.'],
    },
    {
      name: 'a body without a name',
      text: manifest({ ...home, body: '{ books { id } }' }),
      says: ['"body" must hold the query Home, but holds the query without a name.'],
    },
  ];
  for (const { name, text, says } of cases) {
    test(name, () => {
      assert.throws(
        () => read(text),
        (error: Error) => {
          assert.equal(error.name, 'StartupProblem');
          for (const sentence of says) assert.ok(error.message.includes(sentence), error.message);
          return true;
        },
      );
    });
  }

  test('thousands of operations, in a message that can be read', () => {
    const text = manifest(...Array.from({ length: 5000 }, () => ({ name: 'x'.repeat(5000) })));
    assert.throws(
      () => read(text),
      (error: Error) => error.message.includes('… and 14980 more.') && error.message.length < 5000,
    );
  });
});
