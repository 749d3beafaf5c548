// Owns how large an operation is when all its fragments are written out: few bytes can stand for very many selections.
import type { SelectionSetNode } from 'graphql';
import type { ClientOperation } from './canonical-operation.ts';

/** Fields and fragments once everything is expanded; each fragment is counted once, so the time is that of the text. */
export function countSelections({ definition, fragments }: ClientOperation): number {
  const known = new Map<string, number>();

  function ofFragment(name: string): number {
    const count = known.get(name);
    if (count !== undefined) return count;
    // A fragment inside of itself is not valid; until validation says so it counts as nothing.
    known.set(name, 0);
    const fragment = fragments.get(name);
    const total = fragment ? of(fragment.selectionSet) : 0;
    known.set(name, total);
    return total;
  }

  function of({ selections }: SelectionSetNode): number {
    let count = 0;
    for (const selection of selections) {
      count += 1;
      if (selection.kind === 'FragmentSpread') count += ofFragment(selection.name.value);
      else if (selection.selectionSet) count += of(selection.selectionSet);
    }
    return count;
  }

  return of(definition.selectionSet);
}
