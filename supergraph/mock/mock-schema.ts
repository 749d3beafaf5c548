// Owns how each field of a mocked schema is answered: from the seed and its place alone, so that no order of questions matters.
import {
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type FakeLeaf, fakeLeaves } from './fake-leaf.ts';
import { type Given, givenTo } from './given-values.ts';
import { connectionOf, pagingArguments } from './mock-connection.ts';
import { numberFrom } from './number-from.ts';

/** Whatever is not known of an object is made from its key. */
export interface MockObject {
  __typename: string;
  key: string;
  known: Readonly<Record<string, unknown>>;
  /** What a mutation was told, in the payload that answers it. */
  told?: { mutation: string; given: readonly Given[] };
}

/** Where a value stands. Entities of one list have numbers that follow each other, so that none is there twice. */
interface Place {
  owner: MockObject;
  field: string;
  key: string;
  index: number;
  /** Values that the entity there is looked up by. */
  given: readonly Given[];
}

type Field = GraphQLField<MockObject | undefined, unknown>;

/** How many of each kind of entity there are, so that the same ones are met in many places. */
const entities = 50;
const longestList = 5;

/** Gives the schema resolvers that make data up; changes it, and returns it. */
export function mockSchema(schema: GraphQLSchema, seed: number): GraphQLSchema {
  const fakeLeaf = fakeLeaves(seed);
  const mutation = schema.getMutationType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()) as Field[]) {
      field.resolve = (parent, args) => {
        const owner = parent ?? { __typename: type.name, key: type.name, known: {} };
        if (Object.hasOwn(owner.known, field.name)) return owner.known[field.name];
        const given = givenTo(field, args);
        const place = { owner, field: field.name, key: keyOf(owner, field.name, args), index: 0, given };
        if (type !== mutation) return answerOf(field.type, place, args);
        const payload = answerOf(field.type, { ...place, given: [] }, args);
        return isMockObject(payload) ? { ...payload, told: { mutation: field.name, given } } : payload;
      };
    }
  }
  return schema;

  function answerOf(type: GraphQLOutputType, place: Place, args: Record<string, unknown>): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return listOf(nullable.ofType, place, args);
    const connection = connectionOf(nullable);
    if (connection !== undefined) {
      const natural = 3 + (numberFrom(seed, place.key) % (entities - 5));
      const page = connection.page(args, natural, (index) =>
        answerOf(connection.node, { ...place, index, given: [] }, {}),
      );
      return { __typename: connection.type.name, key: place.key, known: page };
    }
    return single(nullable as GraphQLNamedOutputType, place, !isNonNullType(type));
  }

  function listOf(item: GraphQLOutputType, place: Place, args: Record<string, unknown>): unknown[] {
    // A mutation of a mock works.
    if (/errors$/i.test(place.field)) return [];
    const { first, limit = first } = args;
    const natural = 1 + (numberFrom(seed, place.key) % longestList);
    const length = typeof limit === 'number' ? Math.max(0, Math.min(limit, entities)) : natural;
    const items = Array.from({ length }, (_, index) => answerOf(item, { ...place, index, given: [] }, {}));
    return isLeafType(getNamedType(item)) ? [...new Set(items)] : items;
  }

  function single(type: GraphQLNamedOutputType, place: Place, mayBeNull: boolean): unknown {
    if (isObjectType(type)) return mayBeNull && type.name.endsWith('Error') ? null : objectOf(type, place);
    if (isAbstractType(type)) {
      const members = schema.getPossibleTypes(type);
      const member = members[numberFrom(seed, `${place.key}[${place.index}]`) % members.length];
      return member && objectOf(member, place);
    }
    return leafOf(type, place);
  }

  function leafOf(type: GraphQLNamedOutputType, { owner, field, key, index }: Place): ReturnType<FakeLeaf> {
    const told = owner.told?.given.find(({ name }) => name === 'id');
    if (told !== undefined && type.name === 'ID' && field.endsWith('Id')) return told.value;
    return fakeLeaf({ type, owner: owner.__typename, ownerKey: owner.key, field, key: `${key}[${index}]` });
  }

  function objectOf(type: GraphQLObjectType, place: Place): MockObject {
    const { key, index } = place;
    const known = Object.fromEntries(
      knownOf(type, place)
        .filter(({ name, type: given }) => given === getNamedType(type.getFields()[name]?.type)?.name)
        .map(({ name, value }) => [name, value]),
    );
    const isEntity = getNamedType(type.getFields()['id']?.type)?.name === 'ID';
    if (!isEntity) return { __typename: type.name, key: `${key}[${index}]`, known };
    const chance = numberFrom(seed, key);
    // One that is looked up by another field, or new, is none of those that are met elsewhere.
    const number = Object.keys(known).length > 0 ? chance : 1 + ((chance + index) % entities);
    const id = String(known['id'] ?? `${kebab(type.name)}-${number}`);
    return { __typename: type.name, key: `${type.name}:${id}`, known: { ...known, id } };
  }
}

/** What a lookup or a mutation says of the entity that it gives. */
function knownOf(type: GraphQLObjectType, { owner: { told }, given }: Place): readonly Given[] {
  if (told === undefined) return given;
  if (told.mutation.toLowerCase().includes(type.name.toLowerCase())) return told.given;
  // `productId` in an input names the product of the payload.
  const named = told.given.find(({ name }) => name.toLowerCase() === `${type.name.toLowerCase()}id`);
  return named ? [{ ...named, name: 'id' }] : [];
}

function keyOf(owner: MockObject, field: string, args: Record<string, unknown>): string {
  const which = Object.entries(args)
    .filter(([name]) => !pagingArguments.includes(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `${owner.key}.${field}${which.length > 0 ? JSON.stringify(which) : ''}`;
}

function isMockObject(value: unknown): value is MockObject {
  return typeof value === 'object' && value !== null && 'key' in value;
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
