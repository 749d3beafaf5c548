// Owns the JSON text of a declared value, as far as a client has selected of it.
import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { applicableFields, type Selections } from '../executor/projection/applicable-fields.ts';
import { isRecord } from '../foundation/is-record.ts';

/** undefined where it lacks something that may not be null. */
export function valueText(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  selections: Selections,
  value: unknown,
): string | undefined {
  const told = textOf(schema, type, selections, value);
  return told === 'null' && isNonNullType(type) ? undefined : told;
}

function textOf(
  schema: GraphQLSchema,
  given: GraphQLOutputType,
  selections: Selections,
  value: unknown,
): string | undefined {
  const type = getNullableType(given);
  if (value === null || value === undefined) return isNonNullType(given) ? undefined : 'null';
  if (isLeafType(type)) return JSON.stringify(value);
  if (isListType(type)) {
    if (!Array.isArray(value)) return undefined;
    const items = value.map((item) => valueText(schema, type.ofType, selections, item));
    return items.includes(undefined) ? undefined : `[${items.join()}]`;
  }
  if (!isRecord(value) || !isCompositeType(type)) return undefined;
  const named = isAbstractType(type) ? schema.getType(String(value['__typename'])) : type;
  if (!isObjectType(named) && !isInterfaceType(named)) return undefined;
  const parts: string[] = [];
  for (const { field, inner } of applicableFields(schema, named, selections)) {
    const { responseName, fieldName } = field;
    const promised = named.getFields()[fieldName]?.type ?? field.type;
    const text =
      fieldName === '__typename'
        ? JSON.stringify(named.name)
        : valueText(schema, promised, inner, Object.hasOwn(value, fieldName) ? value[fieldName] : null);
    if (text === undefined) return undefined;
    parts.push(`${JSON.stringify(responseName)}:${text}`);
  }
  return `{${parts.join()}}`;
}
