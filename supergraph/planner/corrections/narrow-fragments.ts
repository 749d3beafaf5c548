// Owns writing fragments on abstract types as fragments on objects, where a subgraph knows an interface as an object: from
// such an object the planner finds a way to each implementation, but none to another interface or to a union.
import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { SupergraphTypes } from './supergraph-types.ts';

/** The same document when no subgraph knows an interface as an object. `schema` is what clients see. */
export function narrowFragments(
  document: DocumentNode,
  schema: GraphQLSchema,
  types: SupergraphTypes,
): DocumentNode {
  const interfaceObjects = new Set([...types.interfaceObjects.values()].flatMap((names) => [...names]));
  if (interfaceObjects.size === 0) return document;
  const narrowing = new Narrowing(schema, interfaceObjects);
  return {
    ...document,
    definitions: document.definitions.map((definition) => {
      const root = definition.kind === Kind.OPERATION_DEFINITION && schema.getRootType(definition.operation);
      if (definition.kind !== Kind.OPERATION_DEFINITION || !root) return definition;
      return { ...definition, selectionSet: narrowing.object(definition.selectionSet, root) };
    }),
  };
}

/** What is known of the objects that a selection is for. */
interface Place {
  type: GraphQLCompositeType;
  /** What they can be, after all the conditions around. */
  possible: readonly GraphQLObjectType[];
  /** Whether a subgraph can answer them without knowing their types. */
  isVague: boolean;
}

class Narrowing {
  private readonly schema: GraphQLSchema;
  private readonly interfaceObjects: ReadonlySet<string>;

  constructor(schema: GraphQLSchema, interfaceObjects: ReadonlySet<string>) {
    this.schema = schema;
    this.interfaceObjects = interfaceObjects;
  }

  object(set: SelectionSetNode, type: GraphQLCompositeType): SelectionSetNode {
    const selections = this.within(set, { type, possible: this.possible(type), isVague: this.isVague(type) });
    return selectionSet(selections);
  }

  private within(set: SelectionSetNode, place: Place): SelectionNode[] {
    return set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return this.fragment(selection, place);
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return [selection];
      const field = isObjectType(place.type) || isInterfaceType(place.type) ? place.type.getFields() : {};
      const type = getNamedType(field[selection.name.value]?.type);
      if (!isCompositeType(type)) return [selection];
      return [{ ...selection, selectionSet: this.object(selection.selectionSet, type) }];
    });
  }

  private fragment(fragment: InlineFragmentNode, place: Place): SelectionNode[] {
    const condition = this.schema.getType(fragment.typeCondition?.name.value ?? '');
    if (!isCompositeType(condition)) return [fragment];
    const within = this.possible(condition);
    const possible = place.possible.filter((type) => within.includes(type));
    // The type of a field can be narrower in an object than where the condition was written.
    if (possible.length === 0) return [];
    if (isObjectType(place.type)) return this.within(fragment.selectionSet, place);
    if (!place.isVague || !isAbstractType(condition)) {
      const selections = this.within(fragment.selectionSet, { ...place, type: condition, possible });
      return [{ ...fragment, selectionSet: selectionSet(selections) }];
    }
    return possible.map((type) =>
      fragmentOn(type, this.within(fragment.selectionSet, { ...place, type, possible: [type] })),
    );
  }

  private isVague(type: GraphQLCompositeType): boolean {
    if (!isInterfaceType(type)) return false;
    const narrower = this.schema.getImplementations(type).interfaces;
    return [type, ...narrower].some(({ name }) => this.interfaceObjects.has(name));
  }

  private possible(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
  }
}

function fragmentOn(type: GraphQLObjectType, selections: readonly SelectionNode[]): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
    selectionSet: selectionSet(selections),
  };
}

/** Of an object that nothing is asked of, its type must still be found out. */
function selectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  const typeName = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
  return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [typeName] };
}
