// Owns the shape of the reviews' tables; migrations/ makes them.
import type { Generated, Selectable } from 'kysely';

export interface ReviewRow {
  id: string;
  product_id: string;
  author_id: string;
  /** What the author was called when writing it. */
  author_name: string;
  /** 1 to 5 stars. */
  rating: number;
  title: string;
  body: string;
  verified_purchase: boolean;
  /** How many have voted so in `review_votes`, kept here to sort by; votes of people who have left still count. */
  helpful_count: Generated<number>;
  /** From 0 to 1; what no moderator's model has looked at is 0. */
  suspicion: Generated<number>;
  created_at: Generated<Date>;
  /** Null when it never was changed. */
  edited_at: Date | null;
}

/** A review as it is read. */
export type Review = Selectable<ReviewRow>;

/** One person said that one review helped. */
export interface ReviewVoteRow {
  review_id: string;
  user_id: string;
}

/** What has been delivered to whom: this domain's own copy, so that it need not ask orders. */
export interface PurchaseRow {
  user_id: string;
  product_id: string;
}

export interface ReviewsTables {
  reviews: ReviewRow;
  review_votes: ReviewVoteRow;
  purchases: PurchaseRow;
}
