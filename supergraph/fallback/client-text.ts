// Owns the GraphQL text of what a client selects of a field, in the client's own response names.
import { getNamedType, isEnumType } from 'graphql';
import type { ApplicableField } from '../executor/projection/applicable-fields.ts';
import { type CanonicalSelection, isHidden } from '../planner/canonical/canonical-selection.ts';

type Selected = Pick<ApplicableField, 'inner'>;

/**
 * With its braces, and variables under canonical names; empty for a leaf. Introspection cannot be below a field, and what is
 * denied there cannot be said again: see isDeniedBelow.
 */
export function selectionText({ inner }: Selected): string {
  const selections = inner.flat();
  return selections.length === 0 ? '' : braced(selections);
}

function braced(selections: readonly CanonicalSelection[]): string {
  // What the router needs beside is its own matter, each time.
  const texts = selections.flatMap((one) => (isHidden(one) ? [] : textOf(one)));
  return `{${texts.join(' ') || '__typename'}}`;
}

function textOf(selection: CanonicalSelection): string {
  const inner = selection.selections ? braced(selection.selections) : '';
  if (selection.kind === 'fragment') return `...on ${selection.type.name}${inner}`;
  const { responseName, fieldName, call } = selection;
  return responseName === fieldName ? `${call}${inner}` : `${responseName}:${call}${inner}`;
}

/** Whether the viewer may not have something of it. */
export function isDeniedBelow({ inner }: Selected): boolean {
  const isDenied = (selection: CanonicalSelection): boolean =>
    (selection.kind === 'field' && selection.denied !== undefined) ||
    (selection.selections ?? []).some(isDenied);
  return inner.flat().some(isDenied);
}

/** What the values of a selection look like: where that changes, what was remembered is not for it. */
export function shapeText({ field, inner }: ApplicableField): string {
  return [field, ...inner.flat()]
    .filter((one) => !isHidden(one))
    .map(shapeOf)
    .join();
}

function shapeOf(selection: CanonicalSelection): string {
  const inner = (selection.selections ?? []).map(shapeOf).join();
  if (selection.kind === 'fragment') return `${selection.type.name}(${inner})`;
  const named = getNamedType(selection.type);
  const values = isEnumType(named) ? named.getValues().map(({ name }) => name) : [];
  return `${String(selection.type)}${values.join('|')}(${inner})`;
}

/** Names of the variables in a text, without their `$`, each once. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\$(v\d+)\b/g)].map(([, name]) => String(name)))];
}
