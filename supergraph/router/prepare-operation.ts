// Owns what is worked out once for an operation, before it is planned: its size, its fragments, its conditions.
import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from 'graphql';
import { checkOperation } from '../limits/operation/check-operation.ts';
import { type OperationLimits, operationLimits } from '../limits/operation/operation-limits.ts';
import type { ClientOperation } from '../planner/canonical/canonical-operation.ts';
import { conditionVariables } from '../planner/canonical/conditions.ts';

export interface PreparedOperation extends ClientOperation {
  /** The variables that its `@skip` and `@include` read. */
  conditions: readonly string[];
  /** Characters of its text. */
  size: number;
  /** Selections, once its fragments are written out. */
  selections: number;
  /** Whether it asks for `__schema` or `__type`. */
  readsSchema: boolean;
}

/** The document must be valid. Throws an error of the table when the operation exceeds a limit; the usual ones unless told. */
export function prepareOperation(
  document: DocumentNode,
  definition: OperationDefinitionNode,
  limits: OperationLimits = operationLimits(),
): PreparedOperation {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const operation = { definition, fragments };
  const { selections, introspectionDepth } = checkOperation(operation, limits);
  return {
    ...operation,
    conditions: conditionVariables(operation),
    size: document.loc?.end ?? 0,
    selections,
    readsSchema: introspectionDepth > 0,
  };
}
