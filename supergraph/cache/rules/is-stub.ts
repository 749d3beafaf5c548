// Owns whether a selection names an entity by a key and asks for nothing else of it.
import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import type { SchemaFacts } from './schema-facts.ts';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Of an object of this type: `__typename`, and fields of one of its keys at the most. */
export function isStub(
  facts: SchemaFacts,
  type: string,
  selectionSet: SelectionSetNode,
  fragments: Fragments,
): boolean {
  const fields = fieldsOf(facts, type, selectionSet, fragments);
  if (fields === undefined) return false;
  if (fields.length === 0) return true;
  return facts.keysOf(type).some((key) => isWithin(facts, type, fields, key, fragments));
}

function isWithin(
  facts: SchemaFacts,
  type: string,
  fields: readonly FieldNode[],
  key: SelectionSetNode,
  fragments: Fragments,
): boolean {
  // Where a key distinguishes between types (`... on Book { isbn }`) it counts for each as far as it is about it.
  const named = fieldsOf(facts, type, key, new Map()) ?? [];
  return fields.every(({ name, selectionSet }) => {
    const part = named.find((one) => one.name.value === name.value);
    if (part === undefined) return false;
    if (selectionSet === undefined || part.selectionSet === undefined) return true;
    const inner = part.selectionSet;
    const given = facts.givenBy(type, name.value) ?? '';
    return facts.possibleTypes(given).every((one) => {
      const below = fieldsOf(facts, one, selectionSet, fragments);
      return below !== undefined && isWithin(facts, one, below, inner, fragments);
    });
  });
}

/** What is asked of an object of this type, `__typename` left out; undefined when there is something that cannot be told. */
function fieldsOf(
  facts: SchemaFacts,
  type: string,
  { selections }: SelectionSetNode,
  fragments: Fragments,
): FieldNode[] | undefined {
  const fields: FieldNode[] = [];
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value !== '__typename') fields.push(selection);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (fragment === undefined) return undefined;
    const condition = fragment.typeCondition?.name.value ?? type;
    if (!facts.possibleTypes(condition).includes(type)) continue;
    const inner = fieldsOf(facts, type, fragment.selectionSet, fragments);
    if (inner === undefined) return undefined;
    fields.push(...inner);
  }
  return fields;
}
