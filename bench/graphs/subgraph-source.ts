// Owns what a subgraph of the bench is written as: a schema and what answers it.
import type { GraphQLFieldResolver } from 'graphql';

export interface SubgraphSource {
  name: string;
  sdl: string;
  /** By type and field. An entity that is asked for by its key is the representation itself. */
  resolvers: Record<string, Record<string, GraphQLFieldResolver<Item, unknown>>>;
}

/** What a resolver gets as its parent; roots get nothing of use. */
export interface Item {
  id: string;
}
