// Owns which elements of a schema an operation uses, by their coordinates, as far as its text shows.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Of one element: the reason of its deprecation, where it is deprecated. */
export type UsedElement = string | undefined;

export interface OperationCoordinates {
  /**
   * What its text names: `Type.field`, `Type.field(arg:)`, `Enum.VALUE`, `Input.field`, and `Type` where it is a condition
   * of a fragment, the type of a variable, or an input that is written out.
   */
  named: ReadonlyMap<string, UsedElement>;
  /** What the values of its variables may name: input fields, their types, and enum values. */
  possible: ReadonlyMap<string, UsedElement>;
}

/** The document must be valid in the schema. Introspection is not listed: it is there in every schema. */
export function operationCoordinates(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCoordinates {
  const named = new Map<string, UsedElement>();
  const possible = new Map<string, UsedElement>();
  const typeInfo = new TypeInfo(schema);
  const nameType = (type: GraphQLNamedType | null | undefined) => {
    if (type && !isSpecifiedScalarType(type)) named.set(type.name, undefined);
  };
  const visitor = visitWithTypeInfo(typeInfo, {
    Field() {
      const type = typeInfo.getParentType();
      const field = typeInfo.getFieldDef();
      if (!type || !field || isIntrospection(type.name) || isIntrospection(field.name)) return;
      named.set(`${type.name}.${field.name}`, field.deprecationReason ?? undefined);
    },
    Argument() {
      const type = typeInfo.getParentType();
      const field = typeInfo.getFieldDef();
      const argument = typeInfo.getArgument();
      if (typeInfo.getDirective() || !type || !field || !argument) return;
      if (isIntrospection(type.name) || isIntrospection(field.name)) return;
      named.set(`${type.name}.${field.name}(${argument.name}:)`, argument.deprecationReason ?? undefined);
    },
    ObjectValue() {
      const type = namedInput(typeInfo.getInputType());
      if (isInputObjectType(type)) nameType(type);
    },
    ObjectField({ name }) {
      const input = namedInput(typeInfo.getParentInputType());
      if (!isInputObjectType(input)) return;
      const field = input.getFields()[name.value];
      if (field) named.set(`${input.name}.${field.name}`, field.deprecationReason ?? undefined);
    },
    EnumValue() {
      const type = namedInput(typeInfo.getInputType());
      const value = typeInfo.getEnumValue();
      if (type && value) named.set(`${type.name}.${value.name}`, value.deprecationReason ?? undefined);
    },
    InlineFragment({ typeCondition }) {
      if (typeCondition) nameType(schema.getType(typeCondition.name.value));
    },
    FragmentDefinition({ typeCondition }) {
      nameType(schema.getType(typeCondition.name.value));
    },
    VariableDefinition({ type: node }) {
      const type = typeFromAST(schema, node);
      if (!isInputType(type)) return;
      nameType(getNamedType(type));
      addPossible(getNamedType(type), possible);
    },
  });
  visit(operation, visitor);
  for (const fragment of fragmentsOf(document, operation)) visit(fragment, visitor);
  return { named, possible };
}

/** All that a value of this type may hold, at any depth. */
function addPossible(type: GraphQLNamedType, possible: Map<string, UsedElement>): void {
  if (isEnumType(type)) {
    for (const value of type.getValues()) {
      possible.set(`${type.name}.${value.name}`, value.deprecationReason ?? undefined);
    }
  }
  if (!isInputObjectType(type)) return;
  possible.set(type.name, undefined);
  for (const field of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${field.name}`;
    // Inputs may hold themselves.
    if (possible.has(coordinate)) continue;
    possible.set(coordinate, field.deprecationReason ?? undefined);
    addPossible(getNamedType(field.type), possible);
  }
}

/** Those that the operation spreads, directly or through others. */
function fragmentsOf(document: DocumentNode, operation: OperationDefinitionNode): FragmentDefinitionNode[] {
  const all = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) all.set(node.name.value, node);
  }
  const spread = new Set<FragmentDefinitionNode>();
  const waiting: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = all.get(name.value);
        if (fragment === undefined || spread.has(fragment)) return;
        spread.add(fragment);
        waiting.push(fragment);
      },
    });
  }
  return [...spread];
}

function namedInput(type: GraphQLInputType | null | undefined): GraphQLNamedType | undefined {
  return type ? getNamedType(type) : undefined;
}

function isIntrospection(name: string): boolean {
  return name.startsWith('__');
}
