// Holds accounts to what it says about personal data, on every engine: the inventory, what is sealed, how older databases get there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { makePasswords } from '../../../subgraphs/accounts/passwords.ts';
import { prepareDatabase } from '../../../subgraphs/kit/database/prepare-database.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { oneDatabaseEngine, type TestDatabase } from '../../support/databases.ts';
import { inventoryComplaints } from '../../support/personal-data.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { accountsClient, openTables, type SignInPayload } from './accounts-client.ts';

const exported = '... on MyData { accounts }';

for (const engine of oneDatabaseEngine()) {
  describe(`personal data of accounts on ${engine.name}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let tables: { db: Kysely<AccountsTables>; close: () => Promise<void> };
    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      tables = await openTables(database);
    });
    after(async () => {
      await tables?.close();
      await subgraph?.stop();
      await database?.stop();
    });

    test('is in the inventory, column by column, and what is said to be sealed is', async () => {
      assert.deepEqual(await inventoryComplaints(accounts, tables.db as unknown as Kysely<unknown>), []);
    });

    test('no name, address or private key can be read in the database, nor an e-mail address anywhere', async () => {
      const { rows } = await sql<{ row: string }>`
        select users::text as row from accounts.users where id = 'user-001'
        union all select addresses::text from accounts.addresses where user_id = 'user-001'
        union all select signing_keys::text from accounts.signing_keys`.execute(tables.db);
      const text = rows.map(({ row }) => row).join('\n');
      assert.match(text, /user-001/);
      assert.doesNotMatch(text, /Lindqvist|Ada|example\.com,|"kty"|"d"/);
    });

    /** Whoever has this address; their own tokens, since accounts believes no others. */
    const tokenOf = async (email: string) => {
      const input = { email, password: demoPassword };
      const { token } = await accountsClient(subgraph).ask<SignInPayload>('signIn', { input });
      return token ?? undefined;
    };
    const ask = async (email: string | undefined, of: string) =>
      subgraph.entities([{ __typename: 'MyData', userId: of }], exported, {
        token: email && (await tokenOf(email)),
      });

    test('what a person takes along is theirs, opened, whole, and without secrets', async () => {
      const { entities } = await ask('ada@example.com', 'user-001');
      const { accounts: data } = entities[0] as { accounts: Record<string, Record<string, unknown>[]> };
      assert.deepEqual(Object.keys(data), [
        'users',
        'credentials',
        'addresses',
        'sessions',
        'refresh_tokens',
        'sign_in_events',
        'erasures',
        'erasure_parts',
      ]);
      assert.equal(data['users']?.length, 1);
      const { email, name, id } = data['users']?.[0] ?? {};
      assert.deepEqual([id, email, name], ['user-001', 'ada@example.com', 'Ada Lindqvist']);
      assert.ok(data['addresses']?.every(({ user_id }) => user_id === 'user-001'));
      assert.ok(data['addresses']?.some(({ recipient }) => recipient === 'Ada Lindqvist'));
      assert.deepEqual(data['credentials'], [{ user_id: 'user-001' }]);
      assert.doesNotMatch(JSON.stringify(data), /scrypt|hash|sealed\.1/);
    });

    test('somebody else’s, or for nobody, is null, of support and admins too', async () => {
      for (const email of ['mateo@example.com', 'noor@example.com', 'ines@example.com']) {
        assert.deepEqual((await ask(email, 'user-001')).entities, [{ accounts: null }]);
      }
      const nobody = await ask(undefined, 'user-001');
      assert.deepEqual(nobody.entities, [{ accounts: null }]);
      assert.equal(nobody.body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
    });

    test('exportMyData is for whoever asks, and for nobody anonymous', async () => {
      const token = await tokenOf('mateo@example.com');
      const mine = await subgraph.query('{ exportMyData { userId accounts } }', { token });
      const { exportMyData } = mine.body.data as {
        exportMyData: { userId: string; accounts: { users: { email: string }[] } };
      };
      assert.equal(exportMyData.userId, 'user-002');
      assert.equal(exportMyData.accounts.users[0]?.email, 'mateo@example.com');
      const { body } = await subgraph.query('{ exportMyData { userId } }');
      assert.deepEqual(body.data, { exportMyData: null });
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
    });
  });

  describe(`a database of accounts from before anything was sealed, on ${engine.name}`, {
    timeout: 120_000,
  }, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    const password = 'correct horse';
    const older = {
      ...accounts,
      migrations: Object.fromEntries(Object.entries(accounts.migrations).slice(0, 2)),
      seed: async (db: Kysely<unknown>) => {
        await sql`insert into accounts.users (id, email, name, locale, preferred_currency, roles) values
          ('user-1', 'Tove@Example.com', 'Tove Berg', 'da-DK', 'DKK', '{CUSTOMER}'),
          ('user-2', 'liv@example.com', 'Liv Dahl', 'da-DK', 'DKK', '{CUSTOMER}')`.execute(db);
        await sql`insert into accounts.credentials values ('user-1', ${await makePasswords().hash(password)})`.execute(
          db,
        );
        await sql`insert into accounts.addresses values ('address-1', 'user-1', 'Tove Berg', 'Stien 1', '2100', 'Byen', 'DK', true)`.execute(
          db,
        );
        await sql`insert into accounts.hash_keys (key) values ('the key from before')`.execute(db);
        const { privateKey } = await generateKeyPair('ES256', { extractable: true });
        await sql`insert into accounts.signing_keys (kid, private_jwk, is_current, signs_since)
          values ('old', ${JSON.stringify(await exportJWK(privateKey))}, true, now())`.execute(db);
      },
    };
    const { personalData: _, ...unsealed } = older;
    before(async () => {
      database = await engine.start();
      await (await prepareDatabase(unsealed, database)).close();
      subgraph = await startTestSubgraph(accounts, database);
    });
    after(async () => {
      await subgraph?.stop();
      await database?.stop();
    });

    test('keeps its people and keys, seals them, and finds them by their address in any case', async () => {
      const client = accountsClient(subgraph);
      const input = { email: 'tOVE@example.COM', password };
      const tables = await openTables(database);
      assert.deepEqual(await inventoryComplaints(accounts, tables.db as unknown as Kysely<unknown>), []);
      const keys = await tables.db.selectFrom('signing_keys').select(['kid', 'is_current']).execute();
      const { address_key } = await tables.db.selectFrom('hash_keys').selectAll().executeTakeFirstOrThrow();
      await tables.close();
      assert.ok(keys.some(({ kid, is_current }) => kid === 'old' && is_current));
      assert.equal(address_key, 'the key from before');
      const { token } = await client.ask<SignInPayload>('signIn', { input });
      assert.equal(decodeProtectedHeader(token ?? '').kid, 'old');
      assert.deepEqual(await client.me('name email defaultAddress { street city }', token ?? ''), {
        name: 'Tove Berg',
        email: 'Tove@Example.com',
        defaultAddress: { street: 'Stien 1', city: 'Byen' },
      });
      const taken = await client.ask<SignInPayload>('signUp', { input: { ...input, name: 'T' } });
      assert.equal(taken.userErrors[0]?.code, 'EMAIL_TAKEN');
    });
  });
}
