// Owns whom a change of a schema concerns. What the comparing library calls breaking is not asked: it does not look at who
// uses what, and takes a field that may not be null any more for harmless.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { isPartOf } from './schema-coordinates.ts';
import { inputRisk, outputRisk, type Risk } from './type-changes.ts';

/** As the library finds it; what `meta` holds depends on the type. */
export interface FoundChange {
  type: string;
  message: string;
  path?: string | undefined;
  meta: Readonly<Record<string, unknown>>;
}

/** What one operation uses. */
export interface Uses {
  named: ReadonlySet<string>;
  possible: ReadonlySet<string>;
  /** Named types of the fields it selects. */
  reads: ReadonlySet<string>;
}

export interface Judgement {
  risk: Risk;
  /**
   * How an operation has to do with it: 'text' by its text, so that its validity tells whether it breaks; 'values' by what
   * its variables hold or what comes back, which validity does not show.
   */
  concerns: (uses: Uses) => 'text' | 'values' | undefined;
}

type Concerns = Judgement['concerns'];
const safe: Judgement = { risk: 'safe', concerns: () => undefined };

export function judgeChange(
  { type, meta }: FoundChange,
  before: GraphQLSchema,
  now: GraphQLSchema,
): Judgement {
  const name = (key: string): string => String(meta[key]);
  const field = () => `${name('typeName')}.${name('fieldName')}`;
  switch (type) {
    case 'FIELD_REMOVED':
      return breaking(sends(`${name('typeName')}.${name('removedFieldName')}`));
    case 'TYPE_REMOVED':
      return breaking(sendsAny(name('removedTypeName')));
    case 'TYPE_KIND_CHANGED':
      return breaking((uses) => reads(name('typeName'))(uses) ?? sendsAny(name('typeName'))(uses));
    case 'FIELD_TYPE_CHANGED':
      return judgeFieldType(field(), fieldAt(before, meta), fieldAt(now, meta), now);
    case 'FIELD_ARGUMENT_ADDED': {
      const added = argumentAt(now, meta, 'addedArgumentName');
      return added && isRequiredArgument(added) ? breaking(sends(field())) : safe;
    }
    case 'FIELD_ARGUMENT_REMOVED':
      return breaking(sends(`${field()}(${name('removedFieldArgumentName')}:)`));
    case 'FIELD_ARGUMENT_TYPE_CHANGED':
      return judgeArgument(field(), argumentAt(before, meta), argumentAt(now, meta));
    case 'FIELD_ARGUMENT_DEFAULT_CHANGED':
      return dangerous(({ named }) =>
        named.has(field()) && !named.has(`${field()}(${name('argumentName')}:)`) ? 'values' : undefined,
      );
    case 'INPUT_FIELD_REMOVED':
      return breaking(sends(`${name('inputName')}.${name('removedFieldName')}`));
    case 'INPUT_FIELD_ADDED': {
      const added = inputFieldAt(now, name('inputName'), name('addedInputFieldName'));
      return added && isRequiredInputField(added) ? breaking(sends(name('inputName'))) : safe;
    }
    case 'INPUT_FIELD_TYPE_CHANGED':
      return judgeInputField(name('inputName'), name('inputFieldName'), before, now);
    case 'INPUT_FIELD_DEFAULT_VALUE_CHANGED':
      return dangerous(values(sends(name('inputName'))));
    case 'ENUM_VALUE_REMOVED':
      return breaking(sends(`${name('enumName')}.${name('removedEnumValueName')}`));
    case 'ENUM_VALUE_ADDED':
      return isEnumType(before.getType(name('enumName'))) ? dangerous(reads(name('enumName'))) : safe;
    case 'UNION_MEMBER_ADDED':
      return dangerous(reads(name('unionName')));
    case 'UNION_MEMBER_REMOVED': {
      const { has } = mentions(name('removedUnionMemberTypeName'));
      return breaking((uses) => (uses.reads.has(name('unionName')) && has(uses) ? 'text' : undefined));
    }
    case 'OBJECT_TYPE_INTERFACE_ADDED':
      return dangerous(reads(name('addedInterfaceName')));
    case 'OBJECT_TYPE_INTERFACE_REMOVED': {
      const [object, abstract] = [mentions(name('objectTypeName')), mentions(name('removedInterfaceName'))];
      return breaking((uses) => (object.has(uses) && abstract.has(uses) ? 'text' : undefined));
    }
    case 'SCHEMA_QUERY_TYPE_CHANGED':
    case 'SCHEMA_MUTATION_TYPE_CHANGED':
    case 'SCHEMA_SUBSCRIPTION_TYPE_CHANGED': {
      const root = Object.entries(meta).find(([key]) => key.startsWith('old'))?.[1];
      return typeof root === 'string' ? breaking(sendsAny(root)) : safe;
    }
    default:
      return safe;
  }
}

function breaking(concerns: Concerns): Judgement {
  return { risk: 'breaking', concerns };
}

function dangerous(concerns: Concerns): Judgement {
  return { risk: 'dangerous', concerns };
}

function sends(coordinate: string): Concerns {
  return ({ named, possible }) =>
    possible.has(coordinate) ? 'values' : named.has(coordinate) ? 'text' : undefined;
}

/** A type, or any part of it. */
function sendsAny(type: string): Concerns {
  const isOfIt = (coordinate: string): boolean => coordinate === type || isPartOf(coordinate, type);
  return ({ named, possible }) =>
    [...possible].some(isOfIt) ? 'values' : [...named].some(isOfIt) ? 'text' : undefined;
}

function reads(type: string): Concerns {
  return (uses) => (uses.reads.has(type) ? 'values' : undefined);
}

function values(concerns: Concerns): Concerns {
  return (uses) => (concerns(uses) === undefined ? undefined : 'values');
}

/** As the condition of a fragment, or as what is selected on. */
function mentions(type: string): { has: (uses: Uses) => boolean } {
  const sent = sendsAny(type);
  return { has: (uses) => uses.reads.has(type) || sent(uses) !== undefined };
}

function judgeFieldType(
  coordinate: string,
  before: GraphQLField<unknown, unknown> | undefined,
  now: GraphQLField<unknown, unknown> | undefined,
  schema: GraphQLSchema,
): Judgement {
  // Both are there, or the change were another one.
  const risk = before && now ? outputRisk(before.type, now.type, schema) : 'breaking';
  return { risk, concerns: values(sends(coordinate)) };
}

function judgeArgument(
  field: string,
  before: GraphQLArgument | undefined,
  now: GraphQLArgument | undefined,
): Judgement {
  if (!before || !now || inputRisk(before.type, now.type) === 'safe') return safe;
  const isRequiredNow = isRequiredArgument(now) && !isRequiredArgument(before);
  // Who does not give it breaks too.
  return breaking(sends(isRequiredNow ? field : `${field}(${now.name}:)`));
}

function judgeInputField(input: string, field: string, before: GraphQLSchema, now: GraphQLSchema): Judgement {
  const [old, changed] = [inputFieldAt(before, input, field), inputFieldAt(now, input, field)];
  if (!old || !changed || inputRisk(old.type, changed.type) === 'safe') return safe;
  const isRequiredNow = isRequiredInputField(changed) && !isRequiredInputField(old);
  return breaking(sends(isRequiredNow ? input : `${input}.${field}`));
}

function fieldAt(
  schema: GraphQLSchema,
  { typeName, fieldName }: Readonly<Record<string, unknown>>,
): GraphQLField<unknown, unknown> | undefined {
  const type = schema.getType(String(typeName));
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[String(fieldName)] : undefined;
}

function argumentAt(
  schema: GraphQLSchema,
  meta: Readonly<Record<string, unknown>>,
  key = 'argumentName',
): GraphQLArgument | undefined {
  return fieldAt(schema, meta)?.args.find(({ name }) => name === meta[key]);
}

function inputFieldAt(schema: GraphQLSchema, input: string, field: string): GraphQLInputField | undefined {
  const type = schema.getType(input);
  return isInputObjectType(type) ? type.getFields()[field] : undefined;
}
