// Owns that nothing read before a change is served after it: loaders remember, so they are renewed around mutations.
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { SubgraphContext } from './define-subgraph.ts';

/**
 * Gives every mutation loaders of its own, and its answer new ones again, in place. GraphQL runs the mutations of one
 * operation one after another, the answer of each before the next, so they never share a context at the same time.
 */
export function renewLoadersAroundMutations<Tables, Loaders>(
  schema: GraphQLSchema,
  loaders: (context: SubgraphContext<Tables, Loaders>) => Loaders,
): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (parent, args, context: SubgraphContext<Tables, Loaders>, info) => {
      context.loaders = loaders(context);
      try {
        return await resolve(parent, args, context, info);
      } finally {
        context.loaders = loaders(context);
      }
    };
  }
  return schema;
}
