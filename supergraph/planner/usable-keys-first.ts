// Owns the order of a type's keys in the planner's copy of a supergraph.
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  isTypeDefinitionNode,
  Kind,
} from 'graphql';

/**
 * The planner takes the first key of a type in a subgraph for one by which that subgraph can be entered, even one with
 * `resolvable: false`: keys that can be used come first here.
 */
export function usableKeysFirst(document: DocumentNode): DocumentNode {
  return { ...document, definitions: document.definitions.map(withUsableKeysFirst) };
}

function withUsableKeysFirst(definition: DefinitionNode): DefinitionNode {
  if (!isTypeDefinitionNode(definition) || !definition.directives?.some(isUnusableKey)) return definition;
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
