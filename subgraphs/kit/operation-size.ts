// Owns the bound on what one operation may make a subgraph answer: ten nested pages of 100 would be more than memory.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Items of lists in one answer, counted before it is made. */
const MOST_ITEMS = 100_000;
/** For a list whose length no argument tells. */
const USUAL_LENGTH = 5;
const DEFAULT_PAGE = 20;

interface Walk {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
  /** Fragments may be spread again and again: each is counted once. */
  sizes: Map<string, number>;
}

/**
 * Throws GraphQLError BAD_USER_INPUT when the operation asks for more than 100,000 items: the lengths of nested lists
 * multiplied, as `first`, the number of representations, or a usual length says. An estimate from above; limits by cost
 * are the router's business.
 */
export function refuseLargeOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
  variables: Readonly<Record<string, unknown>>,
): void {
  const root = schema.getRootType(operation.operation);
  if (!root) return;
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  const size = sizeOf(operation.selectionSet, root, {
    schema,
    fragments: byName,
    variables,
    sizes: new Map(),
  });
  if (size <= MOST_ITEMS) return;
  const told = size > 1e9 ? 'more than a billion' : size.toLocaleString('en');
  throw new GraphQLError(
    `This asks for up to ${told} items at once; ask for at most ${MOST_ITEMS.toLocaleString('en')}, with smaller pages.`,
    { extensions: { code: 'BAD_USER_INPUT' } },
  );
}

function sizeOf(selections: SelectionSetNode, parent: GraphQLOutputType, walk: Walk): number {
  let size = 0;
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) {
      size += sizeOfField(selection, parent, walk);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition && walk.schema.getType(selection.typeCondition.name.value);
      size += sizeOf(selection.selectionSet, isCompositeType(type) ? type : parent, walk);
    } else {
      size += sizeOfFragment(selection.name.value, walk);
    }
  }
  return size;
}

function sizeOfFragment(name: string, walk: Walk): number {
  const known = walk.sizes.get(name);
  if (known !== undefined) return known;
  const fragment = walk.fragments.get(name);
  const type = fragment && walk.schema.getType(fragment.typeCondition.name.value);
  const size = fragment && isCompositeType(type) ? sizeOf(fragment.selectionSet, type, walk) : 0;
  walk.sizes.set(name, size);
  return size;
}

function sizeOfField(node: FieldNode, parent: GraphQLOutputType, walk: Walk): number {
  if (!node.selectionSet || !(isObjectType(parent) || isInterfaceType(parent))) return 0;
  const field: GraphQLField<unknown, unknown> | undefined = parent.getFields()[node.name.value];
  if (!field) return 0;
  const inner = sizeOf(node.selectionSet, getNamedType(field.type), walk);
  const length = lengthOf(node, field, walk);
  return length === undefined ? inner : length * (1 + inner);
}

/** How many items the field brings; undefined when it is no list of its own. */
function lengthOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  { variables }: Walk,
): number | undefined {
  if (field.name === '_entities') {
    const { representations } = variables;
    return Array.isArray(representations) ? representations.length : USUAL_LENGTH;
  }
  const isPaged = field.args.some(({ name }) => name === 'first');
  if (isPaged) return pageLength(node, field, variables);
  // The edges of a connection are as many as its `first` has said.
  return isListType(getNullableType(field.type)) && field.name !== 'edges' ? USUAL_LENGTH : undefined;
}

function pageLength(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: Readonly<Record<string, unknown>>,
): number {
  const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  const given =
    value?.kind === Kind.VARIABLE
      ? variables[value.name.value]
      : value && 'value' in value
        ? value.value
        : null;
  const usual: unknown = field.args.find(({ name }) => name === 'first')?.defaultValue;
  const first = Number(given ?? usual ?? DEFAULT_PAGE);
  // What is out of range is refused by the field itself.
  return Number.isFinite(first) ? Math.min(Math.max(first, 1), 100) : DEFAULT_PAGE;
}
