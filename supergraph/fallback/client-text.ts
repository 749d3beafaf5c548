// Owns the GraphQL text of what a client selects of a field, in the client's own response names.
import type { ApplicableField } from '../executor/projection/applicable-fields.ts';
import type { CanonicalSelection } from '../planner/canonical/canonical-operation.ts';

/** With its braces, and variables under canonical names; empty for a leaf. Introspection cannot be below a field. */
export function selectionText({ inner }: Pick<ApplicableField, 'inner'>): string {
  const selections = inner.flat();
  return selections.length === 0 ? '' : `{${selections.map(textOf).join(' ')}}`;
}

function textOf(selection: CanonicalSelection): string {
  const inner = selection.selections ? `{${selection.selections.map(textOf).join(' ') || '__typename'}}` : '';
  if (selection.kind === 'fragment') return `...on ${selection.type.name}${inner}`;
  const { responseName, fieldName, call, isHidden } = selection;
  return isHidden || responseName === fieldName ? `${call}${inner}` : `${responseName}:${call}${inner}`;
}

/** Names of the variables in a text, without their `$`, each once. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\$(v\d+)\b/g)].map(([, name]) => String(name)))];
}
