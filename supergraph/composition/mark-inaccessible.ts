// Owns writing @inaccessible into a supergraph; what is marked is gone for clients and stays there for the planner.
import {
  type ASTNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import { linkedNames } from '../foundation/linked-names.ts';

const spec = parse(
  `schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`,
  { noLocation: true },
);

/** A copy in which all given coordinates are @inaccessible, together with the link and definition this needs. */
export function markInaccessible(document: DocumentNode, coordinates: ReadonlySet<string>): DocumentNode {
  if (coordinates.size === 0) return document;
  const own = ownName(document);
  const mark: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: own ?? 'inaccessible' },
  };
  const path: string[] = [];
  const marked = visit(document, {
    // The arguments of directives are no elements of the graph.
    DirectiveDefinition: () => false,
    enter(node) {
      if (isElement(node)) path.push(node.name.value);
    },
    leave(node) {
      if (!isElement(node)) return undefined;
      const coordinate = coordinateOf(path);
      path.pop();
      const { directives = [] } = node;
      const isMarked = directives.some(({ name }) => name.value === mark.name.value);
      return coordinates.has(coordinate) && !isMarked
        ? { ...node, directives: [...directives, mark] }
        : undefined;
    },
  });
  return own === undefined ? withSpec(marked) : marked;
}

/** What this supergraph calls the directive already: subgraphs may have given it another name. */
function ownName(document: DocumentNode): string | undefined {
  const names = linkedNames(document, 'inaccessible');
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.DIRECTIVE_DEFINITION && names.has(definition.name.value)
      ? definition.name.value
      : [],
  )[0];
}

type Element = TypeDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

function isElement(node: ASTNode): node is Element {
  return (
    isTypeDefinitionNode(node) ||
    node.kind === Kind.FIELD_DEFINITION ||
    node.kind === Kind.INPUT_VALUE_DEFINITION ||
    node.kind === Kind.ENUM_VALUE_DEFINITION
  );
}

function coordinateOf([type, part, argument]: readonly string[]): string {
  if (part === undefined) return type ?? '';
  return argument === undefined ? `${type}.${part}` : `${type}.${part}(${argument}:)`;
}

function withSpec(document: DocumentNode): DocumentNode {
  const [schema, directive] = spec.definitions;
  const definitions = document.definitions.map((definition): DefinitionNode => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION || schema?.kind !== Kind.SCHEMA_DEFINITION)
      return definition;
    return { ...definition, directives: [...(definition.directives ?? []), ...(schema.directives ?? [])] };
  });
  return { ...document, definitions: directive === undefined ? definitions : [...definitions, directive] };
}
