// Owns finding marks that nothing can have, because a supergraph has no such type or field.
import { type GraphQLSchema, isCompositeType, isInterfaceType, isObjectType } from 'graphql';
import { didYouMean } from '../foundation/suggest.ts';
import { everything } from './changes.ts';

/** A sentence about it; undefined for tags, which may be any word, and for all that there is. */
export function doubtAbout(mark: string, schema: GraphQLSchema): string | undefined {
  if (mark === everything || mark.startsWith('#')) return undefined;
  const isCoordinate = !mark.includes(':') && mark.includes('.');
  const [name = '', field = ''] = mark.split(isCoordinate ? '.' : ':');
  const type = name === 'Query' ? schema.getQueryType() : schema.getType(name);
  if (!isCompositeType(type)) {
    const composite = Object.values(schema.getTypeMap()).filter(isCompositeType);
    const known = composite.map((one) => one.name).filter((one) => !one.startsWith('__'));
    if (type) return `${name} has no fields: it is kept as a part of other things alone.`;
    return `There is no type "${name}".${didYouMean(name, known)}`;
  }
  if (!isCoordinate) return undefined;
  const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
  if (Object.hasOwn(fields, field)) return undefined;
  return `There is no field "${field}" of ${name}.${didYouMean(field, Object.keys(fields))}`;
}
