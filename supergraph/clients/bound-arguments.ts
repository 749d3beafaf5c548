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
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { ArgumentBounds } from '../declaration/clients-declaration.ts';
import { clientError } from '../foundation/errors.ts';

export type Bounds = Readonly<Record<string, ArgumentBounds>>;

export interface BoundOperation {
  /** With what the client leaves out. */
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** What its variables must not exceed. */
  limits: readonly VariableLimit[];
  /** By variable: what it is where the client gives none. */
  defaults: Readonly<Record<string, number>>;
}

interface VariableLimit {
  variable: string;
  argument: string;
  maximum: number;
  /** What it is where the client gives none. */
  otherwise: number | undefined;
}

/** The document must be valid. Throws BAD_USER_INPUT for a number in its text that is too large. */
export function boundArguments(
  schema: GraphQLSchema,
  bounds: Bounds,
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
): BoundOperation {
  const limits: VariableLimit[] = [];
  const defaults: Record<string, number> = {};
  const own = new Map<string, number>();
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) own.set(variable.name.value, Number(defaultValue.value));
  }
  const types = new TypeInfo(schema);
  const bound = visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const definition = types.getFieldDef();
        const added = (definition?.args ?? []).flatMap((argument): ArgumentNode[] => {
          const bound = boundsOf(bounds, argument);
          const value = bound && boundArgument(node, argument, bound);
          return value === undefined ? [] : [argumentNode(argument.name, value)];
        });
        return added.length === 0 ? undefined : { ...node, arguments: [...(node.arguments ?? []), ...added] };
      },
    }),
  );

  /** What is to be asked for where the field does not say. */
  function boundArgument(
    node: FieldNode,
    argument: GraphQLArgument,
    { default: usual, maximum = Number.POSITIVE_INFINITY }: ArgumentBounds,
  ): number | undefined {
    const value = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    const schemaDefault = typeof argument.defaultValue === 'number' ? argument.defaultValue : undefined;
    const otherwise = usual ?? (schemaDefault !== undefined && schemaDefault > maximum ? maximum : undefined);
    if (value === undefined) return otherwise;
    if (value.kind === Kind.INT && Number(value.value) > maximum) {
      throw tooMuch(argument.name, maximum, value.value);
    }
    if (value.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      limits.push({ variable, argument: argument.name, maximum, otherwise: own.get(variable) });
      if (otherwise !== undefined && !own.has(variable)) {
        defaults[variable] = Math.min(otherwise, defaults[variable] ?? otherwise);
      }
    }
    return undefined;
  }

  const rewritten = bound.definitions.find(
    (node): node is OperationDefinitionNode =>
      node.kind === Kind.OPERATION_DEFINITION && node.name?.value === operation.name?.value,
  );
  return { document: bound, operation: rewritten ?? operation, limits, defaults };
}

/** The variables as they are run with. Throws BAD_USER_INPUT for one that is too large. */
export function boundVariables(
  { limits, defaults }: BoundOperation,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  for (const { variable, argument, maximum, otherwise } of limits) {
    const value = variables[variable] ?? otherwise;
    if (typeof value === 'number' && value > maximum) throw tooMuch(argument, maximum, String(value));
  }
  const missing = Object.entries(defaults).filter(([name]) => variables[name] === undefined);
  return missing.length === 0 ? variables : { ...variables, ...Object.fromEntries(missing) };
}

function boundsOf(bounds: Bounds, { name, type }: GraphQLArgument): ArgumentBounds | undefined {
  return Object.hasOwn(bounds, name) && getNamedType(type) === GraphQLInt ? bounds[name] : undefined;
}

function argumentNode(name: string, value: number): ArgumentNode {
  return {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: name },
    value: { kind: Kind.INT, value: String(value) },
  };
}

function tooMuch(argument: string, maximum: number, value: string) {
  return clientError('BAD_USER_INPUT', {
    reason: `The argument "${argument}" may be ${maximum} at most for this client, but is ${value}.`,
  });
}
