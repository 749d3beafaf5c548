// Owns the order of a type's keys in the planner's copy of a supergraph.
import { type ConstDirectiveNode, type DefinitionNode, type DocumentNode, Kind } from 'graphql';
import { isSupergraphType } from './supergraph-types.ts';

/**
 * To come back to a subgraph with what a field requires, the planner sends the first key of the type there, even one
 * with `resolvable: false`: keys that can be used come first here.
 */
export function orderKeys(document: DocumentNode): DocumentNode {
  return { ...document, definitions: document.definitions.map(ordered) };
}

function ordered(definition: DefinitionNode): DefinitionNode {
  if (!isSupergraphType(definition) || !definition.directives?.some(isUnusableKey)) return definition;
  const { directives } = definition;
  const sorted = [
    ...directives.filter((directive) => !isUnusableKey(directive)),
    ...directives.filter(isUnusableKey),
  ];
  return { ...definition, directives: sorted };
}

function isUnusableKey({ name, arguments: given }: ConstDirectiveNode): boolean {
  const resolvable = given?.find((argument) => argument.name.value === 'resolvable')?.value;
  return name.value === 'join__type' && resolvable?.kind === Kind.BOOLEAN && !resolvable.value;
}
