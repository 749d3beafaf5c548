// Holds bff-mobile to its contract, its samples and its start, on the files that composition generated.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { isObjectType, Kind, parse, validate } from 'graphql';
import { mobile } from '../../bff-mobile/bff.ts';
import { readSupergraphFacts } from '../../supergraph/foundation/supergraph-facts.ts';
import { ownFields } from '../../supergraph/views/own-fields.ts';
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

describe('what the app asks', () => {
  const folder = new URL('../../bff-mobile/documents/', import.meta.url);
  for (const file of readdirSync(folder)) {
    test(`${file} is one operation, called as its file, that fits what clients see`, () => {
      const document = parse(readFileSync(new URL(file, folder), 'utf8'));
      assert.deepEqual(validate(clientSchema, document), []);
      const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      assert.deepEqual(
        operations.map((operation) => 'name' in operation && operation.name?.value),
        [pascalCase(file.replace('.graphql', ''))],
      );
    });
  }
});

test('the README names every field that is the app’s own', () => {
  const readme = readFileSync(new URL('../../bff-mobile/README.md', import.meta.url), 'utf8');
  const own = ownFields(readSupergraphFacts(supergraphSdl, 'The supergraph'), 'bff-mobile-views');
  const missing = own
    .map(({ type, field }) => `\`${type}.${field}\``)
    .filter((name) => !readme.includes(name));
  assert.ok(own.length > 10);
  assert.deepEqual(missing, []);
});

function pascalCase(kebab: string): string {
  return kebab.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

test('what the views repeat of the domains’ types says the same', () => {
  const definitionsIn = (path: string) =>
    parse(readFileSync(new URL(path, import.meta.url), 'utf8'), { noLocation: true }).definitions;
  const own = definitionsIn('../../bff-mobile/views/schema.graphql');
  const domains = Object.values(
    JSON.parse(readFileSync(new URL('../../subgraphs/subgraphs.json', import.meta.url), 'utf8')) as Record<
      string,
      { schema: string }
    >,
  ).flatMap(({ schema }) => definitionsIn(`../../subgraphs/${schema}`));
  const repeated: string[] = [];
  for (const definition of own) {
    // Composition takes all values of an enum together, and the views would meet some that they have no words for.
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) continue;
    const valuesOf = (one: typeof definition) => one.values?.map(({ name }) => name.value).sort();
    for (const other of domains) {
      if (other.kind !== definition.kind || other.name.value !== definition.name.value) continue;
      repeated.push(other.name.value);
      assert.deepEqual(valuesOf(definition), valuesOf(other), other.name.value);
    }
  }
  assert.deepEqual([...new Set(repeated)].sort(), ['Availability', 'OrderStatus', 'ShipmentStatus']);
});
