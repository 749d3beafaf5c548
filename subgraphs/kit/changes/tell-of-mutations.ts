// Owns that the answer of a mutation waits until what it changed is told.
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { SubgraphContext } from '../define-subgraph.ts';
import type { ChangePublisher } from './publish-changes.ts';

/**
 * In place: gives every mutation a `changed` of its own, and the rest of the operation the one from before. GraphQL runs the
 * mutations of one operation one after another, so they never share a context at the same time.
 */
export function tellOfMutations(schema: GraphQLSchema, { publish }: ChangePublisher): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (parent, args, context: SubgraphContext<unknown, unknown>, info) => {
      const telling: Promise<void>[] = [];
      const { changed } = context;
      context.changed = (entities) => void telling.push(publish(entities));
      try {
        return await resolve(parent, args, context, info);
      } finally {
        // Also of one that has failed: what was said is committed.
        await Promise.all(telling);
        context.changed = changed;
      }
    };
  }
  return schema;
}
