// Holds bff-web to its contract, its samples and its start, on the files that composition generated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kind, validate } from 'graphql';
import { web } from '../../bff-web/bff.ts';
import { fieldsTagged, readBff, sees } from '../supergraph/fixtures/bff-on-disk.ts';
import { startChild } from '../supergraph/fixtures/child-process.ts';

const { supergraphSdl, clientSchema, samples } = readBff('bff-web');

test('clients see nothing that is tagged internal', () => {
  assert.deepEqual(web.contract, { exclude: ['internal'] });
  const internal = fieldsTagged(supergraphSdl, 'internal');
  assert.ok(internal.length > 5);
  assert.deepEqual(
    internal.filter((coordinate) => sees(clientSchema, coordinate)),
    [],
  );
});

test('clients see every other field, those of the app among them', () => {
  const internal = new Set(fieldsTagged(supergraphSdl, 'internal'));
  const forTheApp = fieldsTagged(supergraphSdl, 'mobile').filter((coordinate) => !internal.has(coordinate));
  assert.ok(forTheApp.length > 50);
  assert.deepEqual(
    forTheApp.filter((coordinate) => !sees(clientSchema, coordinate)),
    [],
  );
});

test('starts from its generated files and answers without its subgraphs being there', async (t) => {
  const child = startChild(new URL('../../bff-web/main.ts', import.meta.url), {
    parent: true,
    environment: { PORT: '0' },
  });
  t.after(() => child.process.kill('SIGKILL'));
  const { name, url } = await child.message;
  assert.equal(name, 'bff-web');
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
