// Owns `@skip` and `@include`: which variables decide about an operation, and what they decide.
import { type DirectiveNode, visit } from 'graphql';
import type { ClientOperation } from './canonical-operation.ts';

const names = new Set(['skip', 'include']);

/** The variables that `@skip` and `@include` read anywhere in the operation, sorted. */
export function conditionVariables({ definition, fragments }: ClientOperation): string[] {
  const variables = new Set<string>();
  const read = {
    Directive({ name, arguments: given }: DirectiveNode) {
      const value = given?.[0]?.value;
      if (names.has(name.value) && value?.kind === 'Variable') variables.add(value.name.value);
    },
  };
  visit(definition, read);
  for (const fragment of fragments.values()) visit(fragment, read);
  return [...variables].sort();
}

/** Whether what carries these directives is selected. */
export function decide(
  directives: readonly DirectiveNode[] | undefined,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  for (const { name, arguments: given } of directives ?? []) {
    if (!names.has(name.value)) continue;
    const value = given?.[0]?.value;
    const holds =
      value?.kind === 'Variable'
        ? variables[value.name.value] === true
        : value?.kind === 'BooleanValue' && value.value;
    if (holds === (name.value === 'skip')) return false;
  }
  return true;
}

/** Directives of the client that subgraphs get to see. */
export function otherDirectives(directives: readonly DirectiveNode[] | undefined): DirectiveNode[] {
  return (directives ?? []).filter(({ name }) => !names.has(name.value));
}
