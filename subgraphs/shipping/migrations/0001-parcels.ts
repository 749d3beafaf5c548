// Creates carriers, what they offer, parcels and where those were seen.
import { type Migration, type RawBuilder, sql } from 'kysely';

const isStatus: RawBuilder<boolean> = sql`status in ('PREPARING', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'RETURNED')`;

export const parcels: Migration = {
  async up(db) {
    await db.schema
      .createTable('carriers')
      .addColumn('code', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('delivery_options')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('country', 'char(2)', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('over_grams', 'integer', (column) => column.notNull())
      .addColumn('up_to_grams', 'integer', (column) => column.notNull())
      .addColumn('carrier_code', 'text', (column) => column.notNull().references('carriers.code'))
      .addColumn('price', 'integer', (column) => column.notNull().check(sql`price >= 0`))
      .addColumn('currency', 'char(3)', (column) => column.notNull())
      .addColumn('min_days', 'integer', (column) => column.notNull().check(sql`min_days >= 0`))
      .addColumn('max_days', 'integer', (column) => column.notNull())
      .addUniqueConstraint('delivery_options_by_country', ['country', 'name', 'up_to_grams'])
      .addCheckConstraint('delivery_options_band', sql`0 <= over_grams and over_grams < up_to_grams`)
      .addCheckConstraint('delivery_options_days', sql`min_days <= max_days`)
      .execute();

    await db.schema
      .createTable('shipments')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('order_id', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('carrier_code', 'text', (column) => column.notNull().references('carriers.code'))
      .addColumn('tracking_number', 'text', (column) => column.notNull().unique())
      .addColumn('status', 'text', (column) => column.notNull().check(isStatus))
      .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('shipped_at', 'timestamptz')
      .addColumn('estimated_delivery', 'timestamptz')
      .addColumn('delivered_at', 'timestamptz')
      .addColumn('carrier_cost', 'integer', (column) => column.check(sql`carrier_cost >= 0`))
      .addColumn('currency', 'char(3)', (column) => column.notNull())
      .addCheckConstraint('shipments_left_the_shop', sql`status = 'PREPARING' or shipped_at is not null`)
      .addCheckConstraint('shipments_arrived', sql`status <> 'DELIVERED' or delivered_at is not null`)
      .addCheckConstraint('shipments_in_order', sql`shipped_at <= delivered_at`)
      .execute();
    await db.schema
      .createIndex('shipments_by_order')
      .on('shipments')
      .columns(['order_id', 'created_at', 'id'])
      .execute();

    await db.schema
      .createTable('tracking_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('shipment_id', 'text', (column) =>
        column.notNull().references('shipments.id').onDelete('cascade'),
      )
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull().check(isStatus))
      .addColumn('location', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('tracking_events_by_shipment')
      .on('tracking_events')
      .columns(['shipment_id', 'at', 'id'])
      .execute();
  },
  async down(db) {
    for (const table of ['tracking_events', 'shipments', 'delivery_options', 'carriers']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
