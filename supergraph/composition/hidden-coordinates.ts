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
import { linkedNames } from '../foundation/linked-names.ts';
import { stringArgument } from '../foundation/supergraph-facts.ts';
import { featureNames } from './feature-names.ts';

interface Tagged {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** Why something is hidden, by its coordinate; each reason ends a sentence that begins "It is hidden because". */
export type HiddenCoordinates = ReadonlyMap<string, string>;

/** Subgraphs may have given these directives other names. */
interface Names {
  tag: ReadonlySet<string>;
  inaccessible: ReadonlySet<string>;
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
export function hiddenCoordinates(document: DocumentNode, contract: ContractTags): HiddenCoordinates {
  const types = clientTypes(document);
  const names = { tag: linkedNames(document, 'tag'), inaccessible: linkedNames(document, 'inaccessible') };
  const hidden = new Hidden();
  for (const type of types.values()) hideByTags(type, contract, names, hidden);
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

/** The first reason is kept: what comes later follows from it. */
class Hidden extends Map<string, string> {
  add(coordinate: string, reason: string): void {
    if (!this.has(coordinate)) this.set(coordinate, reason);
  }
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

function hideByTags(type: TypeDefinitionNode, contract: ContractTags, names: Names, hidden: Hidden): void {
  const { include, exclude = [] } = contract;
  const name = type.name.value;
  const tags = (node: Tagged) => tagsOf(node, names);
  const hide = (coordinate: string, node: Tagged): boolean => {
    const excluded = tags(node).find((tag) => exclude.includes(tag));
    if (isInaccessible(node, names)) hidden.add(coordinate, 'a subgraph marks it @inaccessible');
    else if (excluded !== undefined) hidden.add(coordinate, `it carries the excluded tag "${excluded}"`);
    return hidden.has(coordinate);
  };
  const isIncluded = (node: Tagged) =>
    include === undefined || tags(node).some((tag) => include.includes(tag));
  hide(name, type);
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) {
    for (const value of type.values ?? []) hide(`${name}.${value.name.value}`, value);
  }
  for (const field of fieldsOf(type)) {
    const coordinate = `${name}.${field.name.value}`;
    const needsTag = field.kind === Kind.FIELD_DEFINITION;
    if (!hide(coordinate, field) && needsTag && !isIncluded(field) && !isIncluded(type)) {
      hidden.add(coordinate, `neither it nor its type carries an included tag (${include?.join(', ')})`);
    }
    for (const argument of argumentsOf(field)) hide(`${coordinate}(${argument.name.value}:)`, argument);
  }
}

function hideByContent(type: TypeDefinitionNode, hidden: Hidden): void {
  const name = type.name.value;
  if (hidden.has(name)) return;
  for (const field of fieldsOf(type)) {
    const coordinate = `${name}.${field.name.value}`;
    const isOutput = field.kind === Kind.FIELD_DEFINITION;
    const needed = typeName(field.type);
    if (hidden.has(needed) && (isOutput || isOptional(field))) hidden.add(coordinate, isOfType(needed));
    for (const argument of argumentsOf(field)) {
      const given = typeName(argument.type);
      if (!hidden.has(given) || !isOptional(argument)) continue;
      hidden.add(`${coordinate}(${argument.name.value}:)`, isOfType(given));
    }
  }
  const content = contentOf(type);
  if (content?.every((coordinate) => hidden.has(coordinate))) hidden.add(name, 'nothing in it is visible');
}

function isOfType(name: string): string {
  return `it is of the hidden type "${name}"`;
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
  hidden: Hidden,
): void {
  const used = new Set<string>();
  const use = (name: string): void => {
    const type = types.get(name);
    if (type === undefined || used.has(name) || hidden.has(name)) return;
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
  for (const [name, type] of types) {
    if (!isComposite(type) && !used.has(name)) hidden.add(name, 'nothing that is visible uses it');
  }
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

function isInaccessible({ directives = [] }: Tagged, { inaccessible }: Names): boolean {
  return directives.some((directive) => inaccessible.has(directive.name.value));
}

function tagsOf({ directives = [] }: Tagged, { tag }: Names): string[] {
  return directives
    .filter((directive) => tag.has(directive.name.value))
    .flatMap((directive) => stringArgument(directive, 'name') ?? []);
}

function typeName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : typeName(type.type);
}
