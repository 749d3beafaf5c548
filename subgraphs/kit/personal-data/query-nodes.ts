// Owns what is asked of the nodes that Kysely makes queries of.
import { ColumnNode, type OperationNode, ReferenceNode } from 'kysely';

/** The name of what is nothing but a column, of whatever table. */
export function columnOf(node: OperationNode): string | undefined {
  if (ColumnNode.is(node)) return node.column.name;
  if (ReferenceNode.is(node) && ColumnNode.is(node.column)) return node.column.column.name;
  return undefined;
}

export function isNode(part: unknown): part is OperationNode {
  return typeof part === 'object' && part !== null && 'kind' in part && typeof part.kind === 'string';
}
