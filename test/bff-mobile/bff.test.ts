// Holds bff-mobile to its contract, its samples and its start, on the files that composition generated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObjectType, Kind, validate } from 'graphql';
import { mobile } from '../../bff-mobile/bff.ts';
import { fieldsTagged, readBff, sees } from '../supergraph/fixtures/bff-on-disk.ts';
import { startChild } from '../supergraph/fixtures/child-process.ts';

const { supergraphSdl, clientSchema, samples } = readBff('bff-mobile');

test('clients see only what is tagged mobile, and all of it', () => {
  assert.deepEqual(mobile.contract, { include: ['mobile'] });
  const tagged = fieldsTagged(supergraphSdl, 'mobile').sort();
  const seen = Object.values(clientSchema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    );
  assert.deepEqual(seen.sort(), tagged);
});

test('what is hidden is still there underneath', () => {
  assert.ok(fieldsTagged(supergraphSdl, 'internal').length > 5);
  assert.match(supergraphSdl, /@inaccessible/);
  for (const coordinate of fieldsTagged(supergraphSdl, 'internal'))
    assert.ok(!sees(clientSchema, coordinate));
});

test('starts from its generated files and answers without its subgraphs being there', async (t) => {
  const child = startChild(new URL('../../bff-mobile/main.ts', import.meta.url), {
    parent: true,
    environment: { PORT: '0' },
  });
  t.after(() => child.process.kill('SIGKILL'));
  const { name, url } = await child.message;
  assert.equal(name, 'bff-mobile');
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename hidden: __type(name: "Warehouse") { name } }' }),
  });
  assert.deepEqual(await response.json(), { data: { __typename: 'Query', hidden: null } });
  child.process.kill('SIGTERM');
  assert.deepEqual(await child.ended, { code: 0, signal: null });
});

test('every sample is named and fits what clients see', () => {
  const operations = samples.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  assert.ok(operations.length > 1);
  assert.deepEqual(validate(clientSchema, samples), []);
  for (const operation of operations) assert.ok('name' in operation && operation.name !== undefined);
});
