// Owns how often an operation asks for fields that are counted: ten times under ten names is ten times.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export interface CountedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/** By coordinate; those that are not asked for are left out. */
export type FieldUses = ReadonlyMap<string, number>;

/**
 * Places in the operation's answer, whatever `@skip` and `@include` say; items of lists are one place. A field of an interface
 * counts for those who implement it, and theirs for the interface: which it will be is not known before it has run. The
 * document must be valid in the schema.
 */
export function fieldUses(
  schema: GraphQLSchema,
  coordinates: readonly string[],
  { document, operation }: CountedOperation,
): FieldUses {
  const byField = new Map<string, { type: GraphQLNamedType; coordinate: string }[]>();
  for (const coordinate of coordinates) {
    const [typeName = '', field = ''] = coordinate.split('.');
    const type = schema.getType(typeName);
    if (type) byField.set(field, [...(byField.get(field) ?? []), { type, coordinate }]);
  }
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const places = new Map<string, Set<string>>();

  function walk({ selections }: SelectionSetNode, parent: GraphQLNamedType, path: string): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        const type = fragment && schema.getType(fragment.typeCondition.name.value);
        if (type) walk(fragment.selectionSet, type, path);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition } = selection;
        const type = typeCondition ? schema.getType(typeCondition.name.value) : parent;
        if (type) walk(selection.selectionSet, type, path);
        continue;
      }
      const place = `${path}/${(selection.alias ?? selection.name).value}`;
      for (const { type, coordinate } of byField.get(selection.name.value) ?? []) {
        if (!mayBe(schema, type, parent)) continue;
        const found = places.get(coordinate) ?? new Set();
        places.set(coordinate, found.add(place));
      }
      const field =
        isObjectType(parent) || isInterfaceType(parent)
          ? parent.getFields()[selection.name.value]
          : undefined;
      const below = field && getNamedType(field.type);
      if (selection.selectionSet && isCompositeType(below)) walk(selection.selectionSet, below, place);
    }
  }

  const root = schema.getRootType(operation.operation);
  if (root && byField.size > 0) walk(operation.selectionSet, root, '');
  return new Map([...places].map(([coordinate, found]) => [coordinate, found.size]));
}

function mayBe(schema: GraphQLSchema, one: GraphQLNamedType, other: GraphQLNamedType): boolean {
  if (one === other) return true;
  const isBelow = (type: GraphQLNamedType, above: GraphQLNamedType): boolean =>
    isAbstractType(above) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(above, type);
  return isBelow(one, other) || isBelow(other, one);
}
