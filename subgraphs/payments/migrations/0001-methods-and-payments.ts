// Creates payment methods, payments and refunds.
import { type Migration, sql } from 'kysely';

/** Each kind has its own columns, all of them, and none of another kind. */
const columnsFitKind = sql`
  num_nonnulls(brand, last4, expiry_month, expiry_year, provider_token) = case kind when 'Card' then 5 else 0 end
  and num_nonnulls(bank_name, iban_last4) = case kind when 'BankAccount' then 2 else 0 end
  and num_nonnulls(provider) = case kind when 'Wallet' then 1 else 0 end`;

export const methodsAndPayments: Migration = {
  async up(db) {
    await db.schema
      .createTable('payment_methods')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) =>
        column.notNull().check(sql`kind in ('Card', 'BankAccount', 'Wallet')`),
      )
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('is_default', 'boolean', (column) => column.notNull())
      .addColumn('added_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('brand', 'text', (column) => column.check(sql`brand in ('VISA', 'MASTERCARD', 'AMEX')`))
      .addColumn('last4', 'text', (column) => column.check(sql`last4 ~ '^[0-9]{4}$'`))
      .addColumn('expiry_month', 'integer', (column) => column.check(sql`expiry_month between 1 and 12`))
      .addColumn('expiry_year', 'integer', (column) => column.check(sql`expiry_year between 1000 and 9999`))
      .addColumn('provider_token', 'text', (column) => column.unique())
      .addColumn('bank_name', 'text')
      .addColumn('iban_last4', 'text', (column) => column.check(sql`length(iban_last4) = 4`))
      .addColumn('provider', 'text')
      .addCheckConstraint('payment_methods_fit_kind', columnsFitKind)
      .execute();
    await db.schema
      .createIndex('payment_methods_by_user')
      .on('payment_methods')
      .columns(['user_id', 'is_default', 'added_at', 'id'])
      .execute();
    await db.schema
      .createIndex('payment_methods_one_default')
      .unique()
      .on('payment_methods')
      .column('user_id')
      .where(sql.ref('is_default'), '=', true)
      .execute();

    await db.schema
      .createTable('payments')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('order_id', 'text', (column) => column.notNull().unique())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) =>
        column
          .notNull()
          .check(sql`status in ('PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'CANCELLED', 'REFUNDED')`),
      )
      .addColumn('amount', 'integer', (column) => column.notNull().check(sql`amount > 0`))
      .addColumn('currency', 'char(3)', (column) => column.notNull())
      .addColumn('method_id', 'text', (column) =>
        column.references('payment_methods.id').onDelete('set null'),
      )
      .addColumn('method_label', 'text', (column) => column.notNull())
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .addColumn('captured_at', 'timestamptz')
      .addColumn('provider_reference', 'text', (column) => column.unique())
      .addCheckConstraint(
        'payments_captured_with_date',
        sql`(status in ('CAPTURED', 'REFUNDED')) = (captured_at is not null)`,
      )
      .execute();
    await db.schema.createIndex('payments_by_method').on('payments').column('method_id').execute();

    await db.schema
      .createTable('refunds')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('payment_id', 'text', (column) => column.notNull().references('payments.id'))
      .addColumn('amount', 'integer', (column) => column.notNull().check(sql`amount > 0`))
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('refunds_by_payment')
      .on('refunds')
      .columns(['payment_id', 'at', 'id'])
      .execute();
  },
  async down(db) {
    for (const table of ['refunds', 'payments', 'payment_methods']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
