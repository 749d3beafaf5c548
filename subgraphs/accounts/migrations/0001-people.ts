// Creates people, their credentials and addresses, and the keys that sign tokens.
import { type Migration, sql } from 'kysely';

export const people: Migration = {
  async up(db) {
    await db.schema
      .createTable('users')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('display_name', 'text')
      .addColumn('avatar_url', 'text')
      .addColumn('locale', 'text', (column) => column.notNull())
      .addColumn('preferred_currency', 'char(3)', (column) => column.notNull())
      .addColumn('roles', sql`text[]`, (column) =>
        column.notNull().check(sql`roles <@ array['CUSTOMER', 'MERCHANDISER', 'SUPPORT', 'ADMIN']`),
      )
      .addColumn('member_since', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createIndex('users_by_email')
      .unique()
      .on('users')
      .expression(sql`lower(email)`)
      .execute();

    await db.schema
      .createTable('credentials')
      .addColumn('user_id', 'text', (column) =>
        column.primaryKey().references('users.id').onDelete('cascade'),
      )
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('addresses')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
      .addColumn('recipient', 'text', (column) => column.notNull())
      .addColumn('street', 'text', (column) => column.notNull())
      .addColumn('postal_code', 'text', (column) => column.notNull())
      .addColumn('city', 'text', (column) => column.notNull())
      .addColumn('country', 'char(2)', (column) => column.notNull())
      .addColumn('is_default', 'boolean', (column) => column.notNull())
      .addColumn('added_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createIndex('addresses_by_user')
      .on('addresses')
      .columns(['user_id', 'is_default desc', 'added_at desc', 'id desc'])
      .execute();
    await db.schema
      .createIndex('addresses_one_default')
      .unique()
      .on('addresses')
      .column('user_id')
      .where(sql.ref('is_default'), '=', true)
      .execute();
    await db.schema
      .createView('default_addresses')
      .as(db.selectFrom('addresses').selectAll().where('is_default', '=', true))
      .execute();

    await db.schema
      .createTable('signing_keys')
      .addColumn('kid', 'text', (column) => column.primaryKey())
      .addColumn('private_jwk', 'jsonb', (column) => column.notNull())
      .addColumn('is_current', 'boolean', (column) => column.notNull())
      .addColumn('made_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    // Of two processes that make their first key at once, one finds the place taken.
    await db.schema
      .createIndex('signing_keys_one_current')
      .unique()
      .on('signing_keys')
      .column('is_current')
      .where(sql.ref('is_current'), '=', true)
      .execute();
  },
  async down(db) {
    await db.schema.dropView('default_addresses').execute();
    for (const table of ['signing_keys', 'addresses', 'credentials', 'users']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
