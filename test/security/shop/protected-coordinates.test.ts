// Holds the table of what is not everybody's to the graphs: it leaves nothing out, and it makes nothing up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';
import { mobile } from '../../../bff-mobile/bff.ts';
import { web } from '../../../bff-web/bff.ts';
import { readBff } from '../../supergraph/fixtures/bff-on-disk.ts';
import {
  coordinatesOf,
  needOf,
  type ProtectedFields,
  protectedFields,
  protectedViews,
  roles,
} from './protected-coordinates.ts';
import { wholeGraph } from './whole-graph.ts';

const graphs: Record<string, string> = {
  'the whole graph': wholeGraph().supergraphSdl,
  'bff-web': readBff('bff-web').supergraphSdl,
  'bff-mobile': readBff('bff-mobile').supergraphSdl,
};

const signedIn = 'signed in';
const table = tableOf(protectedFields);
const ownFields: Record<string, [string, string][]> = { 'bff-mobile': tableOf(protectedViews) };

function tableOf(fields: ProtectedFields): [string, string][] {
  return coordinatesOf(fields).map(([coordinate, need]) => [
    coordinate,
    need === signedIn ? signedIn : [...need].sort().join(' and '),
  ]);
}

for (const [name, sdl] of Object.entries(graphs)) {
  test(`${name} protects exactly what the table says`, () => {
    const said = [...table, ...(ownFields[name] ?? [])];
    assert.deepEqual(Object.fromEntries(protectedIn(sdl)), Object.fromEntries(said));
  });
}

test('what the declarations demand is in the table', () => {
  for (const { name, permissions = {} } of [web, mobile]) {
    for (const [type, fields] of Object.entries(permissions)) {
      for (const field of Object.keys(fields)) assert.ok(needOf(type, field), `${name}: ${type}.${field}`);
    }
  }
});

test('each scope that is needed is one that somebody has and somebody has not', () => {
  const needed = table.map(([, need]) => need).filter((need) => need !== signedIn);
  for (const need of new Set(needed.flatMap((one) => one.split(' and ')))) {
    const has = Object.values(roles).map((scopes) => scopes?.includes(need) ?? false);
    assert.ok(has.includes(true) && has.includes(false), need);
  }
});

/** What each protected field needs, by coordinate, as far as the directives of a supergraph tell. */
function protectedIn(sdl: string): [string, string][] {
  const directives = new Map<string, readonly ConstDirectiveNode[]>();
  const fields = new Map<string, readonly FieldDefinitionNode[]>();
  for (const definition of parse(sdl).definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    directives.set(definition.name.value, (definition.directives ?? []) as readonly ConstDirectiveNode[]);
    const hasFields =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
    if (hasFields) fields.set(definition.name.value, definition.fields ?? []);
  }

  function needsOf(type: string, field: FieldDefinitionNode): Set<string> {
    const given = namedType(field.type);
    const own = [
      ...(field.directives ?? []),
      ...(directives.get(type) ?? []),
      ...(directives.get(given) ?? []),
    ];
    const required = own
      .filter((directive) => directive.name.value === 'join__field')
      .map((directive) => argument(directive, 'requires'))
      .filter((selection) => typeof selection === 'string')
      .map((selection) => selectionIn(selection));
    return new Set([...own.flatMap(needsIn), ...required.flatMap((one) => needsOfSelection(type, one))]);
  }

  // No field of the shop is made from itself.
  function needsOfSelection(type: string, { selections }: SelectionSetNode): string[] {
    return selections.flatMap((selection) => {
      // Nothing in the shop is made from what only some members have; a fragment here would have to be read too.
      assert.ok(selection.kind === Kind.FIELD);
      const field = fields.get(type)?.find(({ name }) => name.value === selection.name.value);
      assert.ok(field, `${type}.${selection.name.value}`);
      const below = selection.selectionSet && needsOfSelection(namedType(field.type), selection.selectionSet);
      return [...needsOf(type, field), ...(below ?? [])];
    });
  }

  return [...fields]
    .flatMap(([type, own]) =>
      own.map((field): [string, string] => [`${type}.${field.name.value}`, inWords(needsOf(type, field))]),
    )
    .filter(([, need]) => need !== '');
}

/** Whoever has a scope is signed in. */
function inWords(needs: ReadonlySet<string>): string {
  const scopes = [...needs].filter((need) => need !== signedIn).sort();
  return scopes.length > 0 ? scopes.join(' and ') : [...needs].join();
}

function needsIn(directive: ConstDirectiveNode): string[] {
  const name = directive.name.value;
  // The table has no word for policies.
  assert.ok(!/policy/i.test(name), `@${name}`);
  if (/authenticated$/i.test(name)) return [signedIn];
  if (!/requiresScopes$/i.test(name)) return [];
  const lists = argument(directive, 'scopes');
  assert.ok(
    Array.isArray(lists) && lists.length === 1,
    'The table has no word for scopes that replace others.',
  );
  return lists[0] as string[];
}

function argument({ arguments: given = [] }: ConstDirectiveNode, name: string): unknown {
  const value = given.find((one) => one.name.value === name)?.value;
  return value && valueFromASTUntyped(value);
}

function selectionIn(text: string): SelectionSetNode {
  const [definition] = parse(`{ ${text} }`).definitions;
  assert.ok(definition?.kind === Kind.OPERATION_DEFINITION);
  return definition.selectionSet;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
