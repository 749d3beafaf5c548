// Owns that a database from before tokens were hashed and sealed goes on as it was, and that the token is found in it no more.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { migrate } from '../../../subgraphs/kit/database/migrate.ts';
import { openDatabase } from '../../../subgraphs/kit/database/open-database.ts';
import { prepareDatabase } from '../../../subgraphs/kit/database/prepare-database.ts';
import { methodsAndPayments } from '../../../subgraphs/payments/migrations/0001-methods-and-payments.ts';
import { tokenHashes } from '../../../subgraphs/payments/migrations/0002-token-hashes.ts';
import { payments } from '../../../subgraphs/payments/payments.ts';
import { startEmbedded, type TestDatabase } from '../../support/databases.ts';
import { inventoryComplaints } from '../../support/personal-data.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { labelsOf, payerAt } from './payments-client.ts';

const { personalData, ...unsealed } = payments;
/** As it was. */
const formerPayments = {
  ...unsealed,
  migrations: { '0001-methods-and-payments': methodsAndPayments },
  seed: async (db: Kysely<unknown>) => {
    await sql`insert into payments.payment_methods
      (id, user_id, kind, label, is_default, brand, last4, expiry_month, expiry_year, provider_token, bank_name, iban_last4, provider)
      values
      ('card', 'ada', 'Card', 'Visa •••• 4242', true, 'VISA', '4242', 9, 2031, 'tok_long_ago', null, null, null),
      ('bank', 'ada', 'BankAccount', 'Nordkredit •••• 2699', false, null, null, null, null, null, 'Nordkredit', '2699', null),
      ('wallet', 'ada', 'Wallet', 'PayPal', false, null, null, null, null, null, null, null, 'PayPal')`.execute(
      db,
    );
  },
};

async function columnsAndRules(db: Kysely<unknown>): Promise<unknown> {
  const { rows: columns } = await sql`select column_name, data_type from information_schema.columns
    where table_schema = 'payments' and table_name = 'payment_methods' order by 1`.execute(db);
  const { rows: rules } = await sql`select conname, pg_get_constraintdef(oid) from pg_constraint
    where conrelid = 'payments.payment_methods'::regclass order by 1`.execute(db);
  return { columns, rules };
}

describe('payment methods from before tokens were hashed', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let subgraph: TestSubgraph;
  before(async () => {
    database = await startEmbedded();
    const former = openDatabase({ definition: formerPayments, ...database });
    await migrate(formerPayments, former.db);
    const before = await columnsAndRules(former.db);
    await tokenHashes.up(former.db);
    await tokenHashes.down?.(former.db);
    assert.deepEqual(await columnsAndRules(former.db), before, 'the way back leads back');
    await former.close();
    subgraph = await startTestSubgraph(payments, database);
  });
  after(async () => {
    await subgraph?.stop();
    await database?.stop();
  });

  it('are as they were for their person, and the token is still good for one card alone', async () => {
    const ada = await payerAt(subgraph, 'ada');
    const labels = ['Visa •••• 4242', 'PayPal', 'Nordkredit •••• 2699'];
    assert.deepEqual(labelsOf(await ada.methods()), labels);
    const again = await ada.addCard('1111', { token: 'tok_long_ago' });
    assert.deepEqual(
      again.userErrors.map(({ code }) => code),
      ['INVALID_TOKEN'],
    );
    assert.deepEqual((await ada.addCard('1111', { token: 'tok_of_today' })).userErrors, []);
  });

  it('are sealed, and a token is no more there as it is', async () => {
    const { db, close } = await prepareDatabase(payments, database);
    assert.deepEqual(await inventoryComplaints(payments, db), []);
    const { rows } = await sql<{ row: string }>`
      select methods::text as row from payments.payment_methods as methods`.execute(db);
    assert.equal(rows.length, 4);
    for (const { row } of rows) assert.doesNotMatch(row, /tok_|••••|Nordkredit/);
    await close();
  });

  it('have the columns of their kind and no others', async () => {
    const { db, close } = await prepareDatabase(payments, database);
    for (const change of [
      sql`token_hash = null where kind = 'Card'`,
      sql`token_hash = 'x' where kind = 'Wallet'`,
      sql`bank_name = null where kind = 'BankAccount'`,
    ]) {
      await assert.rejects(sql`update payments.payment_methods set ${change}`.execute(db), {
        constraint: 'payment_methods_fit_kind',
      });
    }
    await close();
  });
});
