// Owns the bounds of arguments for a client (page sizes, widths of images): what it leaves out, and what is too much.
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  GraphQLInt,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { ArgumentBounds } from '../declaration/clients-declaration.ts';
import { clientError } from '../foundation/errors.ts';

export type Bounds = Readonly<Record<string, ArgumentBounds>>;

export interface BoundOperation {
  /** With what the client leaves out, and no other operation. */
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Variables that stand in for the client's where these are arguments with bounds. */
  standIns: readonly StandIn[];
}

interface StandIn {
  name: string;
  /** The client's. */
  variable: string;
  argument: string;
  maximum: number;
  /** What it is where the client gives none; undefined where the schema says that. */
  otherwise: number | undefined;
}

/** The document must be valid. Throws BAD_USER_INPUT for a number in its text that is too large. */
export function boundArguments(
  schema: GraphQLSchema,
  bounds: Bounds,
  given: { document: DocumentNode; operation: OperationDefinitionNode },
): BoundOperation {
  const { operation } = given;
  // What another operation of the document asks for is not asked for.
  const document = separateOperations(given.document)[operation.name?.value ?? ''] ?? given.document;
  const declared = new Map(
    (operation.variableDefinitions ?? []).map((definition) => [definition.variable.name.value, definition]),
  );
  const standIns = new Map<string, StandIn>();

  function bind(node: FieldNode, argument: GraphQLArgument, bound: ArgumentBounds): ArgumentNode | undefined {
    const { maximum = Number.POSITIVE_INFINITY } = bound;
    const otherwise = unlessGiven(argument, bound);
    const value = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    // null is nothing that one could say more of, and to some resolvers it means all there is.
    if (value === undefined || value.kind === Kind.NULL) {
      return otherwise === undefined ? undefined : argumentNode(argument.name, intNode(otherwise));
    }
    if (value.kind === Kind.INT && Number(value.value) > maximum)
      throw tooMuch(argument.name, maximum, value.value);
    if (value.kind !== Kind.VARIABLE) return argumentNode(argument.name, value);
    const variable = value.name.value;
    const key = `${variable} ${argument.name} ${otherwise}`;
    const known = standIns.get(key);
    const name = known?.name ?? freeName(declared, standIns.size);
    standIns.set(key, known ?? { name, variable, argument: argument.name, maximum, otherwise });
    return argumentNode(argument.name, { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } });
  }

  const types = new TypeInfo(schema);
  const bound = visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const own = (types.getFieldDef()?.args ?? []).filter((argument) => hasBounds(bounds, argument));
        if (own.length === 0) return undefined;
        const others = (node.arguments ?? []).filter(
          ({ name }) => !own.some((one) => one.name === name.value),
        );
        const bounded = own.flatMap((argument) => bind(node, argument, bounds[argument.name] ?? {}) ?? []);
        return { ...node, arguments: [...others, ...bounded] };
      },
    }),
  );
  const all = [...standIns.values()];
  const definitions = bound.definitions.map((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? withStandIns(node, all, declared) : node,
  );
  const rewritten = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  return { document: { ...bound, definitions }, operation: rewritten ?? operation, standIns: all };
}

/** The variables as they are run with. Throws BAD_USER_INPUT for one that is too large. */
export function boundVariables(
  { standIns, operation }: BoundOperation,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (standIns.length === 0) return variables;
  const bound = Object.assign(Object.create(null), variables) as Record<string, unknown>;
  for (const { name, variable, argument, maximum, otherwise } of standIns) {
    const given = Object.hasOwn(variables, variable) ? variables[variable] : ownDefault(operation, variable);
    const value = given ?? otherwise;
    if (typeof value === 'number' && value > maximum) throw tooMuch(argument, maximum, String(value));
    // Whoever sends a variable of this name does not mean ours.
    if (value === undefined) delete bound[name];
    else bound[name] = value;
  }
  return bound;
}

function hasBounds(bounds: Bounds, { name, type }: GraphQLArgument): boolean {
  return Object.hasOwn(bounds, name) && getNamedType(type) === GraphQLInt;
}

function unlessGiven({ defaultValue }: GraphQLArgument, { default: usual, maximum }: ArgumentBounds) {
  if (usual !== undefined || maximum === undefined) return usual;
  return typeof defaultValue === 'number' && defaultValue > maximum ? maximum : undefined;
}

function ownDefault({ variableDefinitions = [] }: OperationDefinitionNode, variable: string) {
  const { defaultValue } = variableDefinitions.find((one) => one.variable.name.value === variable) ?? {};
  return defaultValue?.kind === Kind.INT ? Number(defaultValue.value) : undefined;
}

function withStandIns(
  operation: OperationDefinitionNode,
  standIns: readonly StandIn[],
  declared: ReadonlyMap<string, VariableDefinitionNode>,
): OperationDefinitionNode {
  const added = standIns.flatMap(({ name, variable }): VariableDefinitionNode[] => {
    const original = declared.get(variable);
    if (original === undefined) return [];
    const { defaultValue: _, ...definition } = original;
    const node = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
    return [{ ...definition, variable: node }];
  });
  return { ...operation, variableDefinitions: [...(operation.variableDefinitions ?? []), ...added] };
}

function freeName(taken: ReadonlyMap<string, unknown>, number: number): string {
  let name = `bound${number}`;
  while (taken.has(name)) name += '_';
  return name;
}

function argumentNode(name: string, value: ValueNode): ArgumentNode {
  return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value };
}

function intNode(value: number): ValueNode {
  return { kind: Kind.INT, value: String(value) };
}

function tooMuch(argument: string, maximum: number, value: string) {
  return clientError('BAD_USER_INPUT', {
    reason: `The argument "${argument}" may be ${maximum} at most for this client, but is ${value}.`,
  });
}
