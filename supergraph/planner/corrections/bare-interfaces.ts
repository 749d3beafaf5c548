// Owns interfaces that a subgraph has without a type that implements them: for fields that it does not know of one, the
// planner asks it nothing at all, so that what it could say, that there is no such object, is lost.
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { SupergraphTypes } from './supergraph-types.ts';

/** Asks for the type of each object that is of such an interface. `schema` is what clients see. */
export function askTypesOfBare(
  document: DocumentNode,
  schema: GraphQLSchema,
  { bareInterfaces }: SupergraphTypes,
): DocumentNode {
  if (bareInterfaces.size === 0) return document;
  const typeInfo = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      SelectionSet(set) {
        const type = getNamedType(typeInfo.getParentType());
        if (!type || !bareInterfaces.has(type.name) || set.selections.some(isTypeName)) return undefined;
        return { ...set, selections: [typeName, ...set.selections] };
      },
    }),
  );
}

const typeName = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;

function isTypeName(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === '__typename';
}
