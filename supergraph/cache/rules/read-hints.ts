// Owns reading what a supergraph says of how long its types and fields may be kept: @cacheControl, whatever it is called there.
import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { linkedNames } from '../../foundation/linked-names.ts';
import type { Hint } from './resolved-rule.ts';

/** By type (`Product`) and coordinate (`Product.price`). */
export type Hints = ReadonlyMap<string, Hint>;

export function readHints(document: DocumentNode): Hints {
  // Whoever's spec it is from: a hint can only make a rule stricter, so one too many does no harm.
  const names = linkedNames(document, 'cacheControl', '');
  const hints = new Map<string, Hint>();
  const read = (coordinate: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) {
      if (!names.has(directive.name.value)) continue;
      const hint = hintIn(directive);
      const known = hints.get(coordinate);
      hints.set(coordinate, known === undefined ? hint : both(known, hint));
    }
  };
  for (const definition of document.definitions) {
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INTERFACE_TYPE_DEFINITION &&
      definition.kind !== Kind.UNION_TYPE_DEFINITION
    )
      continue;
    const type = definition.name.value;
    read(type, definition.directives);
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) read(`${type}.${field.name.value}`, field.directives);
  }
  return hints;
}

/** What it says in a form that cannot be read is taken for the strictest. */
function hintIn(directive: ConstDirectiveNode): Hint {
  const argumentOf = (name: string) =>
    directive.arguments?.find((argument) => argument.name.value === name)?.value;
  const maxAge = argumentOf('maxAge');
  const scope = argumentOf('scope');
  const isSaid = maxAge !== undefined && maxAge.kind !== Kind.NULL;
  return {
    maxAge: isSaid ? (maxAge.kind === Kind.INT ? Math.max(0, Number(maxAge.value)) * 1000 : 0) : undefined,
    isPrivate:
      scope !== undefined &&
      scope.kind !== Kind.NULL &&
      !(scope.kind === Kind.ENUM && scope.value === 'PUBLIC'),
  };
}

function both(one: Hint, other: Hint): Hint {
  const times = [one.maxAge, other.maxAge].filter((time) => time !== undefined);
  return {
    maxAge: times.length === 0 ? undefined : Math.min(...times),
    isPrivate: one.isPrivate || other.isPrivate,
  };
}
