// Owns how the schema of recommendations is answered from its rankings.
import { badInput } from '../kit/cursor.ts';
import type { Resolvers, SubgraphContext } from '../kit/define-subgraph.ts';
import { myDataResolvers } from '../kit/personal-data/my-data.ts';
import type { RecommendationsTables } from './database.ts';
import type { Loaders } from './loaders.ts';
import { personalData } from './personal-data.ts';

type Context = SubgraphContext<RecommendationsTables, Loaders>;

/** Products and people belong to other domains: whoever is asked about is taken to be there. */
interface Reference {
  id: string;
}
const asReferred = ({ id }: Reference): Reference => ({ id });

/** Null is what leaving the argument out gives. */
interface RankingArguments {
  first?: number | null;
}

export const resolvers: Resolvers<Context> = {
  Query: {
    popularProducts: (_, args: RankingArguments & { categoryId?: string | null }, { db }) => {
      const { categoryId } = args;
      const popular = db
        .selectFrom('popularity')
        .select('product_id as id')
        .orderBy('sold', 'desc')
        .orderBy('product_id', 'desc')
        .limit(lengthOf(args, { usual: 10, most: 50 }));
      if (categoryId == null) return popular.execute();
      return popular
        .where((row) =>
          row.or([row('category_id', '=', categoryId), row('parent_category_id', '=', categoryId)]),
        )
        .execute();
    },
  },

  Product: {
    __resolveReference: asReferred,
    related: async ({ id }: Reference, args: RankingArguments, { loaders }) =>
      asReferences(await loaders.related.load(id, lengthOf(args, { usual: 6, most: 24 }))),
  },

  User: {
    __resolveReference: asReferred,
    recommendations: async ({ id }: Reference, args: RankingArguments, { loaders }) =>
      asReferences(await loaders.recommended.load(id, lengthOf(args, { usual: 10, most: 50 }))),
  },

  ...myDataResolvers<RecommendationsTables, Loaders>('recommendations', personalData),
};

function asReferences(ids: string[]): Reference[] {
  return ids.map((id) => ({ id }));
}

/** Throws GraphQLError BAD_USER_INPUT unless `first` is from 1 to `most`. */
function lengthOf({ first }: RankingArguments, { usual, most }: { usual: number; most: number }): number {
  const length = first ?? usual;
  if (length < 1 || length > most) throw badInput('first', `must be between 1 and ${most}, but is ${length}`);
  return length;
}
