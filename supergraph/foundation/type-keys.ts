// Owns by which keys a supergraph's entities are told apart.
import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { stringArgument } from './supergraph-facts.ts';

/** By type, of all subgraphs; what is no entity is not in it. */
export function typeKeys(supergraph: DocumentNode): ReadonlyMap<string, readonly SelectionSetNode[]> {
  const keys = new Map<string, readonly SelectionSetNode[]>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    const texts = (definition.directives ?? [])
      .filter(({ name }) => name.value === 'join__type')
      .flatMap((join) => stringArgument(join, 'key') ?? []);
    if (texts.length > 0) keys.set(definition.name.value, [...new Set(texts)].flatMap(selectionIn));
  }
  return keys;
}

function selectionIn(key: string): SelectionSetNode[] {
  const [definition] = parse(`{${key}}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? [definition.selectionSet] : [];
}
