// Creates the index by which a person’s parcels are found when they take their data along, or leave.
import type { Migration } from 'kysely';

export const shipmentsByUser: Migration = {
  async up(db) {
    await db.schema.createIndex('shipments_by_user').on('shipments').column('user_id').execute();
  },
  async down(db) {
    await db.schema.dropIndex('shipments_by_user').execute();
  },
};
