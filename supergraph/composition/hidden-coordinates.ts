// Owns the rule of contracts: which elements of a supergraph the tags of a BFF hide; marking them is mark-inaccessible.ts.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { ContractTags } from '../foundation/contract-tags.ts';
import { stringArgument } from '../foundation/supergraph-facts.ts';
import { featureNames } from './feature-names.ts';

interface Tagged {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/**
 * Coordinates (`Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`) that clients must not see:
 *
 * - The tags of a type count for all its fields. A field is visible when neither it nor its type carries an excluded
 *   tag and, where tags are to be included, one of the two carries an included one.
 * - Fields of inputs, values of enums and arguments need no included tag: they come with what uses them.
 * - A type is hidden when it carries an excluded tag, when nothing in it is visible, or, for an enum, a scalar, an input
 *   or a union, when nothing visible uses it.
 * - What needs a hidden type is hidden: a field, an optional argument, an optional field of an input. Required ones
 *   stay, and validation will refuse the contract, since hiding them would make every use of their owner fail.
 * - What a subgraph marked @inaccessible is hidden already. Types of directives' arguments stay: federation wants them.
 */
export function hiddenCoordinates(document: DocumentNode, contract: ContractTags): Set<string> {
  const types = clientTypes(document);
  const hidden = new Set<string>();
  for (const type of types.values()) hideByTags(type, contract, hidden);
  const usedByDirectives = document.definitions.flatMap((definition) =>
    definition.kind === Kind.DIRECTIVE_DEFINITION
      ? (definition.arguments ?? []).map((arg) => typeName(arg.type))
      : [],
  );
  // Hiding one thing can leave another without use, content or type, so this goes on until nothing more is hidden.
  for (let before = -1; before !== hidden.size; ) {
    before = hidden.size;
    for (const type of types.values()) hideByContent(type, hidden);
    hideUnused(types, usedByDirectives, hidden);
  }
  return hidden;
}

function clientTypes(document: DocumentNode): Map<string, TypeDefinitionNode> {
  const features = featureNames(document);
  const types = new Map<string, TypeDefinitionNode>();
  for (const definition of document.definitions) {
    if (!('name' in definition) || definition.name === undefined) continue;
    if (features.some((feature) => definition.name?.value.startsWith(`${feature}__`))) continue;
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.UNION_TYPE_DEFINITION:
        types.set(definition.name.value, definition);
    }
  }
  return types;
}

function hideByTags(
  type: TypeDefinitionNode,
  { include, exclude = [] }: ContractTags,
  hidden: Set<string>,
): void {
  const name = type.name.value;
  const isExcluded = (node: Tagged) =>
    isInaccessible(node) || tags(node).some((tag) => exclude.includes(tag));
  const isIncluded = (node: Tagged) =>
    include === undefined || tags(node).some((tag) => include.includes(tag));
  if (isExcluded(type)) hidden.add(name);
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) {
    for (const value of type.values ?? []) if (isExcluded(value)) hidden.add(`${name}.${value.name.value}`);
  }
  for (const field of fieldsOf(type)) {
    const coordinate = `${name}.${field.name.value}`;
    const needsTag = field.kind === Kind.FIELD_DEFINITION;
    if (isExcluded(field) || (needsTag && !isIncluded(field) && !isIncluded(type))) hidden.add(coordinate);
    for (const argument of argumentsOf(field)) {
      if (isExcluded(argument)) hidden.add(`${coordinate}(${argument.name.value}:)`);
    }
  }
}

function hideByContent(type: TypeDefinitionNode, hidden: Set<string>): void {
  const name = type.name.value;
  if (hidden.has(name)) return;
  for (const field of fieldsOf(type)) {
    const coordinate = `${name}.${field.name.value}`;
    const isOutput = field.kind === Kind.FIELD_DEFINITION;
    if (hidden.has(typeName(field.type)) && (isOutput || isOptional(field))) hidden.add(coordinate);
    for (const argument of argumentsOf(field)) {
      if (hidden.has(typeName(argument.type)) && isOptional(argument)) {
        hidden.add(`${coordinate}(${argument.name.value}:)`);
      }
    }
  }
  const content = contentOf(type);
  if (content?.every((coordinate) => hidden.has(coordinate))) hidden.add(name);
}

/** What a type is made of, by coordinate; undefined for scalars, which are made of nothing. */
function contentOf(type: TypeDefinitionNode): string[] | undefined {
  const name = type.name.value;
  if (type.kind === Kind.SCALAR_TYPE_DEFINITION) return undefined;
  if (type.kind === Kind.UNION_TYPE_DEFINITION) return (type.types ?? []).map((member) => member.name.value);
  const parts = type.kind === Kind.ENUM_TYPE_DEFINITION ? (type.values ?? []) : fieldsOf(type);
  return parts.map((part) => `${name}.${part.name.value}`);
}

function hideUnused(
  types: ReadonlyMap<string, TypeDefinitionNode>,
  roots: readonly string[],
  hidden: Set<string>,
): void {
  const used = new Set<string>();
  const use = (name: string): void => {
    const type = types.get(name);
    if (type === undefined || used.has(name)) return;
    used.add(name);
    if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) useFields(type);
  };
  const useFields = (type: TypeDefinitionNode): void => {
    for (const field of fieldsOf(type)) {
      const coordinate = `${type.name.value}.${field.name.value}`;
      if (hidden.has(coordinate)) continue;
      use(typeName(field.type));
      for (const argument of argumentsOf(field)) {
        if (!hidden.has(`${coordinate}(${argument.name.value}:)`)) use(typeName(argument.type));
      }
    }
  };
  roots.forEach(use);
  for (const type of types.values()) {
    if (isComposite(type) && !hidden.has(type.name.value)) useFields(type);
  }
  for (const [name, type] of types) if (!isComposite(type) && !used.has(name)) hidden.add(name);
}

function isComposite({ kind }: TypeDefinitionNode): boolean {
  return kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function fieldsOf(type: TypeDefinitionNode): readonly (FieldDefinitionNode | InputValueDefinitionNode)[] {
  return 'fields' in type ? (type.fields ?? []) : [];
}

function argumentsOf(
  field: FieldDefinitionNode | InputValueDefinitionNode,
): readonly InputValueDefinitionNode[] {
  return field.kind === Kind.FIELD_DEFINITION ? (field.arguments ?? []) : [];
}

function isOptional({ type, defaultValue }: InputValueDefinitionNode): boolean {
  return type.kind !== Kind.NON_NULL_TYPE || defaultValue !== undefined;
}

function isInaccessible({ directives = [] }: Tagged): boolean {
  return directives.some((directive) => directive.name.value === 'inaccessible');
}

function tags({ directives = [] }: Tagged): string[] {
  return directives
    .filter((directive) => directive.name.value === 'tag')
    .flatMap((directive) => stringArgument(directive, 'name') ?? []);
}

function typeName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : typeName(type.type);
}
