// Owns what is worked out once for an operation, before it is planned: its size, its fragments, its conditions.
import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import type { ClientOperation } from '../planner/canonical/canonical-operation.ts';
import { conditionVariables } from '../planner/canonical/conditions.ts';
import { operationExtent } from '../planner/canonical/operation-extent.ts';

export interface PreparedOperation extends ClientOperation {
  /** The variables that its `@skip` and `@include` read. */
  conditions: readonly string[];
  /** Characters of its text. */
  size: number;
  /** Selections, once its fragments are written out. */
  selections: number;
}

/** One of each expanded selection costs planning time and memory; real pages stay far below. */
const maxSelections = 2000;
/** Some four times as many have used up the stack of a process that had just started. */
const maxLevels = 500;

/** The document must be valid. Throws OPERATION_TOO_LARGE when its fragments, written out, are more than is planned. */
export function prepareOperation(
  document: DocumentNode,
  definition: OperationDefinitionNode,
): PreparedOperation {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const operation = { definition, fragments };
  const { selections, levels } = operationExtent(operation);
  if (selections > maxSelections) {
    throw clientError('OPERATION_TOO_LARGE', {
      reason: `With all fragments written out the operation has more than ${maxSelections} selections.`,
    });
  }
  if (levels > maxLevels) {
    throw clientError('OPERATION_TOO_LARGE', {
      reason: `With all fragments written out the operation has more than ${maxLevels} levels.`,
    });
  }
  return {
    ...operation,
    conditions: conditionVariables(operation),
    size: document.loc?.end ?? 0,
    selections,
  };
}
