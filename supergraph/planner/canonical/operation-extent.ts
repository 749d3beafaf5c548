// Owns how large and how deep an operation is when all its fragments are written out: few bytes can stand for very much.
import type { SelectionSetNode } from 'graphql';
import type { ClientOperation } from './canonical-operation.ts';

export interface Extent {
  /** Fields and fragments. */
  selections: number;
  /** Selections within each other, of which fragments are some: whoever walks through needs that much stack. */
  levels: number;
}

/** Nobody looks further down: the stack ends somewhere. */
const deepest = 1_000;

/** Each fragment is looked at once, so the time is that of the text. Levels beyond 1,000 are counted as endless. */
export function operationExtent({ definition, fragments }: ClientOperation): Extent {
  const known = new Map<string, Extent>();

  function ofFragment(name: string, depth: number): Extent {
    const extent = known.get(name);
    if (extent !== undefined) return extent;
    // A fragment inside of itself is not valid; until validation says so it counts as nothing.
    known.set(name, { selections: 0, levels: 0 });
    const fragment = fragments.get(name);
    const total = fragment ? of(fragment.selectionSet, depth) : { selections: 0, levels: 0 };
    known.set(name, total);
    return total;
  }

  function of({ selections }: SelectionSetNode, depth: number): Extent {
    if (depth > deepest) return { selections: 0, levels: Number.POSITIVE_INFINITY };
    const extent = { selections: selections.length, levels: 0 };
    for (const selection of selections) {
      const inner =
        selection.kind === 'FragmentSpread'
          ? ofFragment(selection.name.value, depth + 1)
          : selection.selectionSet && of(selection.selectionSet, depth + 1);
      if (inner === undefined) continue;
      extent.selections += inner.selections;
      extent.levels = Math.max(extent.levels, inner.levels);
    }
    extent.levels += 1;
    return extent;
  }

  return of(definition.selectionSet, 0);
}
