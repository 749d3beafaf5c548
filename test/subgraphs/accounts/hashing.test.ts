// Holds what passwords are hashed with to its cost, in accounts as it is run: the other tests of accounts have cheap hashes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accounts } from '../../../subgraphs/accounts/accounts.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { oneDatabaseEngine, type TestDatabase } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { type AccountsClient, accountsClient, openTables, type SignInPayload } from './accounts-client.ts';

for (const engine of oneDatabaseEngine()) {
  describe(`the hashes of passwords on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let client: AccountsClient;
    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      client = accountsClient(subgraph);
    });
    after(async () => {
      await subgraph?.stop();
      await database?.stop();
    });
    const signIn = (email: string, password: string) =>
      client.ask<SignInPayload>('signIn', { input: { email, password } });

    test('cost what is asked for, of the demo world and of whoever signs up', async () => {
      const { token } = await client.ask<SignInPayload>('signUp', { input: client.newcomer() });
      assert.ok(token);
      const { db, close } = await openTables(database);
      const rows = await db.selectFrom('credentials').select('password_hash').execute();
      await close();
      const costs = rows.map(({ password_hash }) => password_hash.split('$').slice(0, 4).join('$'));
      assert.ok(costs.length > 200);
      assert.deepEqual([...new Set(costs)], ['scrypt$16384$8$5']);
    });

    test('are worked for as long where there is no account', async () => {
      const took = async (email: string) => {
        const began = performance.now();
        const { userErrors } = await signIn(email, 'wrong horse');
        assert.deepEqual(
          userErrors.map(({ code }) => code),
          ['WRONG_CREDENTIALS'],
        );
        return performance.now() - began;
      };
      const known = await took('ada@example.com');
      const unknown = await took('nobody@example.com');
      // Without hashing it would be a fiftieth.
      assert.ok(unknown > known / 5, `${unknown} ms against ${known} ms`);
      assert.ok((await signIn('ada@example.com', demoPassword)).token);
    });
  });
}
