// Holds the nine schemas to what all of them promise: they compose, every element is described, lists are bounded.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import {
  buildSchema,
  type DefinitionNode,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  parse,
  print,
  type TypeNode,
  visit,
} from 'graphql';
import { root } from '../architecture/source-files.ts';
import { subgraphs } from './declared-subgraphs.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const whole = buildSchema(read('bff-web/generated/schema.graphql'));
const types = Object.values(whole.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID', 'Query', 'Mutation']);

test('every type, field, value and input that clients see has a description', () => {
  const silent = types.flatMap((type) => {
    const parts =
      isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
        ? Object.values(type.getFields())
        : isEnumType(type)
          ? type.getValues()
          : [];
    return [
      ...(type.description || builtIn.has(type.name) ? [] : [type.name]),
      ...parts.filter((part) => !part.description).map((part) => `${type.name}.${part.name}`),
    ];
  });
  assert.deepEqual(silent, []);
});

test('a list is a connection, or its schema says how long it can be', () => {
  const bounded = (field: GraphQLField<unknown, unknown>): boolean =>
    /At most \d+|ranking, so it has no pages/.test(field.description ?? '') ||
    field.args.some(({ name }) => name === 'first');
  // Named by what they are: pages of a connection, paths into an input, errors of one input.
  const boundedByNature = new Set(['edges', 'field', 'userErrors']);
  const open = types.filter(isObjectType).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => isListType(getNullableType(field.type)))
      .filter((field) => !boundedByNature.has(field.name) && !bounded(field))
      .filter((field) => !isLeafType(getNamedType(field.type)))
      .map((field) => `${type.name}.${field.name}`),
  );
  assert.deepEqual(open, []);
});

test("what one domain says about another's entity may be missing without taking the entity along", () => {
  const owners: Record<string, string> = {
    User: 'accounts',
    Product: 'catalog',
    Order: 'orders',
    Cart: 'orders',
    Review: 'reviews',
  };
  const fatal: string[] = [];
  for (const { name, sdl } of subgraphs()) {
    for (const type of parse(sdl).definitions) {
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
      const isForeign = (owners[type.name.value] ?? name) !== name;
      for (const field of type.fields ?? []) {
        const uses = (directive: string) =>
          (field.directives ?? []).some((one) => one.name.value === directive);
        const isKey = ['id', 'sku'].includes(field.name.value);
        if (field.type.kind !== Kind.NON_NULL_TYPE || isKey || uses('external')) continue;
        const returned = typeNameOf(field.type);
        // An edge always has its node: without it there is nothing for the cursor to point at.
        const pointsAway = (owners[returned] ?? name) !== name && !type.name.value.endsWith('Edge');
        if (isForeign || pointsAway) fatal.push(`${name}: ${type.name.value}.${field.name.value}`);
      }
    }
  }
  assert.deepEqual(fatal, []);
});

function typeNameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : typeNameOf(type.type);
}

test('types that several domains define are defined alike', () => {
  const shared = [
    'Money',
    'PageInfo',
    'UserError',
    'CacheControlScope',
    'DateTime',
    'Currency',
    'CountryCode',
    'JSON',
    'fallback',
    'fallback__Value',
  ];
  const seen = new Map<string, string>();
  for (const { name, sdl } of subgraphs()) {
    for (const definition of parse(sdl, { noLocation: true }).definitions) {
      if (!('name' in definition) || !shared.includes(definition.name?.value ?? '')) continue;
      const type = definition.name?.value ?? '';
      const text = print(onOneLine(definition));
      assert.equal(text, seen.get(type) ?? text, `${type} in ${name} differs`);
      seen.set(type, text);
    }
  }
  assert.deepEqual([...seen.keys()].sort(), [...shared].sort());
});

/** Whether a description stands in one pair of quotes or in three is no difference. */
function onOneLine(definition: DefinitionNode): DefinitionNode {
  return visit(definition, { StringValue: (node) => ({ ...node, block: false }) });
}

test('the features the shop is to show are all in use', () => {
  const documents = subgraphs().map(({ sdl }) => parse(sdl));
  const used = new Set<string>();
  const kinds = new Set<string>();
  let severalKeys = false;
  for (const document of documents) {
    visit(document, {
      Directive: ({ name }) => void used.add(name.value),
      enter: ({ kind }) => void kinds.add(kind),
    });
    severalKeys ||= document.definitions.some(
      (definition) =>
        'directives' in definition &&
        (definition.directives ?? []).filter(({ name }) => name.value === 'key').length > 1,
    );
  }
  const federation = [
    'key',
    'shareable',
    'external',
    'requires',
    'provides',
    'tag',
    'composeDirective',
    'link',
  ];
  const policies = ['cost', 'listSize', 'authenticated', 'requiresScopes', 'cacheControl', 'fallback'];
  for (const name of [...federation, ...policies]) assert.ok(used.has(name), `@${name}`);
  assert.ok(kinds.has(Kind.UNION_TYPE_DEFINITION), 'a union');
  assert.ok(kinds.has(Kind.INTERFACE_TYPE_DEFINITION), 'an interface');
  assert.ok(severalKeys, 'an entity with several keys');
});
