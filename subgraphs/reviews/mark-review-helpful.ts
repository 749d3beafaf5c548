// Owns the votes that a review helped, and that its counter agrees with them.

import { inTransaction } from '../kit/database/in-transaction.ts';
import { signedIn } from '../kit/rules/ownership.ts';
import type { ReviewPayload } from './add-review.ts';
import { changeOfReview } from './change-of-review.ts';
import type { Context } from './loaders.ts';

export async function markReviewHelpful(
  _: unknown,
  { id }: { id: string },
  context: Context,
): Promise<ReviewPayload> {
  const userId = signedIn(context.caller);
  const { review, isCounted } = await inTransaction(context.db, async (transaction) => {
    // The lock keeps the review there and its counter still until the vote is counted.
    const found = await transaction
      .selectFrom('reviews')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!found) return { review: undefined, isCounted: false };
    const vote = await transaction
      .insertInto('review_votes')
      .values({ review_id: id, user_id: userId })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (vote.numInsertedOrUpdatedRows === 0n) return { review: found, isCounted: false };
    const counted = await transaction
      .updateTable('reviews')
      .set(({ eb }) => ({ helpful_count: eb('helpful_count', '+', 1) }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { review: counted, isCounted: true };
  });
  if (!review) {
    return {
      review: null,
      userErrors: [{ code: 'NOT_FOUND', message: 'There is no such review.', field: ['id'] }],
    };
  }
  if (isCounted) context.changed(changeOfReview(review));
  return { review, userErrors: [] };
}
