// Owns the list of a schema's elements by their coordinates, with what is said of those that will go.
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** Reasons of deprecation by coordinate; undefined where an element stays. Introspection and built-in scalars are left out. */
export function schemaCoordinates(schema: GraphQLSchema): Map<string, string | undefined> {
  const all = new Map<string, string | undefined>();
  const add = (coordinate: string, element: { deprecationReason?: string | null | undefined }) =>
    all.set(coordinate, element.deprecationReason ?? undefined);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    all.set(type.name, undefined);
    if (isEnumType(type)) for (const value of type.getValues()) add(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      add(coordinate, field);
      for (const argument of field.args) add(`${coordinate}(${argument.name}:)`, argument);
    }
  }
  return all;
}

/** `Type` has `Type.field` in it, which has `Type.field(arg:)` in it. */
export function isPartOf(coordinate: string, whole: string): boolean {
  return coordinate.startsWith(`${whole}.`) || coordinate.startsWith(`${whole}(`);
}
