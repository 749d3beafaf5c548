// Owns finding the way from an operation's root to a type of a graph, and writing operations that go it.
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { givenMember, scalarValue } from './generated-answers.ts';

export type AnyField = GraphQLField<unknown, unknown>;

export interface Step {
  /** An object type, of which the field is asked. */
  type: string;
  field: AnyField;
}

export interface Way {
  operation: 'query' | 'mutation';
  steps: readonly Step[];
}

/** Whether a field may be a step. */
export type Passable = (type: string, field: string) => boolean;

/** The shortest way from the root of queries, else that of mutations; undefined where no passable one leads there. */
export function shortestWay(schema: GraphQLSchema, to: string, passable: Passable): Way | undefined {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const;
  for (const [operation, root] of roots) {
    const steps = root && shortestSteps(schema, root, to, passable);
    if (steps) return { operation, steps };
  }
  return undefined;
}

function shortestSteps(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  to: string,
  passable: Passable,
): readonly Step[] | undefined {
  const queue: [GraphQLNamedType, readonly Step[]][] = [[root, []]];
  const seen = new Set<GraphQLNamedType>([root]);
  for (const [type, steps] of queue) {
    if (type.name === to) return steps;
    const next = isAbstractType(type)
      ? [[givenMember(schema, type), steps] as const]
      : isObjectType(type)
        ? Object.values(type.getFields())
            .filter(({ name }) => passable(type.name, name))
            .map((field) => [getNamedType(field.type), [...steps, { type: type.name, field }]] as const)
        : [];
    for (const [reached, way] of next) {
      if (!isCompositeType(reached) || seen.has(reached)) continue;
      seen.add(reached);
      queue.push([reached, way]);
    }
  }
  return undefined;
}

/** A field with what it must be given, and with its type's name below it where it has fields. */
export function callOf(field: AnyField): string {
  const call = withArguments(field);
  return isCompositeType(getNamedType(field.type)) ? `${call} { __typename }` : call;
}

/** `selection` is of the type that the way leads to. */
export function operationAlong({ operation, steps }: Way, to: string, selection: string): string {
  let text = selection;
  let below = to;
  for (const { type, field } of [...steps].reverse()) {
    const given = getNamedType(field.type);
    const inside = given.name === below ? text : `... on ${below} { ${text} }`;
    text = `${withArguments(field)} { ${inside} }`;
    below = type;
  }
  return `${operation} { ${text} }`;
}

/** Response keys from the root to what the steps give, the first item of each list. */
export function pathOf(steps: readonly Step[]): (string | number)[] {
  return steps.flatMap(({ field }) => {
    const path: (string | number)[] = [field.name];
    let type = getNullableType(field.type);
    while (isListType(type)) {
      path.push(0);
      type = getNullableType(type.ofType);
    }
    return path;
  });
}

function withArguments({ name, args }: AnyField): string {
  const given = args.filter(isRequiredArgument).map((arg) => `${arg.name}: ${literal(arg.type)}`);
  return given.length > 0 ? `${name}(${given.join(', ')})` : name;
}

function literal(type: GraphQLInputType): string {
  const inner = getNullableType(type);
  if (isListType(inner)) return `[${literal(inner.ofType)}]`;
  if (isEnumType(inner)) return String(inner.getValues()[0]?.name);
  if (!isInputObjectType(inner)) return JSON.stringify(scalarValue((inner as { name: string }).name));
  const fields = Object.values(inner.getFields()).filter(isRequiredInputField);
  return `{ ${fields.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
}
