// Owns what an operation uses that will be taken away, for clients who ask to be told.
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type Deprecation, readDeprecation } from '../foundation/deprecation.ts';
import { operationCoordinates } from './operation-coordinates.ts';

export interface DeprecatedUse extends Deprecation {
  /** Such as `Product.oldField`, `Query.products(oldArgument:)`, `Enum.VALUE` or `Input.field`. */
  coordinate: string;
}

/**
 * Each once, in the order of the text. What stands in variables is not seen: that an input may hold something deprecated is
 * no use of it. The document must be valid in the schema.
 */
export function deprecatedUses(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): DeprecatedUse[] {
  const { named } = operationCoordinates(schema, document, operation);
  return [...named].flatMap(([coordinate, reason]) =>
    reason === undefined ? [] : [{ coordinate, ...readDeprecation(reason) }],
  );
}
