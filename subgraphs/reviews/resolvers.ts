// Owns how the schema of reviews is answered from its rows; each mutation is in the file of its name.
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers } from '../kit/define-subgraph.ts';
import { myDataResolvers } from '../kit/personal-data/my-data.ts';
import { addReview } from './add-review.ts';
import type { Review, ReviewsTables } from './database.ts';
import { deleteReview } from './delete-review.ts';
import type { Context, Loaders } from './loaders.ts';
import { markReviewHelpful } from './mark-review-helpful.ts';
import { personalData } from './personal-data.ts';
import type { ReviewFilter, ReviewSort } from './review-list.ts';
import { updateReview } from './update-review.ts';

/** Products and people belong to other domains: whoever is asked about is taken to be there. */
interface Reference {
  id: string;
}
const asReferred = ({ id }: Reference): Reference => ({ id });

export const resolvers: Resolvers<Context> = {
  Query: {
    review: (_, { id }: { id: string }, { loaders }) => loaders.reviews.load({ id }),
  },
  Mutation: { addReview, updateReview, deleteReview, markReviewHelpful },

  Review: {
    __resolveReference: ({ id }: Reference, { loaders }) => loaders.reviews.load({ id }),
    product: (review: Review) => ({ id: review.product_id }),
    author: (review: Review) => ({ id: review.author_id, displayName: review.author_name }),
    createdAt: (review: Review) => review.created_at,
    editedAt: (review: Review) => review.edited_at,
    verifiedPurchase: (review: Review) => review.verified_purchase,
    helpfulCount: (review: Review) => review.helpful_count,
  },

  Product: {
    __resolveReference: asReferred,
    rating: ({ id }: Reference, _, { loaders }) => loaders.ratings.load(id),
    reviews: (
      { id }: Reference,
      { sort, minRating, first, after }: ReviewFilter & PageArguments & { sort?: ReviewSort | null },
      { loaders },
    ) => loaders.ofProduct[sort ?? 'NEWEST'].load(id, { first, after }, { minRating: minRating ?? null }),
  },

  User: {
    __resolveReference: asReferred,
    reviews: ({ id }: Reference, page: PageArguments, { loaders }) => loaders.ofAuthor.load(id, page),
  },

  ...myDataResolvers<ReviewsTables, Loaders>('reviews', personalData),
};
