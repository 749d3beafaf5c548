// Keeps a hash of each card's token, and drops the rules that what is sealed cannot be held to.
import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely';

export const tokenHashes: Migration = {
  async up(db) {
    await db.schema
      .alterTable('payment_methods')
      .addColumn('token_hash', 'text', (column) => column.unique())
      .execute();
    await db
      .updateTable('payment_methods')
      .set({ token_hash: sql`encode(sha256(convert_to(provider_token, 'UTF8')), 'hex')` })
      .where('provider_token', 'is not', null)
      .execute();
    await dropConstraints(db, ['provider_token_key', 'last4_check', 'iban_last4_check', 'fit_kind']);
    await addCheck(
      db,
      'fit_kind',
      columnsFitKind(sql`brand, last4, expiry_month, expiry_year, provider_token, token_hash`, 6),
    );
  },
  /** Fails where something is sealed by then: digits that look different cannot be held to being digits. */
  async down(db) {
    await dropConstraints(db, ['fit_kind']);
    await db.schema.alterTable('payment_methods').dropColumn('token_hash').execute();
    await addCheck(
      db,
      'fit_kind',
      columnsFitKind(sql`brand, last4, expiry_month, expiry_year, provider_token`, 5),
    );
    await addCheck(db, 'iban_last4_check', sql`length(iban_last4) = 4`);
    await addCheck(db, 'last4_check', sql`last4 ~ '^[0-9]{4}$'`);
    await db.schema
      .alterTable('payment_methods')
      .addUniqueConstraint('payment_methods_provider_token_key', ['provider_token'])
      .execute();
  },
};

/** Each kind has its own columns, all of them, and none of another kind. */
function columnsFitKind(ofCards: RawBuilder<unknown>, count: number): RawBuilder<unknown> {
  return sql`num_nonnulls(${ofCards}) = case kind when 'Card' then ${sql.lit(count)} else 0 end
    and num_nonnulls(bank_name, iban_last4) = case kind when 'BankAccount' then 2 else 0 end
    and num_nonnulls(provider) = case kind when 'Wallet' then 1 else 0 end`;
}

async function dropConstraints(db: Kysely<unknown>, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await db.schema.alterTable('payment_methods').dropConstraint(`payment_methods_${name}`).execute();
  }
}

async function addCheck(db: Kysely<unknown>, name: string, check: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .alterTable('payment_methods')
    .addCheckConstraint(`payment_methods_${name}`, check)
    .execute();
}
