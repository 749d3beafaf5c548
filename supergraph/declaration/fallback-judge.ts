// Owns whether what is to stand in for a field can: by its shape, and by the schema it has to fit.
import {
  coerceInputValue,
  type DocumentNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { noDuration, parseDuration } from '../foundation/duration.ts';
import { isRecord } from '../foundation/is-record.ts';
import { plainKeys } from '../foundation/plain-keys.ts';
import { didYouMean } from '../foundation/suggest.ts';
import { typeKeys } from '../foundation/type-keys.ts';
import { checkScope } from './check-cache.ts';
import type { Fallback } from './fallback-words.ts';
import { jsonProblem, valueProblems } from './value-problems.ts';

type FieldOwner = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;

const words = 'value(…), lastKnown(…), field(…), omit or critical';

/** What is wrong with a list of fallbacks whatever its field is; `at` is where it stands. */
export function shapeProblems(given: unknown, at: string): string[] {
  const list = fallbackList(given);
  if (list.length === 0) return [`${at}: says nothing that could stand in: leave it out.`];
  return list.flatMap((one, index) => {
    const here = Array.isArray(given) ? `${at}.${index}` : at;
    if (!isFallback(one)) return [`${here}: must be made by ${words}.`];
    const problems = partProblems(one, here);
    const isLast = index === list.length - 1;
    const isSecond = list.slice(0, index).some((before) => isFallback(before) && before.kind === one.kind);
    if (isSecond && (one.kind === 'lastKnown' || one.kind === 'omit'))
      problems.push(`${here}: ${one.kind} is said before already: leave one of them out.`);
    if (!isLast && (one.kind === 'value' || one.kind === 'critical'))
      problems.push(`${here}: what comes after ${one.kind} is never reached: write it last.`);
    return problems;
  });
}

/** One may stand without a list around it. */
export function fallbackList(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given];
}

/** Those that are no others' by their shape. */
export function usableFallbacks(given: unknown): Fallback[] {
  return fallbackList(given).filter(
    (one): one is Fallback => isFallback(one) && partProblems(one, '').length === 0,
  );
}

function isFallback(given: unknown): given is Fallback {
  const kinds = ['value', 'lastKnown', 'field', 'omit', 'critical'];
  return isRecord(given) && kinds.some((kind) => kind === given['kind']);
}

function partProblems(one: Fallback, at: string): string[] {
  switch (one.kind) {
    case 'value': {
      const problem = jsonProblem(one.value, `${at}.value`);
      return problem === undefined ? [] : [problem];
    }
    case 'lastKnown':
      return [
        ...(typeof one.upTo === 'string' && parseDuration(one.upTo) !== undefined
          ? []
          : [`${at}.upTo: ${noDuration(one.upTo)}.`]),
        ...(one.scope === undefined ? [] : checkScope(one.scope, `${at}.scope`)),
      ];
    case 'field': {
      if (typeof one.coordinate !== 'string')
        return [`${at}: must name a field, such as 'Query.popularProducts'.`];
      const given: unknown = one.arguments;
      if (!isRecord(given)) return [`${at}.arguments: must be an object of arguments.`];
      const problem = jsonProblem(given, `${at}.arguments`);
      return problem === undefined ? [] : [problem];
    }
    default:
      return [];
  }
}

export class FallbackJudge {
  readonly schema: GraphQLSchema;
  private readonly knows: GraphQLSchema | undefined;
  private readonly keys: ReadonlyMap<string, unknown>;
  private readonly plainKeys: ReadonlyMap<string, unknown>;

  /** `knows` has fields that are hidden in `schema` and may be in a value all the same. */
  constructor(schema: GraphQLSchema, supergraph: DocumentNode, knows?: GraphQLSchema) {
    this.schema = schema;
    this.knows = knows;
    this.keys = typeKeys(supergraph);
    this.plainKeys = plainKeys(supergraph, schema);
  }

  /** undefined for what is no field of an object or an interface. */
  find(coordinate: string): { owner: FieldOwner; field: Field } | undefined {
    const [type = '', name = '', ...more] = coordinate.split('.');
    const owner = this.schema.getType(type);
    if ((!isObjectType(owner) && !isInterfaceType(owner)) || type.startsWith('__')) return undefined;
    const field = more.length === 0 ? owner.getFields()[name] : undefined;
    return field && { owner, field };
  }

  /** Why nothing stands in for any field of a type. */
  refusal(type: string): string | undefined {
    if (type === this.schema.getMutationType()?.name) return 'nothing stands in for what a mutation answers.';
    if (type === this.schema.getSubscriptionType()?.name)
      return 'nothing stands in for what a subscription answers.';
    return undefined;
  }

  /** Sentences; none where it can stand in for the field. Its shape must be right. */
  problems(coordinate: string, fallback: Fallback, at: string): string[] {
    const found = this.find(coordinate);
    if (found === undefined) return [];
    const { owner, field } = found;
    switch (fallback.kind) {
      case 'value':
        return valueProblems(
          fallback.value,
          field.type,
          { schema: this.schema, ...(this.knows && { knows: this.knows }) },
          `${at}.value`,
        );
      case 'lastKnown':
        return this.lastKnownProblems(owner).map((why) => `${at}: ${why}`);
      case 'field':
        return this.fieldProblems(field, fallback, at);
      case 'omit':
        if (isListType(getNullableType(field.type))) return [];
        return [`${at}: omit is for lists, and ${coordinate} is of the type ${field.type}.`];
      case 'critical':
        return [];
    }
  }

  /** What was known must be known of something that can be told from all others. */
  private lastKnownProblems(owner: FieldOwner): string[] {
    if (owner.name === this.schema.getQueryType()?.name) return [];
    const members = isInterfaceType(owner) ? this.schema.getPossibleTypes(owner) : [owner];
    const without = (members.length === 0 ? [owner] : members).filter((one) => !this.plainKeys.has(one.name));
    return without.map(({ name }) =>
      !this.keys.has(name)
        ? `nothing is known of ${name} by itself, because it has no @key: write it for the field that leads there.`
        : `no @key of ${name} is made of plain fields that clients see alone, and without one nobody can say whose value it was.`,
    );
  }

  private fieldProblems(field: Field, fallback: Fallback & { kind: 'field' }, at: string): string[] {
    const { coordinate, arguments: given } = fallback;
    const query = this.schema.getQueryType();
    const [type, name = ''] = coordinate.split('.');
    const target = this.find(coordinate);
    if (query == null || type !== query.name)
      return [`${at}: must be a field of ${query?.name ?? 'Query'}, but is "${coordinate}".`];
    if (target === undefined)
      return [`${at}: there is no field "${coordinate}".${didYouMean(name, Object.keys(query.getFields()))}`];
    if (!this.canStandFor(target.field.type, field.type))
      return [
        `${at}: ${coordinate} is of the type ${target.field.type}, which cannot stand for ${field.type}.`,
      ];
    return argumentProblems(target.field, given, `${at}.arguments`);
  }

  /** Whether there is null in it shows only when it is asked for. */
  private canStandFor(given: GraphQLOutputType, wanted: GraphQLOutputType): boolean {
    const [one, other] = [getNullableType(given), getNullableType(wanted)];
    if (isListType(one) || isListType(other))
      return isListType(one) && isListType(other) && this.canStandFor(one.ofType, other.ofType);
    const [named, promised] = [getNamedType(one), getNamedType(other)];
    if (named === promised) return true;
    const isMember = isObjectType(named) || isInterfaceType(named);
    return isAbstractType(promised) && isMember && this.schema.isSubType(promised, named);
  }
}

function argumentProblems({ args }: Field, given: Readonly<Record<string, unknown>>, at: string): string[] {
  const names = args.map(({ name }) => name);
  const problems = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => `${at}.${name}: there is no such argument.${didYouMean(name, names)}`);
  for (const argument of args) {
    const here = `${at}.${argument.name}`;
    if (Object.hasOwn(given, argument.name))
      coerceInputValue(given[argument.name], argument.type, (path, _value, { message }) => {
        problems.push(`${[here, ...path].join('.')}: ${message}`);
      });
    else if (isRequiredArgument(argument)) problems.push(`${here}: must be given.`);
  }
  return problems;
}
