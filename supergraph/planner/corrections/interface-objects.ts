// Owns putting right what the planner gets wrong about @interfaceObject: types that a subgraph knows by an interface alone.
import {
  type DocumentNode,
  type FieldNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';
import type { FetchNode, PlanNode, QueryPlan } from '../plan.ts';
import { join } from '../translate-plan.ts';
import type { SupergraphTypes } from './supergraph-types.ts';

/**
 * A field that a subgraph adds to an interface and that requires something, asked of one implementation alone, is
 * asked of all: the planner would ask all for it, but fetch what it requires for that one only.
 */
export function widenRequiring(document: DocumentNode, types: SupergraphTypes): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) => {
      const root = definition.kind === Kind.OPERATION_DEFINITION && types.rootType(definition.operation);
      if (definition.kind !== Kind.OPERATION_DEFINITION || !root) return definition;
      return { ...definition, selectionSet: widenObject(definition.selectionSet, root, types) };
    }),
  };
}

function widenObject(set: SelectionSetNode, type: string, types: SupergraphTypes): SelectionSetNode {
  const widened = new Map<string, FieldNode[]>();
  const kept = widen(set, { declared: type, narrowed: type }, types, widened);
  const fragments = [...widened].map(([condition, fields]) => fragmentOn(condition, fields));
  return { ...set, selections: [...kept, ...fragments] };
}

function widen(
  set: SelectionSetNode,
  { declared, narrowed }: { declared: string; narrowed: string },
  types: SupergraphTypes,
  widened: Map<string, FieldNode[]>,
): SelectionNode[] {
  return set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value ?? narrowed;
      const inner = widen(selection.selectionSet, { declared, narrowed: condition }, types, widened);
      // Which objects these are must still be found out.
      const selections = inner.length > 0 ? inner : [field('__typename')];
      return [{ ...selection, selectionSet: { ...selection.selectionSet, selections } }];
    }
    const name = selection.name.value;
    const inner = types.fieldType(narrowed, name, undefined);
    const whole =
      selection.selectionSet && inner
        ? { ...selection, selectionSet: widenObject(selection.selectionSet, inner, types) }
        : selection;
    const owner = narrowed === declared ? undefined : types.requiringInterface(narrowed, name);
    if (owner === undefined) return [whole];
    widened.set(owner, [...(widened.get(owner) ?? []), whole]);
    return [];
  });
}

/**
 * The name that a subgraph knows an interface object by is no type's name: it must not take the place of the real one,
 * which whoever asks for an entity has already.
 */
export function withoutInterfaceNames(plan: QueryPlan, types: SupergraphTypes): QueryPlan {
  const node = plan.node && withoutNames(plan.node, types);
  return node === undefined ? {} : { node };
}

function withoutNames(node: PlanNode, types: SupergraphTypes): PlanNode | undefined {
  if (node.kind !== 'fetch') {
    return join(
      node.kind,
      node.nodes.flatMap((inner) => withoutNames(inner, types) ?? []),
    );
  }
  const names = types.interfaceObjects.get(node.subgraph);
  return names && node.requires && node.document.includes('__typename') ? withoutTopNames(node, names) : node;
}

function withoutTopNames(fetch: FetchNode, names: ReadonlySet<string>): FetchNode | undefined {
  const [operation] = parse(fetch.document, { noLocation: true }).definitions;
  const [entities] = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
  if (operation?.kind !== Kind.OPERATION_DEFINITION || entities?.kind !== Kind.FIELD) return fetch;
  const before = entities.selectionSet?.selections ?? [];
  const after = before.flatMap((selection) => {
    if (selection.kind !== Kind.INLINE_FRAGMENT || !names.has(selection.typeCondition?.name.value ?? '')) {
      return [selection];
    }
    const selections = selection.selectionSet.selections.filter(
      (inner) => inner.kind !== Kind.FIELD || inner.name.value !== '__typename',
    );
    return selections.length > 0 ? [{ ...selection, selectionSet: selectionSet(selections) }] : [];
  });
  if (after.length === 0) return undefined;
  const document: OperationDefinitionNode = {
    ...operation,
    selectionSet: selectionSet([{ ...entities, selectionSet: selectionSet(after) }]),
  };
  return { ...fetch, document: stripIgnoredCharacters(print(document)) };
}

function selectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

function fragmentOn(condition: string, fields: readonly FieldNode[]): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: condition } },
    selectionSet: selectionSet(fields),
  };
}

function field(name: string): FieldNode {
  return { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } };
}
