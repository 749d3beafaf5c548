// Owns what the arguments of one field in an operation say: what they cost, and how many items are asked for with them.
import {
  type ASTNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  type ValueNode,
  valueFromAST,
  visit,
} from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import { isRecord } from '../../foundation/is-record.ts';
import { type Amount, once, type Reckoning, sum } from './amount.ts';
import { type CostDirectives, type FieldTerms, insideOf, type ListSize } from './cost-directives.ts';

interface Given {
  name: string;
  type: GraphQLInputType;
  /** Whether variables are in it. */
  isOpen: boolean;
  /** undefined where nothing is given, as with a variable that is not there. */
  read: (variables: Reckoning['variables']) => unknown;
}

export type GivenArguments = ReadonlyMap<string, Given>;

export const nothingGiven: GivenArguments = new Map();

/** Of a canonical field's call; `names` are the client's names of variables, by canonical names. */
export function readGivenArguments(
  call: string,
  definitions: readonly GraphQLArgument[],
  names: ReadonlyMap<string, string>,
): GivenArguments {
  if (!call.includes('(')) return nothingGiven;
  const [operation] = parse(`{${call}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return nothingGiven;
  // A field's call is a field.
  const field = operation.selectionSet.selections[0] as FieldNode;
  const given = new Map<string, Given>();
  for (const { name, value: written } of field.arguments ?? []) {
    const type = definitions.find((one) => one.name === name.value)?.type;
    if (type === undefined) continue;
    const value: ValueNode = visit(written, {
      Variable: ({ name }) => ({
        kind: Kind.VARIABLE,
        name: { kind: Kind.NAME, value: names.get(name.value) ?? name.value },
      }),
    });
    const isOpen = hasVariables(value);
    const constant: unknown = isOpen ? undefined : valueFromAST(value, type);
    given.set(name.value, {
      name: name.value,
      type,
      isOpen,
      read: isOpen ? readOpen(value, type) : () => constant,
    });
  }
  return given;
}

/** A variable that is the whole value was coerced with the others. */
function readOpen(value: ValueNode, type: GraphQLInputType): Given['read'] {
  if (value.kind !== Kind.VARIABLE) return (variables) => valueFromAST(value, type, variables);
  const name = value.name.value;
  return (variables) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
}

function hasVariables(value: ASTNode): boolean {
  let has = false;
  visit(value, {
    Variable() {
      has = true;
    },
  });
  return has;
}

/** May be below zero, as weights may. */
export function argumentsCost(given: GivenArguments, terms: FieldTerms, directives: CostDirectives): Amount {
  const inputs: InputCosts = { directives, known: new Map() };
  return sum(
    [...given.values()].map(({ name, type, isOpen, read }) => {
      const cost = valueCost(type, terms.arguments.get(name), inputs);
      if (cost === undefined) return 0;
      return isOpen ? once(({ variables }) => cost(read(variables))) : cost(read({}));
    }),
  );
}

interface InputCosts {
  directives: CostDirectives;
  /** Fields of input objects that may cost something; begun before their types are gone into, which may lead back. */
  known: Map<GraphQLInputObjectType, { name: string; cost: ValueCost }[]>;
}

type ValueCost = (value: unknown) => number;

/** Each item of a list costs what it would cost alone. undefined where it costs nothing, whatever its value. */
function valueCost(
  given: GraphQLInputType,
  weight: number | undefined,
  inputs: InputCosts,
): ValueCost | undefined {
  const type = isNonNullType(given) ? given.ofType : given;
  if (isListType(type)) {
    const ofItem = valueCost(type.ofType, weight, inputs);
    if (ofItem === undefined) return undefined;
    return (value) => {
      if (!Array.isArray(value)) return ofItem(value);
      return value.reduce<number>((all, item) => all + ofItem(item), 0);
    };
  }
  const own = weight ?? inputs.directives.type(type.name);
  if (isInputObjectType(type)) return objectCost(own ?? 1, fieldCosts(type, inputs));
  return own === undefined || own === 0 ? undefined : (value) => (isGiven(value) ? own : 0);
}

function objectCost(own: number, fields: readonly { name: string; cost: ValueCost }[]): ValueCost {
  return (value) => {
    if (!isGiven(value)) return 0;
    let cost = own;
    if (isRecord(value)) for (const field of fields) cost += field.cost(value[field.name]);
    return cost;
  };
}

function fieldCosts(type: GraphQLInputObjectType, inputs: InputCosts) {
  const known = inputs.known.get(type);
  if (known) return known;
  const fields: { name: string; cost: ValueCost }[] = [];
  inputs.known.set(type, fields);
  for (const { name, type: given } of Object.values(type.getFields())) {
    const cost = valueCost(given, inputs.directives.inputField(type.name, name), inputs);
    if (cost) fields.push({ name, cost });
  }
  return fields;
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/**
 * Items, by the largest of the arguments that say it. With `where`, the words for the field in messages, an operation that
 * has to give exactly one of them is held to it: BAD_USER_INPUT.
 */
export function listSize(
  { slicing, assumed, demandsOne }: ListSize,
  given: GivenArguments,
  usual: number,
  where: string | undefined,
): Amount {
  const readers = slicing.map(({ path, initial }) => ({ path, initial, given: given.get(path[0] ?? '') }));
  const amount = ({ variables }: Pick<Reckoning, 'variables'>): number => {
    let size: number | undefined;
    let times = 0;
    for (const { path, initial, given } of readers) {
      const whole = given?.read(variables);
      // Who gives null has no default: the subgraph is told null.
      const value = whole === undefined ? initial : insideOf(whole, path.slice(1));
      if (value === undefined || value === null) continue;
      times += 1;
      const items = itemsOf(value) ?? itemsOf(initial);
      if (items !== undefined) size = Math.max(size ?? 0, items);
    }
    if (demandsOne && where !== undefined && times !== 1) {
      const names = slicing.map(({ path }) => `"${path.join('.')}"`).join(', ');
      throw clientError('BAD_USER_INPUT', {
        reason: `${where} needs exactly one of the arguments ${names}, and has ${times}.`,
      });
    }
    return size ?? assumed ?? usual;
  };
  const isOpen = readers.some(({ given }) => given?.isOpen === true);
  return isOpen || (demandsOne && where !== undefined) ? once(amount) : amount({ variables: {} });
}

/** What is below zero says nothing more than its default: who takes it for "all" would be asked for everything at no cost. */
function itemsOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  const items = typeof value === 'number' ? value : Number(value);
  return Number.isFinite(items) && items >= 0 ? items : undefined;
}
