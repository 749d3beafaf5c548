// Creates the index by which a person’s votes are found when they take their data along, or leave.
import type { Migration } from 'kysely';

export const reviewVotesByUser: Migration = {
  async up(db) {
    await db.schema.createIndex('review_votes_by_user').on('review_votes').column('user_id').execute();
  },
  async down(db) {
    await db.schema.dropIndex('review_votes_by_user').execute();
  },
};
