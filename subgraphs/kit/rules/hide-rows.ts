// Owns that what a viewer is not shown comes out as if it were not there; the rules that say so are each domain's.
import {
  defaultFieldResolver,
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { askAnew, type GuardedContext, type Question } from './ask-rule.ts';
import { isRule, type Permissions, type ShieldRule } from './shield.ts';

type ShownTo = NonNullable<Permissions['shownTo']>;
type Resolve = GraphQLFieldResolver<unknown, GuardedContext>;
type Field = GraphQLField<unknown, GuardedContext>;
type Viewing = Pick<Question, 'context' | 'info'>;
/** Says of one row whether it is shown. */
type Test = (row: unknown, viewing: Viewing) => Promise<boolean>;

/** In place of a row that is not shown; null would be a row that is not there, which a list may not hold. */
const hidden = Symbol('hidden');

/**
 * Applies `shownTo` to all fields and references of a schema, in place. A rule for an interface holds for its members
 * too. What holds a hidden row where nothing may be missing is hidden itself, as the edge of a connection is with its
 * node; in a list whose items may not be null it is left out. A rule that throws hides, and `report` is told why.
 * Throws where the schema leaves no place for null, and where a reference would be believed as it comes.
 */
export function hideRows(
  schema: GraphQLSchema,
  shownTo: ShownTo,
  { report }: { report: (error: unknown) => void },
): void {
  const allows = async (condition: ShieldRule, question: Question): Promise<boolean> => {
    try {
      return (await askAnew(condition, question)) === true;
    } catch (error) {
      report(error);
      return false;
    }
  };
  const tests = rowTests(schema, shownTo, (condition) => {
    return (row, viewing) => allows(condition, { parent: row, args: {}, ...viewing });
  });
  refuseUnreadEntities(schema, tests);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    // Query among them, with _entities: references go the way of all fields.
    for (const field of Object.values(type.getFields())) {
      const rows = tests.hides(field.type) ? resolveShown(field, tests) : field.resolve;
      const condition = fieldRule(shownTo, type.name, field);
      if (condition) {
        field.resolve = async (parent, args, context, info) => {
          const isShown = await allows(condition, { parent, args, context, info });
          return isShown ? (rows ?? defaultFieldResolver)(parent, args, context, info) : null;
        };
      } else if (rows) field.resolve = rows;
    }
  }
}

/** What is known of the rows of a schema's types. */
interface RowTests {
  /** Whether a value of this type can be one that is not shown to everybody. */
  hides: (type: GraphQLOutputType) => boolean;
  shown: (type: GraphQLOutputType, value: unknown, viewing: Viewing) => Promise<boolean>;
}

function rowTests(schema: GraphQLSchema, shownTo: ShownTo, testOf: (one: ShieldRule) => Test): RowTests {
  const byType = new Map<string, Test[]>();
  const membersOf = (type: GraphQLAbstractType | GraphQLObjectType): readonly GraphQLObjectType[] =>
    isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const hides = (type: GraphQLOutputType): boolean => {
    const named = getNamedType(type);
    return isCompositeType(named) && membersOf(named).some(({ name }) => byType.has(name));
  };
  const shown: RowTests['shown'] = async (type, value, viewing) => {
    const named = getNamedType(type);
    if (!hides(named) || value === null || value === undefined || !isCompositeType(named)) return true;
    const name = isObjectType(named) ? named.name : await memberName(named, value, viewing);
    if (!membersOf(named).some((member) => member.name === name)) return false;
    for (const test of byType.get(String(name)) ?? []) if (!(await test(value, viewing))) return false;
    return true;
  };

  for (const [name, given] of Object.entries(shownTo)) {
    const type = schema.getType(name);
    if (!isRule(given)) continue;
    if ((!isObjectType(type) && !isInterfaceType(type)) || isRoot(schema, name)) {
      throw new Error(`There is a rule for rows of ${name}, which is no object and no interface.`);
    }
    for (const member of membersOf(type)) {
      byType.set(member.name, [...(byType.get(member.name) ?? []), testOf(given)]);
    }
  }
  addHolders(schema, byType, { hides, shown });
  return { hides, shown };
}

/** The name of the object type that a value of an interface or union has, as graphql-js finds it. */
async function memberName(type: GraphQLAbstractType, value: unknown, viewing: Viewing): Promise<unknown> {
  const { context, info } = viewing;
  return (type.resolveType ?? defaultTypeResolver)(value, context, info, type);
}

/** What holds a row in a field that may not be null goes with that row, and so does what holds the holder. */
function addHolders(schema: GraphQLSchema, byType: Map<string, Test[]>, { hides, shown }: RowTests): void {
  const done = new Set<Field>();
  for (let before = -1; before < done.size; ) {
    before = done.size;
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields()) as Field[]) {
        const { name, type: promised } = field;
        if (done.has(field) || !isNonNullType(promised) || isListType(promised.ofType) || !hides(promised)) {
          continue;
        }
        if (field.resolve || isRoot(schema, type.name)) {
          const what = getNamedType(promised).name;
          throw new Error(
            `${type.name}.${name} may not be null, but ${what} is not shown to everybody: take its "!" away.`,
          );
        }
        const holds: Test = async (row, viewing) => {
          const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, name) : null;
          // What a function would give cannot be known without calling it, and then it would be called twice.
          return typeof value !== 'function' && shown(promised, await value, viewing);
        };
        byType.set(type.name, [...(byType.get(type.name) ?? []), holds]);
        done.add(field);
      }
    }
  }
}

function isRoot(schema: GraphQLSchema, name: string): boolean {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.some((type) => type?.name === name);
}

function fieldRule(shownTo: ShownTo, typeName: string, field: Field): ShieldRule | undefined {
  const given = shownTo[typeName];
  const condition = given && !isRule(given) ? given[field.name] : undefined;
  if (condition && isNonNullType(field.type)) {
    throw new Error(`${typeName}.${field.name} may not be null, but is not shown to everybody.`);
  }
  return condition;
}

function resolveShown({ type, resolve = defaultFieldResolver }: Field, { shown }: RowTests): Resolve {
  const visible = async (of: GraphQLOutputType, value: unknown, viewing: Viewing): Promise<unknown> => {
    if (isNonNullType(of)) return visible(of.ofType, value, viewing);
    // GraphQL takes a returned Error for a failure.
    if (value === null || value === undefined || value instanceof Error) return value;
    if (!isListType(of)) return (await shown(of, value, viewing)) ? value : hidden;
    // What cannot be gone through cannot be judged.
    if (!isIterable(value))
      throw new Error('A field with a rule for its rows gives a list that is no iterable.');
    const items = await Promise.all(
      Array.from(value, async (item) => {
        try {
          return await visible(of.ofType, await item, viewing);
        } catch (error) {
          return error instanceof Error ? error : new Error(String(error));
        }
      }),
    );
    if (isNonNullType(of.ofType)) return items.filter((item) => item !== hidden);
    return items.map((item) => (item === hidden ? null : item));
  };
  return async (parent, args, context, info) => {
    const found = await visible(type, await resolve(parent, args, context, info), { context, info });
    return found === hidden ? null : found;
  };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** What a reference says of a row is whatever its sender wants: rules are to see the row itself. */
function refuseUnreadEntities(schema: GraphQLSchema, { hides }: RowTests): void {
  const entities = schema.getType('_Entity');
  if (!isAbstractType(entities)) return;
  for (const type of schema.getPossibleTypes(entities)) {
    const { apollo } = type.extensions as { apollo?: { subgraph?: { resolveReference?: unknown } } };
    if (!hides(type) || apollo?.subgraph?.resolveReference) continue;
    throw new Error(`${type.name} has rules for its rows and no __resolveReference that reads them.`);
  }
}
