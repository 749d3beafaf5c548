// Owns deleting a review together with the votes on it; only its author may, and an admin.

import { authorToChange } from './author-to-change.ts';
import { changeOfReview } from './change-of-review.ts';
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
  const authorId = await authorToChange(id, context);
  const deleted =
    authorId !== undefined &&
    (await context.db
      .deleteFrom('reviews')
      .where('id', '=', id)
      .where('author_id', '=', authorId)
      .returning(['id', 'product_id', 'author_id'])
      .executeTakeFirst());
  if (!deleted) return { deletedId: null, product: null, userErrors: [reviewNotFound(['id'])] };
  context.changed(changeOfReview(deleted));
  return { deletedId: id, product: { id: deleted.product_id }, userErrors: [] };
}
