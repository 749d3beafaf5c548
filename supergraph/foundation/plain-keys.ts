// Owns by which fields an entity can be told from others of its type where clients can see them.
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { typeKeys } from './type-keys.ts';

/**
 * For each type with such a key the names of its fields, all of them leaves without arguments that the schema shows: of
 * several keys the one with the fewest.
 */
export function plainKeys(
  supergraph: DocumentNode,
  schema: GraphQLSchema,
): ReadonlyMap<string, readonly string[]> {
  const plain = new Map<string, readonly string[]>();
  for (const [type, keys] of typeKeys(supergraph)) {
    const usable = keys.flatMap((key) => {
      const names = namesIn(key);
      return names?.every((name) => isShownLeaf(schema, type, name)) ? [names] : [];
    });
    const [shortest] = usable.sort((a, b) => a.length - b.length);
    if (shortest) plain.set(type, shortest);
  }
  return plain;
}

function namesIn({ selections }: SelectionSetNode): string[] | undefined {
  const names = selections.flatMap((one) =>
    one.kind === 'Field' && !one.selectionSet ? [one.name.value] : [],
  );
  return names.length === selections.length ? names : undefined;
}

function isShownLeaf(schema: GraphQLSchema, typeName: string, name: string): boolean {
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  return field !== undefined && field.args.length === 0 && isLeafType(getNamedType(field.type));
}
