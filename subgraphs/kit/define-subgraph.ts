// Owns the shape of a subgraph, the one thing a domain hands to the kit; it starts nothing.
import type { FastifyInstance } from 'fastify';
import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import type { Kysely, Migration } from 'kysely';
import type { Caller, KeySet } from './calls/caller.ts';
import type { ChangedEntities } from './changes/change.ts';
import type { PersonalData } from './personal-data/define-personal-data.ts';
import type { Permissions } from './rules/shield.ts';

/** What every resolver gets as its third argument; new for every request. */
export interface SubgraphContext<Tables, Loaders> {
  /** Bound to the service's own schema: table names stay bare. */
  db: Kysely<Tables>;
  loaders: Loaders;
  caller: Caller;
  /** What `MyData` tells the caller, once it was asked for. */
  exported?: Promise<object>;
  /**
   * Says what changed, by every key it is known by: `changed({ Review: id, User: authorId })`. Routers drop then what they hold
   * of it. Call it when the change is committed; the answer of a mutation waits until it is told, 50 ms at most.
   */
  changed: (entities: ChangedEntities) => void;
  /** IPv4 or IPv6, as far as it is known where the client is; else of the peer that asks for it. */
  clientAddress: string;
}

export type FieldResolver<Context> = (
  parent: never,
  args: never,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

export interface TypeResolvers<Context> {
  /** Turns an entity's representation from another subgraph into its row; null when there is none. */
  __resolveReference?: (reference: never, context: Context) => unknown;
  __resolveType?: (value: never, context: Context) => string | undefined | Promise<string | undefined>;
  [field: string]: FieldResolver<Context>;
}

/** By type name: field resolvers, a scalar, or the inner values of an enum. */
export type Resolvers<Context> = Readonly<
  Record<string, TypeResolvers<Context> | GraphQLScalarType | Readonly<Record<string, string | number>>>
>;

export interface StartParts<Tables> {
  db: Kysely<Tables>;
  http: FastifyInstance;
  changed: (entities: ChangedEntities) => void;
}

/** What a subgraph's `start` may give back. */
export interface SubgraphExtras {
  /** Verifies callers' tokens in place of the key server: accounts holds the keys itself. */
  keySet?: KeySet;
  stop?: () => Promise<void>;
}

export interface SubgraphDefinition<Tables = unknown, Loaders = unknown> {
  /** Folder, database schema and routing name: lower case letters, digits and `_`. */
  name: string;
  /** `new URL('.', import.meta.url)`: schema.graphql is read there. */
  folder: URL;
  /** Kysely migrations by sortable name, e.g. `'0001-products'`; their `db` is bound to the service's schema. */
  migrations: Readonly<Record<string, Migration>>;
  /** Runs once, in one transaction, on an empty database. */
  seed: (db: Kysely<Tables>) => Promise<void>;
  /** Called for every request, so nothing is remembered from one caller to the next. */
  loaders: (db: Kysely<Tables>, caller: Caller) => Loaders;
  resolvers: Resolvers<SubgraphContext<Tables, Loaders>>;
  /** Shield rules, in addition to @authenticated and @requiresScopes in the schema: all must allow. */
  permissions?: Permissions;
  /** What of its data is personal, of every table; without it the domain knows nobody. */
  personalData?: PersonalData;
  /** Adds routes of its own before the server listens. `changed` is as in the context, for what changes without a mutation. */
  start?: (parts: StartParts<Tables>) => Promise<SubgraphExtras | undefined>;
}

/**
 * Declares a subgraph with its tables and loaders typed, and returns it without them: the kit serves many side by side.
 * Throws when the name cannot be a database schema.
 */
export function defineSubgraph<Tables, Loaders>(
  definition: SubgraphDefinition<Tables, Loaders>,
): SubgraphDefinition {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(definition.name)) {
    throw new Error(
      `A subgraph cannot be called "${definition.name}": use lower case letters, digits and _.`,
    );
  }
  // Safe because the kit gives a definition only the database and loaders made from that same definition.
  return definition as unknown as SubgraphDefinition;
}
