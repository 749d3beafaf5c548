// Owns how deep an operation is when all its fragments are written out: whoever walks through it needs that much stack.
import type { SelectionSetNode } from 'graphql';
import type { ClientOperation } from './canonical-operation.ts';

/** Selections within each other, of which fragments are some; each fragment is looked at once. */
export function countLevels({ definition, fragments }: ClientOperation): number {
  const known = new Map<string, number>();

  function ofFragment(name: string): number {
    const levels = known.get(name);
    if (levels !== undefined) return levels;
    // A fragment inside of itself is not valid; until validation says so it has no levels.
    known.set(name, 0);
    const fragment = fragments.get(name);
    const total = fragment ? of(fragment.selectionSet) : 0;
    known.set(name, total);
    return total;
  }

  function of({ selections }: SelectionSetNode): number {
    let deepest = 0;
    for (const selection of selections) {
      if (selection.kind === 'FragmentSpread') deepest = Math.max(deepest, ofFragment(selection.name.value));
      else if (selection.selectionSet) deepest = Math.max(deepest, of(selection.selectionSet));
    }
    return deepest + 1;
  }

  return of(definition.selectionSet);
}
