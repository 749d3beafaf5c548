// Creates the inbox and the view of what is unread in it.
import { type Migration, sql } from 'kysely';

export const inbox: Migration = {
  async up(db) {
    await db.schema
      .createTable('notifications')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) =>
        column
          .notNull()
          .check(
            sql`kind in ('ORDER_SHIPPED', 'ORDER_DELIVERED', 'BACK_IN_STOCK', 'REVIEW_HELPFUL', 'NEWS')`,
          ),
      )
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('subject_type', 'text', (column) =>
        column.check(sql`subject_type in ('Order', 'Product', 'Review')`),
      )
      .addColumn('subject_id', 'text')
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .addColumn('read_at', 'timestamptz')
      .addCheckConstraint('notifications_subject_whole', sql`(subject_type is null) = (subject_id is null)`)
      .execute();
    await db.schema
      .createIndex('notifications_by_user')
      .on('notifications')
      .columns(['user_id', 'created_at desc', 'id desc'])
      .execute();
    await db.schema
      .createIndex('notifications_unread')
      .on('notifications')
      .columns(['user_id', 'created_at desc', 'id desc'])
      .where(sql.ref('read_at'), 'is', null)
      .execute();
    await db.schema
      .createView('unread_notifications')
      .as(db.selectFrom('notifications').selectAll().where('read_at', 'is', null))
      .execute();
  },
  async down(db) {
    await db.schema.dropView('unread_notifications').execute();
    await db.schema.dropTable('notifications').execute();
  },
};
