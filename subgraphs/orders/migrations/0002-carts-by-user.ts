// Creates the index by which a person’s cart is found when they take their data along, or leave.
import type { Migration } from 'kysely';

export const cartsByUser: Migration = {
  async up(db) {
    await db.schema.createIndex('carts_by_user').on('carts').column('user_id').execute();
  },
  async down(db) {
    await db.schema.dropIndex('carts_by_user').execute();
  },
};
