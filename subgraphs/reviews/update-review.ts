// Owns changing a review; only its author may, and an admin.
import { sql } from 'kysely';
import type { ReviewPayload } from './add-review.ts';
import { authorToChange } from './author-to-change.ts';
import { changeOfReview } from './change-of-review.ts';
import type { Review } from './database.ts';
import type { Context } from './loaders.ts';
import { reviewNotFound, reviewProblems } from './review-rules.ts';

interface UpdateReviewInput {
  id: string;
  rating?: number | null;
  title?: string | null;
  body?: string | null;
}

export async function updateReview(
  _: unknown,
  { input }: { input: UpdateReviewInput },
  context: Context,
): Promise<ReviewPayload> {
  const changes = changesOf(input);
  const userErrors = reviewProblems(changes);
  if (userErrors.length > 0) return { review: null, userErrors };

  const authorId = await authorToChange(input.id, context);
  if (authorId === undefined) return { review: null, userErrors: [reviewNotFound(['input', 'id'])] };
  const review = await context.db
    .updateTable('reviews')
    .set({ ...changes, edited_at: Object.keys(changes).length > 0 ? sql`now()` : sql.ref('edited_at') })
    .where('id', '=', input.id)
    .where('author_id', '=', authorId)
    .returningAll()
    .executeTakeFirst();
  if (!review) return { review: null, userErrors: [reviewNotFound(['input', 'id'])] };
  context.changed(changeOfReview(review));
  return { review, userErrors: [] };
}

/** Null is taken as left out: a review cannot lose its rating or its text. */
function changesOf({
  rating,
  title,
  body,
}: UpdateReviewInput): Partial<Pick<Review, 'rating' | 'title' | 'body'>> {
  return {
    ...(rating != null ? { rating } : {}),
    ...(title != null ? { title: title.trim() } : {}),
    ...(body != null ? { body: body.trim() } : {}),
  };
}
