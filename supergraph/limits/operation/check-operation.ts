// Owns refusing operations that ask for too much, whatever the values of their variables.
import { clientError } from '../../foundation/errors.ts';
import type { ClientOperation } from '../../planner/canonical/canonical-operation.ts';
import { type Extent, operationExtent } from '../../planner/canonical/operation-extent.ts';
import type { OperationLimits } from './operation-limits.ts';

/** Some four times as many have used up the stack of a process that had just started. */
const mostLevels = 500;

/** Each can be the whole schema once more. */
const mostIntrospectionAliases = 5;

/** The document must be valid. Throws an error of the table where a limit is exceeded. */
export function checkOperation(operation: ClientOperation, limits: OperationLimits): Extent {
  const extent = operationExtent(operation);
  for (const { code, over, reason } of bounds) {
    const limit = over(extent, limits);
    if (limit !== undefined) throw clientError(code, { reason: reason(limit) });
  }
  return extent;
}

/** The number that is exceeded, if it is. */
type Over = (extent: Extent, limits: OperationLimits) => number | undefined;

const above = (measured: number, limit: number): number | undefined => (measured > limit ? limit : undefined);

const bounds: readonly {
  code: Parameters<typeof clientError>[0];
  over: Over;
  reason: (limit: number) => string;
}[] = [
  {
    code: 'DEPTH_LIMIT_EXCEEDED',
    over: ({ depth }, limits) => above(depth, limits.depth),
    reason: (limit) =>
      `With all fragments written out the operation has more than ${limit} fields within each other.`,
  },
  {
    code: 'DEPTH_LIMIT_EXCEEDED',
    over: ({ introspectionDepth }, limits) => above(introspectionDepth, limits.introspectionDepth),
    reason: (limit) => `The operation reads the schema with more than ${limit} fields within each other.`,
  },
  {
    code: 'DEPTH_LIMIT_EXCEEDED',
    over: ({ levels }) => above(levels, mostLevels),
    reason: (limit) => `With all fragments written out the operation has more than ${limit} levels.`,
  },
  {
    code: 'ROOT_FIELD_LIMIT_EXCEEDED',
    over: ({ rootFields }, limits) => above(rootFields, limits.rootFields),
    reason: (limit) => `With all fragments written out the operation has more than ${limit} root fields.`,
  },
  {
    code: 'ALIAS_LIMIT_EXCEEDED',
    over: ({ aliases }, limits) => above(aliases, limits.aliases),
    reason: (limit) => `With all fragments written out the operation has more than ${limit} aliases.`,
  },
  {
    code: 'ALIAS_LIMIT_EXCEEDED',
    over: ({ introspectionAliases }) => above(introspectionAliases, mostIntrospectionAliases),
    reason: (limit) => `The operation reads the schema with more than ${limit} aliases.`,
  },
  {
    code: 'LIST_LIMIT_EXCEEDED',
    over: ({ listItems }, limits) => above(listItems, limits.listItems),
    reason: (limit) => `A list in the operation has more than ${limit} items.`,
  },
  {
    code: 'VARIABLE_DEPTH_LIMIT_EXCEEDED',
    over: ({ valueDepth }, limits) => above(valueDepth, limits.variableDepth),
    reason: (limit) => `A value in the operation has more than ${limit} objects and lists within each other.`,
  },
  {
    code: 'OPERATION_TOO_LARGE',
    over: ({ selections }, limits) => above(selections, limits.selections),
    reason: (limit) => `With all fragments written out the operation has more than ${limit} selections.`,
  },
];
