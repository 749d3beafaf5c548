// Owns answers made up from a subgraph's schema: one value a type, whoever asks, so that only the router can refuse.
import {
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Data, FieldResolver, Resolvers } from '../../federation/harness/case-subgraph.ts';
import { protectedFields } from './protected-coordinates.ts';

const scalars: Readonly<Record<string, unknown>> = {
  ID: 'id',
  String: 'text',
  Int: 1,
  Float: 1.5,
  Boolean: true,
  CountryCode: 'AT',
  Currency: 'EUR',
  DateTime: '2026-01-01T00:00:00.000Z',
  EmailAddress: 'ada@example.com',
  JSON: 'any',
  Locale: 'de-AT',
  NonNegativeInt: 1,
  PositiveInt: 1,
  URL: 'https://example.com/',
};

/** The same as GraphQL texts, by scalar. */
export const scalarLiterals: Record<string, string[]> = Object.fromEntries(
  Object.entries(scalars).map(([name, value]) => [name, [JSON.stringify(value)]]),
);

/** What a scalar is in arguments and answers. Throws where a domain has one that is new. */
export function scalarValue(name: string): unknown {
  if (Object.hasOwn(scalars, name)) return scalars[name];
  throw new Error(`There is no value for the scalar ${name}: add one to the table.`);
}

/** The member of a union or interface that is always given: the one of which most is protected. */
export function givenMember(schema: GraphQLSchema, type: GraphQLAbstractType): GraphQLObjectType {
  const count = ({ name }: GraphQLObjectType) => Object.keys(protectedFields[name] ?? {}).length;
  // By name, because a client's schema need not have them in the order of a subgraph's.
  const byName = [...schema.getPossibleTypes(type)].sort((a, b) => (a.name < b.name ? -1 : 1));
  const [member] = byName.sort((a, b) => count(b) - count(a));
  if (member === undefined) throw new Error(`${type.name} has no members.`);
  return member;
}

/** Lists have two items, an enum is its first value by name, an abstract type is its given member. Never null. */
export function generatedResolvers(schema: GraphQLSchema): Resolvers {
  const resolvers: Record<string, Record<string, FieldResolver>> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_')) continue;
    if (isAbstractType(type)) resolvers[type.name] = { __resolveType: ({ __typename }) => __typename };
    if (!isObjectType(type)) continue;
    const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
    resolvers[type.name] = {
      __resolveReference: (representation) => representation,
      ...Object.fromEntries(
        fields.map((field) => [
          field.name,
          // What a representation says of itself stays so.
          (source: Data | undefined) => source?.[field.name] ?? valueFor(schema, field.type),
        ]),
      ),
    };
  }
  return resolvers;
}

/** What a field of the type gives where its object does not say. */
export function valueFor(schema: GraphQLSchema, type: GraphQLOutputType): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const item = inner.ofType as GraphQLOutputType;
    return [valueFor(schema, item), valueFor(schema, item)];
  }
  if (isEnumType(inner))
    return inner
      .getValues()
      .map(({ name }) => name)
      .sort()[0];
  if (isAbstractType(inner)) return { __typename: givenMember(schema, inner).name };
  return isObjectType(inner) ? {} : scalarValue((inner as { name: string }).name);
}
