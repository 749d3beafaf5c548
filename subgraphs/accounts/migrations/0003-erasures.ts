// Creates the book of erasures, has people found by a hash of their e-mail address, and makes room for sealed values.
import { type Kysely, type Migration, sql } from 'kysely';
import { ensureHashKey, hashAddresses } from '../address-hash.ts';
import type { AccountsTables } from '../database.ts';

const PORTION = 1_000;

/** There is no way down: what has been sealed since cannot be opened by SQL. */
export const erasures: Migration = {
  async up(db) {
    // A name is sealed in all tables of a service or in none, and tries have a key as well.
    await db.schema.alterTable('hash_keys').renameColumn('key', 'address_key').execute();
    await db.schema
      .alterTable('signing_keys')
      .alterColumn('private_jwk', (column) => column.setDataType(sql`text`))
      .execute();

    await db.schema.alterTable('users').addColumn('email_hash', 'text').execute();
    await hashAllAddresses(db as Kysely<AccountsTables>);
    await db.schema
      .alterTable('users')
      .alterColumn('email_hash', (column) => column.setNotNull())
      .execute();
    await db.schema.dropIndex('users_by_email').execute();
    await db.schema.createIndex('users_by_email_hash').unique().on('users').column('email_hash').execute();

    await db.schema
      .createTable('erasures')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull().unique())
      .addColumn('requested_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('completed_at', 'timestamptz')
      .execute();
    await db.schema
      .createTable('erasure_parts')
      .addColumn('erasure_id', 'text', (column) => column.notNull().references('erasures.id'))
      .addColumn('domain', 'text', (column) => column.notNull())
      .addColumn('erased_at', 'timestamptz')
      .addColumn('confirmed_at', 'timestamptz')
      .addColumn('tries', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('next_try_at', 'timestamptz', (column) => column.notNull())
      .addColumn('problem', 'text')
      .addPrimaryKeyConstraint('erasure_parts_pkey', ['erasure_id', 'domain'])
      .execute();
    await db.schema
      .createIndex('erasure_parts_open')
      .on('erasure_parts')
      .column('next_try_at')
      .where(sql.ref('confirmed_at'), 'is', null)
      .execute();
  },
};

async function hashAllAddresses(db: Kysely<AccountsTables>): Promise<void> {
  const people = await db.selectFrom('users').select(['id', 'email']).execute();
  // A new database gets its key when it can be sealed at once.
  if (people.length === 0) return;
  await ensureHashKey(db);
  const hash = await hashAddresses(db);
  for (let from = 0; from < people.length; from += PORTION) {
    const portion = people.slice(from, from + PORTION);
    const ids = portion.map(({ id }) => id);
    const hashes = portion.map(({ email }) => hash(email));
    await db
      .updateTable('users')
      .from(
        sql<{ id: string; hash: string }>`unnest(${ids}::text[], ${hashes}::text[])`.as<'hashed'>(
          sql`hashed(id, hash)`,
        ),
      )
      .set({ email_hash: sql<string>`hashed.hash` })
      .whereRef('users.id', '=', 'hashed.id')
      .execute();
  }
}
