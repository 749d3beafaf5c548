// Owns which keys an answer of a subgraph may have, as its document asks for them; everything else in it is ignored.
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import type { Rewrite } from '../planner/plan.ts';

/** Shapes by response name; null for leaves. Type conditions are left out: what one type has is no harm to another. */
export type FetchShape = Map<string, FetchShape | null>;

export function shapeOf(document: DocumentNode): FetchShape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionSetNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
    else if (definition.kind === 'OperationDefinition') root = definition.selectionSet;
  }
  const shape: FetchShape = new Map();
  if (root) addSelections(root, shape, fragments);
  return shape;
}

function addSelections(
  { selections }: SelectionSetNode,
  shape: FetchShape,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): void {
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = (selection.alias ?? selection.name).value;
      const inner = shape.get(name) ?? (selection.selectionSet ? new Map() : null);
      shape.set(name, inner);
      if (selection.selectionSet && inner) addSelections(selection.selectionSet, inner, fragments);
    } else {
      const fragment = selection.kind === 'InlineFragment' ? selection : fragments.get(selection.name.value);
      if (fragment) addSelections(fragment.selectionSet, shape, fragments);
    }
  }
}

/** The shape of an answer once the rewrites were applied to it. */
export function rewrittenShape(shape: FetchShape, rewrites: readonly Rewrite[] | undefined): FetchShape {
  let result = shape;
  for (const rewrite of rewrites ?? []) {
    const path = rewrite.path.filter((step) => !step.startsWith('... on '));
    result = changed(result, path, rewrite);
  }
  return result;
}

function changed(shape: FetchShape, [step, ...rest]: string[], rewrite: Rewrite): FetchShape {
  const inner = step === undefined ? undefined : shape.get(step);
  if (step === undefined || inner === undefined) return shape;
  const copy: FetchShape = new Map(shape);
  if (rest.length > 0) {
    if (inner) copy.set(step, changed(inner, rest, rewrite));
  } else if (rewrite.kind === 'rename') {
    copy.delete(step);
    copy.set(rewrite.to, joined(copy.get(rewrite.to), inner));
  }
  return copy;
}

function joined(one: FetchShape | null | undefined, other: FetchShape | null): FetchShape | null {
  if (!one || !other) return one ?? other;
  const both: FetchShape = new Map(one);
  for (const [name, shape] of other) both.set(name, joined(both.get(name), shape));
  return both;
}
