// Creates the index by which a person’s payments are found when they take their data along, or leave.
import type { Migration } from 'kysely';

export const paymentsByUser: Migration = {
  async up(db) {
    await db.schema.createIndex('payments_by_user').on('payments').column('user_id').execute();
  },
  async down(db) {
    await db.schema.dropIndex('payments_by_user').execute();
  },
};
