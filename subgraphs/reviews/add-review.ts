// Owns writing a review; what a review must be like is in review-rules.ts.
import { newId } from '../kit/new-id.ts';
import { signedIn } from '../kit/rules/ownership.ts';
import { changeOfReview } from './change-of-review.ts';
import type { Review } from './database.ts';
import type { Context } from './loaders.ts';
import { productIdProblems, type ReviewError, reviewProblems } from './review-rules.ts';

interface AddReviewInput {
  productId: string;
  rating: number;
  title: string;
  body: string;
}

export interface ReviewPayload {
  review: Review | null;
  userErrors: ReviewError[];
}

export async function addReview(
  _: unknown,
  { input }: { input: AddReviewInput },
  context: Context,
): Promise<ReviewPayload> {
  const authorId = signedIn(context.caller);
  const { productId, rating } = input;
  const title = input.title.trim();
  const body = input.body.trim();
  const userErrors = [...productIdProblems(productId), ...reviewProblems({ rating, title, body })];
  if (userErrors.length > 0) return { review: null, userErrors };

  const review = await context.db
    .insertInto('reviews')
    .values(({ exists, selectFrom }) => ({
      id: newId('review'),
      product_id: productId,
      author_id: authorId,
      // As the person is called today; a later change of name does not sign this review anew.
      author_name: context.caller.displayName ?? 'Customer',
      rating,
      title,
      body,
      verified_purchase: exists(
        selectFrom('purchases')
          .select('product_id')
          .where('user_id', '=', authorId)
          .where('product_id', '=', productId),
      ).$castTo<boolean>(),
    }))
    // The constraint decides, so that two calls at once cannot both pass a look beforehand.
    .onConflict((conflict) => conflict.constraint('reviews_one_each').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!review) return { review: null, userErrors: [alreadyReviewed] };
  context.changed(changeOfReview(review));
  return { review, userErrors: [] };
}

const alreadyReviewed: ReviewError = {
  code: 'ALREADY_REVIEWED',
  message: 'You have reviewed this product: change your review instead.',
  field: ['input', 'productId'],
};
