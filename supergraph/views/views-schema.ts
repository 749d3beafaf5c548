// Owns making one executable schema of views, and finding everything in which their schema and resolvers do not agree.
import type { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, GraphQLError, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { errorRow } from '../foundation/errors.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { didYouMean } from '../foundation/suggest.ts';
import type {
  RootViewContext,
  RootViewResolver,
  ViewContext,
  ViewResolver,
  ViewResolvers,
} from './define-views.ts';
import type { LoadedViews } from './load-views.ts';
import type { OwnField } from './own-fields.ts';

export interface ViewLog {
  error: (details: object, message: string) => void;
}

/** Apollo's own name for it is not exported. */
type ResolverMap = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']
>;

/** What is handed to the schema as its context. */
export interface Surroundings {
  /** For fields of entities: what these need they require. If they could ask, each of a list's entities would. */
  field: ViewContext;
  root: RootViewContext;
}

type Resolve = (parent: object, args: object, context: Surroundings) => unknown;

/**
 * The context of its resolvers is `Surroundings`. `own` is what the supergraph says that the views resolve. Throws a
 * StartupProblem with all problems.
 */
export async function viewsSchema(
  { from, sdl, resolvers: given }: LoadedViews,
  own: readonly OwnField[],
  log: ViewLog,
): Promise<GraphQLSchema> {
  const resolvers = typeof given === 'function' ? given() : given;
  const schema = await build(`${from}/schema.graphql`, sdl, wrapped(resolvers, log));
  const problems = [...checkFields(schema, own, resolvers), ...checkResolvers(schema, resolvers)];
  if (problems.length > 0) {
    throw new StartupProblem(`The views in ${from} cannot be used:\n- ${problems.join('\n- ')}`);
  }
  return schema;
}

async function build(file: string, sdl: string, resolvers: ResolverMap): Promise<GraphQLSchema> {
  // Loaded for those alone who have views: it brings as much memory along as a planner.
  const { buildSubgraphSchema } = await import('@apollo/subgraph');
  try {
    const typeDefs: DocumentNode = parse(sdl);
    return buildSubgraphSchema({ typeDefs, resolvers });
  } catch (error) {
    throw new StartupProblem(`${file} cannot be used: ${error instanceof Error ? error.message : error}`);
  }
}

function checkFields(schema: GraphQLSchema, own: readonly OwnField[], resolvers: ViewResolvers): string[] {
  const problems: string[] = [];
  if (schema.getMutationType() || schema.getSubscriptionType()) {
    problems.push('Views have fields that are read: what changes something belongs to a domain.');
  }
  for (const { type, field, isNullable } of own) {
    const at = `${type}.${field}`;
    if (!hasField(schema, type, field)) {
      problems.push(`${at}: the supergraph has it, and schema.graphql has not: run "npm run compose".`);
    } else if (typeof resolvers[type]?.[field] !== 'function') {
      problems.push(`${at}: has no resolver.`);
    }
    if (!isNullable) problems.push(`${at}: must be nullable, or its failure takes along what is beside it.`);
  }
  return problems;
}

function checkResolvers(schema: GraphQLSchema, resolvers: ViewResolvers): string[] {
  return Object.entries(resolvers).flatMap(([name, fields = {}]) => {
    const type = schema.getType(name);
    const types = Object.keys(schema.getTypeMap());
    if (!isObjectType(type)) {
      return [`resolvers.${name}: schema.graphql has no such type with fields.${didYouMean(name, types)}`];
    }
    const known = Object.keys(type.getFields());
    return Object.keys(fields)
      .filter((field) => !known.includes(field))
      .map(
        (field) => `resolvers.${name}.${field}: schema.graphql has no such field.${didYouMean(field, known)}`,
      );
  });
}

function hasField(schema: GraphQLSchema, name: string, field: string): boolean {
  const type = schema.getType(name);
  return isObjectType(type) && Object.hasOwn(type.getFields(), field);
}

function wrapped(resolvers: ViewResolvers, log: ViewLog): ResolverMap {
  const all: Record<string, Record<string, Resolve>> = {};
  for (const [type, fields = {}] of Object.entries(resolvers)) {
    all[type] = {};
    for (const [field, resolver] of Object.entries(fields)) {
      all[type][field] = logged(
        `${type}.${field}`,
        type === 'Query' ? asRoot(resolver) : asField(resolver),
        log,
      );
    }
  }
  return all as ResolverMap;
}

function asRoot(resolver: RootViewResolver): Resolve {
  return (parent, args, { root }) => resolver(parent, args, root);
}

function asField(resolver: ViewResolver): Resolve {
  return (parent, args, { field }) => resolver(parent, args, field);
}

/** Clients hear that something went wrong, and the log what. */
function logged(coordinate: string, resolve: Resolve, log: ViewLog): Resolve {
  const tell = (error: unknown, { field: { requestId, signal } }: Surroundings): void => {
    const isForClient = error instanceof GraphQLError && errorRow(error.extensions['code']) !== undefined;
    if (!isForClient && !signal.aborted) {
      log.error({ err: error }, `${requestId}: the view ${coordinate} failed`);
    }
  };
  return (parent, args, context) => {
    try {
      const value = resolve(parent, args, context);
      if (!(value instanceof Promise)) return value;
      return value.catch((error: unknown) => {
        tell(error, context);
        throw error;
      });
    } catch (error) {
      tell(error, context);
      throw error;
    }
  };
}
