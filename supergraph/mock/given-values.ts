// Owns what a client says of things when it asks for a field: arguments, and the fields of its input objects.
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
} from 'graphql';

export interface Given {
  name: string;
  value: unknown;
  /** The name of its type. */
  type: string;
}

/** Those that are leaves and not null; of input objects those one level down. */
export function givenTo({ args }: GraphQLField<never, never>, values: Record<string, unknown>): Given[] {
  return args.flatMap(({ name, type }) => {
    const value = values[name];
    const nullable = getNullableType(type);
    if (!isInputObjectType(nullable)) return leaf(name, type, value);
    return Object.values(nullable.getFields()).flatMap((field) =>
      leaf(field.name, field.type, (value as Record<string, unknown> | null | undefined)?.[field.name]),
    );
  });
}

function leaf(name: string, type: GraphQLInputType, value: unknown): Given[] {
  if (!isLeafType(getNullableType(type)) || value === undefined || value === null) return [];
  return [{ name, value, type: getNamedType(type).name }];
}
