// Creates categories, products and their pictures.
import { type Migration, sql } from 'kysely';

export const assortment: Migration = {
  async up(db) {
    await db.schema
      .createTable('categories')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('slug', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('parent_id', 'text', (column) => column.references('categories.id'))
      .addColumn('position', 'integer', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('categories_by_parent')
      .on('categories')
      .columns(['parent_id', 'position'])
      .execute();

    await db.schema
      .createTable('products')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('sku', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('brand', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('category_id', 'text', (column) => column.notNull().references('categories.id'))
      .addColumn('price', 'integer', (column) => column.notNull().check(sql`price > 0`))
      .addColumn('cost_price', 'integer', (column) => column.notNull().check(sql`cost_price > 0`))
      .addColumn('currency', 'char(3)', (column) => column.notNull())
      .addColumn('weight_grams', 'integer', (column) => column.notNull().check(sql`weight_grams > 0`))
      .addColumn('supplier_code', 'text', (column) => column.notNull())
      .addColumn('added_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('products_by_category')
      .on('products')
      .columns(['category_id', 'added_at', 'id'])
      .execute();
    await db.schema.createIndex('products_by_age').on('products').columns(['added_at', 'id']).execute();
    await db.schema.createIndex('products_by_price').on('products').columns(['price', 'id']).execute();

    await db.schema
      .createTable('product_images')
      .addColumn('id', 'integer', (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('product_id', 'text', (column) =>
        column.notNull().references('products.id').onDelete('cascade'),
      )
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('alt', 'text', (column) => column.notNull())
      .addColumn('width', 'integer', (column) => column.notNull())
      .addColumn('height', 'integer', (column) => column.notNull())
      .addUniqueConstraint('product_images_place', ['product_id', 'position'])
      .execute();

    // The tree has two levels, so "this category and those above it" is the category and its parent.
    await db.schema
      .createView('category_products')
      .as(
        db
          .selectFrom('products')
          .innerJoin('categories', 'categories.id', 'products.category_id')
          .innerJoin('categories as listed', (join) =>
            join.on((on) =>
              on.or([
                on('listed.id', '=', on.ref('categories.id')),
                on('listed.id', '=', on.ref('categories.parent_id')),
              ]),
            ),
          )
          .selectAll('products')
          .select('listed.id as listed_in'),
      )
      .execute();
  },
  async down(db) {
    await db.schema.dropView('category_products').execute();
    for (const table of ['product_images', 'products', 'categories']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
