// Owns telling why clients know no field of a coordinate, with the one that was probably meant.
import { type DocumentNode, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { didYouMean } from '../foundation/suggest.ts';
import { shownSchema } from './shown-schema.ts';

/** A sentence; undefined for a field of an object or an interface that clients see. */
export function unknownCoordinate(
  supergraph: DocumentNode,
  schema: GraphQLSchema = shownSchema(supergraph),
): (coordinate: string) => string | undefined {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
  );
  return (coordinate) => {
    const dot = coordinate.indexOf('.');
    const name = dot < 0 ? coordinate : coordinate.slice(0, dot);
    const type = types.find((one) => one.name === name);
    if (!isObjectType(type) && !isInterfaceType(type)) {
      const hint = didYouMean(
        name,
        types.map((one) => one.name),
      );
      if (dot < 0 && hint === '') return "write a coordinate, such as 'Query.products'.";
      return `there is no such type with fields.${hint}`;
    }
    const fields = Object.keys(type.getFields());
    if (dot < 0) return `write a coordinate, such as '${name}.${fields[0]}'.`;
    const field = coordinate.slice(dot + 1);
    return fields.includes(field) ? undefined : `there is no such field.${didYouMean(field, fields)}`;
  };
}
