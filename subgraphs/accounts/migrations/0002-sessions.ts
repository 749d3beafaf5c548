// Creates sessions with their refresh tokens, the tries and the log of signing in, and what keys need to follow each other.
import { type Migration, sql } from 'kysely';

export const sessions: Migration = {
  async up(db) {
    await db.schema
      .createTable('sessions')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
      .addColumn('opened_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('used_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('ended_at', 'timestamptz')
      .addColumn('generation', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('rotated_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema.createIndex('sessions_by_user').on('sessions').column('user_id').execute();

    await db.schema
      .createTable('refresh_tokens')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('session_id', 'text', (column) =>
        column.notNull().references('sessions.id').onDelete('cascade'),
      )
      .addColumn('generation', 'integer', (column) => column.notNull())
      .addColumn('made_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createIndex('refresh_tokens_by_session')
      .on('refresh_tokens')
      .column('session_id')
      .execute();

    await db.schema
      .createTable('sign_in_tries')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('tries', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('since', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('paused_until', 'timestamptz')
      .addColumn('is_logged', 'boolean', (column) => column.notNull().defaultTo(false))
      .execute();

    await db.schema
      .createTable('sign_in_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.references('users.id').onDelete('cascade'))
      .addColumn('address_hash', 'text')
      .addColumn('network', 'text')
      .execute();
    await db.schema
      .createIndex('sign_in_events_by_user')
      .on('sign_in_events')
      .columns(['user_id', 'at desc', 'id desc'])
      .execute();
    await db.schema.createIndex('sign_in_events_by_time').on('sign_in_events').column('at').execute();
    await db.schema
      .createIndex('sign_in_events_known_networks')
      .on('sign_in_events')
      .columns(['user_id', 'network'])
      .where(sql<boolean>`kind in ('SIGNED_IN', 'SIGNED_UP')`)
      .execute();

    await db.schema
      .createTable('hash_keys')
      .addColumn('only', 'boolean', (column) => column.primaryKey().defaultTo(true).check(sql`"only"`))
      .addColumn('key', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .alterTable('signing_keys')
      .addColumn('signs_since', 'timestamptz')
      .addColumn('retired_at', 'timestamptz')
      .execute();
    await db
      .updateTable('signing_keys')
      .set({ signs_since: sql`made_at` })
      .where('is_current', '=', true)
      .execute();
    // As for the current one: of two processes that make the next key at once, one finds the place taken.
    await db.schema
      .createIndex('signing_keys_one_next')
      .unique()
      .on('signing_keys')
      .column('is_current')
      .where(sql<boolean>`not is_current and retired_at is null`)
      .execute();
  },
  async down(db) {
    await db.schema.dropIndex('signing_keys_one_next').execute();
    await db.deleteFrom('signing_keys').where('is_current', '=', false).execute();
    await db.schema.alterTable('signing_keys').dropColumn('signs_since').dropColumn('retired_at').execute();
    for (const table of ['hash_keys', 'sign_in_events', 'sign_in_tries', 'refresh_tokens', 'sessions']) {
      await db.schema.dropTable(table).execute();
    }
  },
};
