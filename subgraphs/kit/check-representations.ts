// Owns that what is asked of `_entities` names entities of this subgraph by their keys: what does not is told so, for itself alone.
import {
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLSchema,
  isUnionType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/**
 * Has `_entities` answer BAD_USER_INPUT in the place of each representation that is no object, names no entity, has no key
 * that is whole, or one with a value that is neither text nor number, by which a database would look for something else. What
 * comes beside keys (@requires) may be anything. The others are resolved as ever. In place; without entities nothing changes.
 */
export function checkRepresentations(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()['_entities'];
  if (!field?.resolve) return schema;
  const keys = keysOf(schema);
  field.resolve = answeringOthers(field.resolve, (representation) => objectionTo(representation, keys));
  return schema;
}

type Keys = ReadonlyMap<string, readonly SelectionSetNode[]>;

function answeringOthers(
  resolve: GraphQLFieldResolver<unknown, unknown>,
  objectionTo: (representation: unknown) => string | undefined,
): GraphQLFieldResolver<unknown, unknown> {
  return async (parent, args, context, info) => {
    const representations: readonly unknown[] = args['representations'];
    const objections = representations.map(objectionTo);
    if (objections.every((one) => one === undefined)) return resolve(parent, args, context, info);
    const good = representations.filter((_, index) => objections[index] === undefined);
    const found = (await resolve(parent, { ...args, representations: good }, context, info)) as unknown[];
    const next = found.values();
    // GraphQL takes an Error in a list for the failure of that item.
    return objections.map((objection) => (objection === undefined ? next.next().value : refused(objection)));
  };
}

function refused(objection: string): GraphQLError {
  return new GraphQLError(objection, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** By the name of each entity. */
function keysOf(schema: GraphQLSchema): Keys {
  const union = schema.getType('_Entity');
  const members: readonly GraphQLNamedType[] = isUnionType(union) ? union.getTypes() : [];
  const interfaces = members.flatMap((type) => ('getInterfaces' in type ? type.getInterfaces() : []));
  const found = [...members, ...interfaces].map((type) => [type.name, declaredKeys(type)] as const);
  return new Map(found.filter(([, keys]) => keys.length > 0));
}

function declaredKeys({ astNode, extensionASTNodes }: GraphQLNamedType): SelectionSetNode[] {
  const directives = [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);
  return directives.flatMap(({ name, arguments: given = [] }) => {
    if (!/^(federation__)?key$/.test(name.value)) return [];
    const fields = given.find((one) => one.name.value === 'fields')?.value;
    return fields?.kind === Kind.STRING ? [selectionOf(fields.value)] : [];
  });
}

function selectionOf(fields: string): SelectionSetNode {
  const [definition] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (definition?.kind === Kind.OPERATION_DEFINITION) return definition.selectionSet;
  throw new Error(`"${fields}" is no key.`);
}

function objectionTo(representation: unknown, keys: Keys): string | undefined {
  if (!isObject(representation)) return 'A representation must be an object.';
  const { __typename: name } = representation;
  const ownKeys = typeof name === 'string' ? keys.get(name) : undefined;
  if (!ownKeys) return 'The __typename of a representation must name an entity of this subgraph.';
  const fits = ownKeys.map((key) => fit(representation, key));
  if (fits.includes('wrong'))
    return `In a representation, the values of a key of ${name} must be texts or numbers.`;
  return fits.includes('whole') ? undefined : `A representation of ${name} must have one of its keys.`;
}

/** Whether all of the key is there; `wrong` where a value is that none of a key can have. */
function fit(
  value: Record<string, unknown>,
  { selections }: SelectionSetNode,
): 'whole' | 'partial' | 'wrong' {
  const fits = selections.map((selection) => {
    if (selection.kind !== Kind.FIELD) return 'wrong';
    const { name, selectionSet } = selection;
    const part = Object.hasOwn(value, name.value) ? value[name.value] : undefined;
    if (part === undefined || part === null) return 'partial';
    if (selectionSet) return isObject(part) ? fit(part, selectionSet) : 'wrong';
    return typeof part === 'string' || typeof part === 'number' ? 'whole' : 'wrong';
  });
  if (fits.includes('wrong')) return 'wrong';
  return fits.includes('partial') ? 'partial' : 'whole';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
