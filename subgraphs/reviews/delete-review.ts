// Owns deleting a review together with the votes on it; only its author may.

import { signedIn } from '../kit/ownership.ts';
import type { Context } from './loaders.ts';
import { type ReviewError, reviewNotFound } from './review-rules.ts';

interface DeleteReviewPayload {
  deletedId: string | null;
  product: { id: string } | null;
  userErrors: ReviewError[];
}

export async function deleteReview(
  _: unknown,
  { id }: { id: string },
  context: Context,
): Promise<DeleteReviewPayload> {
  const deleted = await context.db
    .deleteFrom('reviews')
    .where('id', '=', id)
    .where('author_id', '=', signedIn(context.caller))
    .returning('product_id')
    .executeTakeFirst();
  if (!deleted) return { deletedId: null, product: null, userErrors: [reviewNotFound(['id'])] };
  return { deletedId: id, product: { id: deleted.product_id }, userErrors: [] };
}
