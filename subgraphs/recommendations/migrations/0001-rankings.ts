// Creates the rankings: what goes with a product, what suits a person, what sells.
import { type Migration, sql } from 'kysely';

export const rankings: Migration = {
  async up(db) {
    await db.schema
      .createTable('product_relations')
      .addColumn('product_id', 'text', (column) => column.notNull())
      .addColumn('rank', 'smallint', (column) => column.notNull().check(sql`rank between 1 and 24`))
      .addColumn('related_id', 'text', (column) => column.notNull())
      .addColumn('score', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('product_relations_place', ['product_id', 'rank'])
      .addUniqueConstraint('product_relations_pair', ['product_id', 'related_id'])
      .addCheckConstraint('product_relations_others', sql`product_id <> related_id`)
      .execute();

    await db.schema
      .createTable('user_recommendations')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('rank', 'smallint', (column) => column.notNull().check(sql`rank between 1 and 50`))
      .addColumn('product_id', 'text', (column) => column.notNull())
      .addColumn('score', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('user_recommendations_place', ['user_id', 'rank'])
      .addUniqueConstraint('user_recommendations_pair', ['user_id', 'product_id'])
      .execute();

    await db.schema
      .createTable('popularity')
      .addColumn('product_id', 'text', (column) => column.primaryKey())
      .addColumn('category_id', 'text', (column) => column.notNull())
      .addColumn('parent_category_id', 'text')
      .addColumn('sold', 'integer', (column) => column.notNull().check(sql`sold >= 0`))
      .execute();
    await db.schema
      .createIndex('popularity_by_sold')
      .on('popularity')
      .columns(['sold', 'product_id'])
      .execute();
    for (const category of ['category_id', 'parent_category_id']) {
      await db.schema
        .createIndex(`popularity_by_${category}`)
        .on('popularity')
        .columns([category, 'sold', 'product_id'])
        .execute();
    }
  },
  async down(db) {
    for (const table of ['popularity', 'user_recommendations', 'product_relations']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
