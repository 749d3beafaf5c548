// Creates orders with their lines and history, and carts with their lines.
import { type Migration, sql } from 'kysely';

const isStatus = sql`status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'RETURNED')`;

export const ordersAndCarts: Migration = {
  async up(db) {
    await db.schema
      .createTable('orders')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('number', 'text', (column) => column.notNull().unique())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull().check(isStatus))
      .addColumn('placed_at', 'timestamptz', (column) => column.notNull())
      .addColumn('currency', 'char(3)', (column) => column.notNull())
      .addColumn('shipping_cost', 'integer', (column) => column.notNull().check(sql`shipping_cost >= 0`))
      .addColumn('recipient', 'text', (column) => column.notNull())
      .addColumn('street', 'text', (column) => column.notNull())
      .addColumn('postal_code', 'text', (column) => column.notNull())
      .addColumn('city', 'text', (column) => column.notNull())
      .addColumn('country', 'char(2)', (column) => column.notNull())
      .addColumn('support_note', 'text')
      .execute();
    await db.schema
      .createIndex('orders_by_user')
      .on('orders')
      .columns(['user_id', 'placed_at', 'id'])
      .execute();

    await db.schema
      .createTable('order_lines')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id').onDelete('cascade'))
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('product_id', 'text', (column) => column.notNull())
      .addColumn('product_name', 'text', (column) => column.notNull())
      .addColumn('quantity', 'integer', (column) => column.notNull().check(sql`quantity > 0`))
      .addColumn('unit_price', 'integer', (column) => column.notNull().check(sql`unit_price >= 0`))
      .addUniqueConstraint('order_lines_place', ['order_id', 'position'])
      .execute();

    await db.schema
      .createTable('order_events')
      .addColumn('id', 'integer', (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id').onDelete('cascade'))
      .addColumn('status', 'text', (column) => column.notNull().check(isStatus))
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .addColumn('note', 'text')
      .execute();
    await db.schema
      .createIndex('order_events_by_order')
      .on('order_events')
      .columns(['order_id', 'at', 'id'])
      .execute();

    // The check makes the owner as unique as the id. A unique constraint of its own would break the upsert: a race
    // could then fail on the constraint that `on conflict` does not name.
    await db.schema
      .createTable('carts')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .addCheckConstraint('carts_named_after_owner', sql`id = 'cart-' || user_id`)
      .execute();
    await db.schema
      .createTable('cart_lines')
      .addColumn('cart_id', 'text', (column) => column.notNull().references('carts.id').onDelete('cascade'))
      .addColumn('product_id', 'text', (column) => column.notNull())
      .addColumn('quantity', 'integer', (column) => column.notNull().check(sql`quantity between 1 and 99`))
      .addColumn('added_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .addPrimaryKeyConstraint('cart_lines_one_a_product', ['cart_id', 'product_id'])
      .execute();
  },
  async down(db) {
    for (const table of ['cart_lines', 'carts', 'order_events', 'order_lines', 'orders']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
