// Owns when a type condition always holds.
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** Whether every object of a type, or of its possible types, has what is asked of a condition. */
export function alwaysMeets(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  condition: GraphQLNamedType,
): boolean {
  if (type === condition) return true;
  return (
    isAbstractType(condition) &&
    (isObjectType(type) || isInterfaceType(type)) &&
    schema.isSubType(condition, type)
  );
}
