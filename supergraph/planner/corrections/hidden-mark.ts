// Owns the mark that keeps what the planner alone needs out of the schema that clients see.
import { type ConstDirectiveNode, type DefinitionNode, type DocumentNode, Kind, parse } from 'graphql';
import { stringArgument } from '../../foundation/supergraph-facts.ts';

export const hiddenMark: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'inaccessible' },
};

const url = 'https://specs.apollo.dev/inaccessible/';
const spec = parse(
  `schema @link(url: "${url}v0.2", for: SECURITY) { query: Query }
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`,
  { noLocation: true },
);

/** A supergraph in which the mark is known, by its link and its definition. */
export function withHiddenMark(document: DocumentNode): DocumentNode {
  const isLinked = document.definitions.some(
    (definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION &&
      definition.directives?.some((link) => stringArgument(link, 'url')?.startsWith(url)),
  );
  if (isLinked) return document;
  const [schema, directive] = spec.definitions;
  const definitions = document.definitions.map((definition): DefinitionNode => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION || schema?.kind !== Kind.SCHEMA_DEFINITION)
      return definition;
    return { ...definition, directives: [...(definition.directives ?? []), ...(schema.directives ?? [])] };
  });
  return { ...document, definitions: directive === undefined ? definitions : [...definitions, directive] };
}
