// Owns whether a value can be what a field answers: JSON that fits the field's type, with all that its objects promise.
import {
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { didYouMean } from '../foundation/suggest.ts';

export interface ValueGraph {
  schema: GraphQLSchema;
  /** Knows fields that `schema` has not, and that may be in a value all the same. */
  knows?: GraphQLSchema;
}

interface Place extends ValueGraph {
  at: string;
}

const scalars: Readonly<Record<string, readonly [words: string, holds: (value: unknown) => boolean]>> = {
  String: ['a text', (value) => typeof value === 'string'],
  Boolean: ['true or false', (value) => typeof value === 'boolean'],
  Int: ['a whole number of 32 bits', (value) => typeof value === 'number' && (value | 0) === value],
  Float: ['a number', (value) => typeof value === 'number'],
  // Answers have ids as texts, also where subgraphs write numbers.
  ID: ['a text', (value) => typeof value === 'string'],
};

/** Sentences, each about a place in the value; `at` is where the value itself stands. */
export function valueProblems(
  value: unknown,
  type: GraphQLOutputType,
  graph: ValueGraph,
  at: string,
): string[] {
  const noJson = jsonProblem(value, at);
  return noJson === undefined ? problemsOf(value, type, { ...graph, at }) : [noJson];
}

/** Why something is no JSON, in a sentence; undefined where it is. */
export function jsonProblem(value: unknown, at: string, within: readonly unknown[] = []): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : `${at}: ${value} cannot be said in JSON.`;
  if (typeof value !== 'object') return `${at}: must be JSON, but is ${nameOf(value)}.`;
  if (within.includes(value)) return `${at}: holds itself, which cannot be said in JSON.`;
  const inside = [...within, value];
  const isPlain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) return `${at}: must be JSON, but is ${nameOf(value)}.`;
  for (const [key, inner] of Object.entries(value)) {
    const problem = jsonProblem(inner, `${at}.${key}`, inside);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? 'undefined' : `a ${typeof value}`;
  return `a ${value.constructor.name}`;
}

function problemsOf(value: unknown, type: GraphQLOutputType, place: Place): string[] {
  const { at } = place;
  if (isNonNullType(type)) {
    if (value === null) return [`${at}: must not be null: its type is ${type}.`];
    return problemsOf(value, type.ofType, place);
  }
  if (value === null) return [];
  if (isListType(type)) {
    if (!Array.isArray(value)) return [mustBe(at, `a list (${type})`, value)];
    return value.flatMap((item, index) => problemsOf(item, type.ofType, { ...place, at: `${at}.${index}` }));
  }
  if (isLeafType(type)) return leafProblems(value, type, at);
  if (typeof value !== 'object' || Array.isArray(value)) return [mustBe(at, `an object (${type})`, value)];
  const given = value as Readonly<Record<string, unknown>>;
  if (isObjectType(type)) return objectProblems(given, type, place);
  const named = given['__typename'];
  const found = typeof named === 'string' ? place.schema.getType(named) : undefined;
  if (isObjectType(found) && isAbstractType(type) && place.schema.isSubType(type, found))
    return objectProblems(given, found, place);
  const members = place.schema.getPossibleTypes(type).map(({ name }) => name);
  const hint = typeof named === 'string' ? didYouMean(named, members) : '';
  return [`${at}.__typename: must say which ${type} it is, but is ${JSON.stringify(named)}.${hint}`];
}

function leafProblems(value: unknown, type: GraphQLLeafType, at: string): string[] {
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    if (typeof value === 'string' && names.includes(value)) return [];
    const hint = typeof value === 'string' ? didYouMean(value, names) : '';
    const some = names.slice(0, 10).join(', ');
    const choice = names.length > 10 ? `${some}, …` : some;
    return [`${at}: must be one of ${type} (${choice}), but is ${JSON.stringify(value)}.${hint}`];
  }
  const known = scalars[type.name];
  return known === undefined || known[1](value) ? [] : [mustBe(at, `${known[0]} (${type})`, value)];
}

function objectProblems(
  given: Readonly<Record<string, unknown>>,
  type: GraphQLObjectType,
  place: Place,
): string[] {
  const { at, knows } = place;
  const fields = type.getFields();
  const hidden = knows?.getType(type.name);
  const alsoKnown = isObjectType(hidden) ? hidden.getFields() : {};
  const problems = Object.keys(given).flatMap((key): string[] => {
    if (key === '__typename')
      return given[key] === type.name ? [] : [mustBe(`${at}.__typename`, `"${type.name}"`, given[key])];
    if (fields[key] !== undefined)
      return problemsOf(given[key], fields[key].type, { ...place, at: `${at}.${key}` });
    if (Object.hasOwn(alsoKnown, key)) return [];
    return [`${at}.${key}: ${type.name} has no such field.${didYouMean(key, Object.keys(fields))}`];
  });
  for (const { name, type: promised, args } of Object.values(fields)) {
    const isNeeded = isNonNullType(promised) && !args.some(isRequiredArgument);
    if (isNeeded && !Object.hasOwn(given, name))
      problems.push(`${at}.${name}: must be given: its type is ${promised}.`);
  }
  return problems;
}

function mustBe(at: string, words: string, value: unknown): string {
  const text = JSON.stringify(value);
  return `${at}: must be ${words}, but is ${text.length > 80 ? `${text.slice(0, 80)}…` : text}.`;
}
