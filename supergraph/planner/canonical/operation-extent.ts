// Owns how large and how deep an operation is when all its fragments are written out: few bytes can stand for very much.
import type { DirectiveNode, FieldNode, SelectionNode, SelectionSetNode } from 'graphql';
import type { ClientOperation } from './canonical-operation.ts';
import { WrittenValues } from './written-values.ts';

export interface Extent extends Sums {
  /** Of the longest list that is written in it. */
  readonly listItems: number;
  /** Objects and lists within each other, of the deepest value that is written in it. */
  readonly valueDepth: number;
}

/** What fragments add to wherever they are used. */
interface Sums {
  /** Fields and fragments. */
  readonly selections: number;
  /** Selections within each other, of which fragments are some: whoever walks through needs that much stack. */
  readonly levels: number;
  /** Fields within each other, without what reads the schema. */
  readonly depth: number;
  /** The same for `__schema` and `__type`, which count themselves; 0 without them. */
  readonly introspectionDepth: number;
  /** Fields under another name than theirs. */
  readonly aliases: number;
  /** Those of `__schema` and `__type`, which count themselves, and of what is selected in them. */
  readonly introspectionAliases: number;
  /** Fields of the root type. */
  readonly rootFields: number;
}

/** Nobody looks further down: the stack ends somewhere. */
const deepest = 1_000;
const nothing: Sums = Object.freeze({
  selections: 0,
  levels: 0,
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  introspectionAliases: 0,
  rootFields: 0,
});
/** More than any limit. */
const tooDeep: Sums = Object.freeze({ ...nothing, levels: Number.POSITIVE_INFINITY });

/** Each fragment is looked at once, so the time is that of the text. Levels beyond 1,000 are counted as endless. */
export function operationExtent({ definition, fragments }: ClientOperation): Extent {
  const known = new Map<string, Sums>();
  const values = new WrittenValues();

  function ofFragment(name: string, level: number): Sums {
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    // A fragment inside of itself is not valid; until validation says so it counts as nothing.
    known.set(name, nothing);
    const fragment = fragments.get(name);
    if (fragment === undefined) return nothing;
    addDirectives(fragment.directives);
    const sums = of(fragment.selectionSet, level);
    known.set(name, sums);
    return sums;
  }

  function ofField({ alias, name, arguments: given, selectionSet }: FieldNode, level: number): Sums {
    values.addArguments(given);
    const inner = selectionSet ? of(selectionSet, level) : nothing;
    const isSchema = name.value === '__schema' || name.value === '__type';
    const aliases = inner.aliases + (alias !== undefined && alias.value !== name.value ? 1 : 0);
    return {
      selections: inner.selections,
      levels: inner.levels,
      depth: isSchema ? 0 : inner.depth + 1,
      introspectionDepth: isSchema ? inner.depth + 1 : inner.introspectionDepth,
      aliases,
      introspectionAliases: isSchema ? aliases : inner.introspectionAliases,
      rootFields: 1,
    };
  }

  function ofSelection(selection: SelectionNode, level: number): Sums {
    addDirectives(selection.directives);
    if (selection.kind === 'Field') return ofField(selection, level);
    if (selection.kind === 'FragmentSpread') return ofFragment(selection.name.value, level);
    return of(selection.selectionSet, level);
  }

  function of({ selections }: SelectionSetNode, level: number): Sums {
    if (level > deepest) return tooDeep;
    const sums = { ...nothing, selections: selections.length };
    for (const selection of selections) {
      const inner = ofSelection(selection, level + 1);
      sums.selections += inner.selections;
      sums.aliases += inner.aliases;
      sums.introspectionAliases += inner.introspectionAliases;
      sums.rootFields += inner.rootFields;
      sums.levels = Math.max(sums.levels, inner.levels);
      sums.depth = Math.max(sums.depth, inner.depth);
      sums.introspectionDepth = Math.max(sums.introspectionDepth, inner.introspectionDepth);
    }
    sums.levels += 1;
    return sums;
  }

  function addDirectives(directives: readonly DirectiveNode[] = []): void {
    for (const { arguments: given } of directives) values.addArguments(given);
  }

  for (const { defaultValue, directives } of definition.variableDefinitions ?? []) {
    if (defaultValue) values.add(defaultValue);
    addDirectives(directives);
  }
  addDirectives(definition.directives);
  const sums = of(definition.selectionSet, 0);
  return { ...sums, listItems: values.listItems, valueDepth: values.depth };
}
