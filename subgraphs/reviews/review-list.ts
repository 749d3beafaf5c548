// Owns how lists of reviews are filtered and sorted, in the schema's words and in SQL's.
import { type Expression, type SqlBool, sql } from 'kysely';
import { badInput, type PageOrder } from '../kit/cursor.ts';
import type { ReviewRow } from './database.ts';

export type ReviewSort = 'NEWEST' | 'MOST_HELPFUL' | 'BEST_RATING' | 'WORST_RATING';

export interface ReviewFilter {
  minRating?: number | null;
}

const newestFirst: PageOrder<keyof ReviewRow> = [
  ['created_at', 'desc'],
  ['id', 'desc'],
];

/** Every order ends with the id; among equals the newest comes first. */
export const reviewOrders: Record<ReviewSort, PageOrder<keyof ReviewRow>> = {
  NEWEST: newestFirst,
  MOST_HELPFUL: [['helpful_count', 'desc'], ...newestFirst],
  BEST_RATING: [['rating', 'desc'], ...newestFirst],
  WORST_RATING: [['rating', 'asc'], ...newestFirst],
};

/** Throws GraphQLError BAD_USER_INPUT unless `minRating` is from 1 to 5. */
export function reviewConditions({ minRating }: ReviewFilter): Expression<SqlBool>[] {
  if (minRating == null) return [];
  if (minRating < 1 || minRating > 5) {
    throw badInput('minRating', `must be between 1 and 5, but is ${minRating}`);
  }
  return [sql<boolean>`rating >= ${minRating}`];
}
