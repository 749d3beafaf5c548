// Owns refusing values of variables that are too long or too deep, before they are read by what the schema says of them.
import type { OperationDefinitionNode } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import type { OperationLimits } from './operation-limits.ts';

/** Throws LIST_LIMIT_EXCEEDED or VARIABLE_DEPTH_LIMIT_EXCEEDED. What the operation does not declare is read by nobody. */
export function checkVariables(
  { variableDefinitions }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  limits: Pick<OperationLimits, 'listItems' | 'variableDepth'>,
): void {
  if (variableDefinitions === undefined) return;
  for (const { variable } of variableDefinitions) {
    const name = variable.name.value;
    const value = given[name];
    if (typeof value === 'object' && value !== null) check(value, name, 1);
  }

  function check(value: object, name: string, depth: number): void {
    if (depth > limits.variableDepth) {
      throw clientError('VARIABLE_DEPTH_LIMIT_EXCEEDED', {
        reason: `The variable "$${name}" has more than ${limits.variableDepth} objects and lists within each other.`,
      });
    }
    if (Array.isArray(value) && value.length > limits.listItems) {
      throw clientError('LIST_LIMIT_EXCEEDED', {
        reason: `A list in the variable "$${name}" has more than ${limits.listItems} items.`,
      });
    }
    for (const inner of Array.isArray(value) ? value : Object.values(value)) {
      if (typeof inner === 'object' && inner !== null) check(inner, name, depth + 1);
    }
  }
}
