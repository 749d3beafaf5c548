// Creates warehouses, what lies in them, and the rates of standard delivery.
import { type Migration, sql } from 'kysely';

export const stock: Migration = {
  async up(db) {
    await db.schema
      .createTable('warehouses')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('country', 'char(2)', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('stocked_products')
      .addColumn('sku', 'text', (column) => column.primaryKey())
      .addColumn('expected_at', 'timestamptz')
      .execute();

    await db.schema
      .createTable('stock')
      .addColumn('sku', 'text', (column) =>
        column.notNull().references('stocked_products.sku').onDelete('cascade'),
      )
      .addColumn('warehouse_id', 'text', (column) => column.notNull().references('warehouses.id'))
      .addColumn('on_hand', 'integer', (column) => column.notNull())
      .addColumn('reserved', 'integer', (column) => column.notNull().defaultTo(0))
      .addPrimaryKeyConstraint('stock_by_product', ['sku', 'warehouse_id'])
      .addCheckConstraint('stock_reserved_is_there', sql`reserved between 0 and on_hand`)
      .execute();

    await db.schema
      .createTable('delivery_rates')
      .addColumn('country', 'char(2)', (column) => column.notNull())
      .addColumn('up_to_grams', 'integer', (column) => column.notNull().check(sql`up_to_grams > 0`))
      .addColumn('amount', 'integer', (column) => column.notNull().check(sql`amount >= 0`))
      .addColumn('currency', 'char(3)', (column) => column.notNull())
      .addPrimaryKeyConstraint('delivery_rates_by_country', ['country', 'up_to_grams'])
      .execute();
  },
  async down(db) {
    for (const table of ['delivery_rates', 'stock', 'stocked_products', 'warehouses']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
