// Creates reviews, the votes on them and the purchases that verify them.
import { type Migration, sql } from 'kysely';

export const opinions: Migration = {
  async up(db) {
    await db.schema
      .createTable('reviews')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('product_id', 'text', (column) => column.notNull())
      .addColumn('author_id', 'text', (column) => column.notNull())
      .addColumn('author_name', 'text', (column) => column.notNull())
      .addColumn('rating', 'smallint', (column) => column.notNull().check(sql`rating between 1 and 5`))
      .addColumn('title', 'text', (column) =>
        column.notNull().check(sql`char_length(title) between 3 and 120`),
      )
      .addColumn('body', 'text', (column) =>
        column.notNull().check(sql`char_length(body) between 10 and 5000`),
      )
      .addColumn('verified_purchase', 'boolean', (column) => column.notNull())
      .addColumn('helpful_count', 'integer', (column) =>
        column.notNull().defaultTo(0).check(sql`helpful_count >= 0`),
      )
      .addColumn('suspicion', 'double precision', (column) =>
        column.notNull().defaultTo(0).check(sql`suspicion between 0 and 1`),
      )
      .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('edited_at', 'timestamptz')
      .addUniqueConstraint('reviews_one_each', ['product_id', 'author_id'])
      .execute();
    // The other sorts of a product's reviews read the same few rows by this index and sort them.
    await db.schema
      .createIndex('reviews_by_product')
      .on('reviews')
      .columns(['product_id', 'created_at', 'id'])
      .execute();
    await db.schema
      .createIndex('reviews_by_author')
      .on('reviews')
      .columns(['author_id', 'created_at', 'id'])
      .execute();

    await db.schema
      .createTable('review_votes')
      .addColumn('review_id', 'text', (column) =>
        column.notNull().references('reviews.id').onDelete('cascade'),
      )
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('review_votes_one_each', ['review_id', 'user_id'])
      .execute();

    await db.schema
      .createTable('purchases')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('product_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('purchases_once', ['user_id', 'product_id'])
      .execute();
  },
  async down(db) {
    for (const table of ['purchases', 'review_votes', 'reviews']) await db.schema.dropTable(table).execute();
  },
};
