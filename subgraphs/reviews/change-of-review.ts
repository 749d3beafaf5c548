// Owns what else changes with a review: what is said of its product and of its author holds it.
import type { ChangedEntities } from '../kit/changes/change.ts';
import type { Review } from './database.ts';

export function changeOfReview({
  id,
  product_id,
  author_id,
}: Pick<Review, 'id' | 'product_id' | 'author_id'>): ChangedEntities {
  return { Review: id, Product: product_id, User: author_id };
}
