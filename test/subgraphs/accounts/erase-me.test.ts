// Holds leaving to its promises over HTTP, on every engine: with the password alone, whole, and nobody signs in again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { subgraphs as declaredSubgraphs } from '../declared-subgraphs.ts';
import {
  type AccountsClient,
  accountsClient,
  documents,
  openTables,
  problemsOf,
  type SignInPayload,
  type UserError,
} from './accounts-client.ts';

interface EraseMePayload {
  requestedAt: string | null;
  domains: { domain: string; erasedAt: string | null }[] | null;
  userErrors: UserError[];
}

const password = 'correct horse';
const elsewhere = '203.0.113.9';
const address = {
  recipient: 'Tove Berg',
  street: 'Stien 1',
  postalCode: '2100',
  city: 'København',
  country: 'DK',
};

for (const engine of databaseEngines()) {
  describe(`leaving accounts on ${engine.name}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let client: AccountsClient;
    let tables: { db: Kysely<AccountsTables>; close: () => Promise<void> };
    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      client = accountsClient(subgraph);
      tables = await openTables(database);
    });
    after(async () => {
      await tables?.close();
      await subgraph?.stop();
      await database?.stop();
    });

    interface Person {
      id: string;
      email: string;
      token: string;
      refreshToken: string;
    }
    async function newPerson(): Promise<Person> {
      const input = client.newcomer({ password });
      const { token, refreshToken, user } = await client.ask<SignInPayload>('signUp', { input });
      assert.ok(token && refreshToken && user);
      await client.ask('addAddress', { input: address }, token);
      return { id: user.id, email: input.email, token, refreshToken };
    }
    const eraseMe = (token: string, given = password, from?: string) =>
      client.ask<EraseMePayload>('eraseMe', { password: given }, token, from);
    const codeOf = async (answer: Promise<EraseMePayload>) => problemsOf(await answer)[0]?.[0];

    /** In how many rows of which tables the text is. */
    async function rowsWith(text: string): Promise<Record<string, number>> {
      const { rows: names } = await sql<{ of: string }>`
        select table_name as "of" from information_schema.tables
        where table_schema = 'accounts' and table_type = 'BASE TABLE'`.execute(tables.db);
      const found: Record<string, number> = {};
      for (const { of } of names) {
        const { rows } = await sql<{ count: number }>`
          select count(*) from ${sql.id('accounts', of)} as t where t::text like ${`%${text}%`}`.execute(
          tables.db,
        );
        if (rows[0]?.count) found[of] = rows[0].count;
      }
      return found;
    }
    async function hashOf(id: string): Promise<string> {
      const { email_hash } = await tables.db
        .selectFrom('users')
        .select('email_hash')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return email_hash;
    }

    test('takes everything along but the proof, and whoever is left has lost nothing', async () => {
      const other = await newPerson();
      const { id, email, token, refreshToken } = await newPerson();
      await client.ask('signIn', { input: { email, password: 'wrong horse' } }, undefined, elsewhere);
      const hash = await hashOf(id);
      const others = await rowsWith(other.id);
      assert.deepEqual(await rowsWith(id), {
        users: 1,
        credentials: 1,
        addresses: 1,
        sessions: 1,
        sign_in_events: 2,
      });
      assert.ok((await rowsWith(hash))['sign_in_tries']);

      const { requestedAt, domains, userErrors } = await eraseMe(token);
      assert.deepEqual(userErrors, []);
      assert.ok(Math.abs(Date.parse(requestedAt ?? '') - Date.now()) < 30_000);
      assert.equal(domains?.length, declaredSubgraphs().length);
      // Alone, without a secret to sign calls with, accounts can tell nobody.
      assert.deepEqual(
        domains?.filter(({ erasedAt }) => erasedAt !== null).map(({ domain }) => domain),
        ['accounts'],
      );
      assert.deepEqual(await rowsWith(id), { erasures: 1 });
      assert.deepEqual(await rowsWith(hash), {});
      assert.deepEqual(await rowsWith(other.id), others);
      const problems = await tables.db
        .selectFrom('erasure_parts')
        .select('problem')
        .where('domain', '<>', 'accounts')
        .distinct()
        .execute();
      assert.deepEqual(
        problems.map(({ problem }) => problem),
        ['CALLER_SECRET is not given, so that no domain would believe the call'],
      );

      const { token: signedIn, userErrors: refused } = await client.ask<SignInPayload>('signIn', {
        input: { email, password },
      });
      assert.deepEqual([signedIn, refused[0]?.code], [null, 'WRONG_CREDENTIALS']);
      const refreshed = await client.ask<SignInPayload>('refreshSession', { refreshToken });
      assert.equal(refreshed.userErrors[0]?.code, 'SESSION_ENDED');
    });

    test('leaves a token good for nothing here', async () => {
      const { token } = await newPerson();
      await eraseMe(token);
      assert.equal(await client.me('id', token), null);
      for (const [mutation, variables] of [
        ['addAddress', { input: address }],
        ['updateProfile', { input: { name: 'Tove' } }],
        ['eraseMe', { password }],
      ] as const) {
        assert.deepEqual(await client.failuresOf(mutation, variables, token), ['UNAUTHENTICATED'], mutation);
      }
    });

    test('lets the address open another account, which is somebody else', async () => {
      const { id, email, token } = await newPerson();
      await eraseMe(token);
      const input = client.newcomer({ email, password });
      const { user } = await client.ask<SignInPayload>('signUp', { input });
      assert.ok(user && user.id !== id);
    });

    test('needs the password, and wrong ones are counted as those of signing in', async () => {
      const { id, email, token } = await newPerson();
      const before = await rowsWith(id);
      for (let turn = 0; turn < 5; turn++) {
        assert.equal(await codeOf(eraseMe(token, 'wrong horse', elsewhere)), 'WRONG_CREDENTIALS');
      }
      const { userErrors, requestedAt, domains } = await eraseMe(token, password, elsewhere);
      assert.deepEqual([userErrors[0]?.code, requestedAt, domains], ['TOO_MANY_TRIES', null, null]);
      const input = { email, password };
      const tried = await client.ask<SignInPayload>('signIn', { input }, undefined, elsewhere);
      assert.equal(tried.userErrors[0]?.code, 'TOO_MANY_TRIES');
      const { sign_in_events: events = 0, ...others } = await rowsWith(id);
      const { sign_in_events: eventsBefore = 0, ...othersBefore } = before;
      assert.deepEqual(others, othersBefore);
      assert.equal(events, eventsBefore + 6, 'five refused and one pause are in the log');
      assert.equal(await codeOf(eraseMe(token)), undefined, 'at home they are not held up');
    });

    test('is for nobody anonymous', async () => {
      const { body } = await subgraph.query(documents.eraseMe, { variables: { password } });
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
    });

    test('is for staff too, and on record as what staff does', async () => {
      const input = { email: 'ines@example.com', password: 'tributary-demo' };
      const { token, user } = await client.ask<SignInPayload>('signIn', { input });
      assert.equal(await codeOf(eraseMe(token ?? '', input.password)), undefined);
      assert.deepEqual(await rowsWith(user?.id ?? ''), { erasures: 1, staff_changes: 1 });
      assert.deepEqual(await rowsWith(input.password), {});
    });

    test('happens once, and whole, where it is asked for several times at once', async () => {
      const { id, token } = await newPerson();
      const answers = await Promise.all(
        Array.from({ length: 4 }, () =>
          subgraph.query(documents.eraseMe, { variables: { password }, token }),
        ),
      );
      const done = answers.filter(({ body }) => body.data);
      assert.equal(done.length, 1);
      for (const { body } of answers.filter((one) => !done.includes(one))) {
        assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
      }
      assert.deepEqual(await rowsWith(id), { erasures: 1 });
    });

    // Elsewhere the tables belong to another role than the one that asks.
    if (engine.name === 'PGlite') {
      test('gives the try back where it fails', async () => {
        const { token } = await newPerson();
        await sql`alter table accounts.erasures rename to erasures_away`.execute(tables.db);
        for (let turn = 0; turn < 6; turn++) {
          await assert.rejects(eraseMe(token, password, elsewhere), /INTERNAL_SERVER_ERROR/);
        }
        await sql`alter table accounts.erasures_away rename to erasures`.execute(tables.db);
        assert.equal(await codeOf(eraseMe(token, password, elsewhere)), undefined);
      });
    }

    test('goes through beside all that the person does meanwhile, and so does that', async () => {
      for (let round = 0; round < 5; round++) {
        const { id, email, token, refreshToken } = await newPerson();
        const input = { email, password };
        const signIn = () => client.ask<SignInPayload>('signIn', { input });
        const signedIn = await Promise.all([signIn(), signIn(), signIn()]);
        const sessions = [refreshToken, ...signedIn.map((one) => one.refreshToken)];
        let isOver = false;
        const refreshing = sessions.map(async (first) => {
          for (let next = first; next !== null && !isOver; ) {
            ({ refreshToken: next } = await client.ask<SignInPayload>('refreshSession', {
              refreshToken: next,
            }));
          }
        });
        const others = [signIn(), client.ask('signOut', { refreshToken, everywhere: false })];
        // All of them throw where there are errors beside the data.
        await eraseMe(token).finally(() => {
          isOver = true;
        });
        await Promise.all([...refreshing, ...others]);
        const { sign_in_events: _, ...left } = await rowsWith(id);
        assert.deepEqual(left, { erasures: 1 });
      }
    });

    // An embedded database has one transaction at a time.
    const meanwhile: [what: string, ask: (person: Person) => Promise<unknown>, code: string | undefined][] = [
      ['signs in', ({ email }) => client.ask('signIn', { input: { email, password } }), 'WRONG_CREDENTIALS'],
      [
        'tries a wrong password',
        ({ email }) => client.ask('signIn', { input: { email, password: 'wrong horse' } }),
        'WRONG_CREDENTIALS',
      ],
      ['refreshes', ({ refreshToken }) => client.ask('refreshSession', { refreshToken }), 'SESSION_ENDED'],
      ['signs out', ({ refreshToken }) => client.ask('signOut', { refreshToken }), undefined],
    ];
    for (const [what, ask, code] of engine.name === 'PostgreSQL' ? meanwhile : []) {
      test(`whoever ${what} while they are erased is told what is true then`, async () => {
        const person = await newPerson();
        let asking: Promise<unknown> = Promise.resolve();
        let isAnswered = false;
        await tables.db.transaction().execute(async (transaction) => {
          await transaction.deleteFrom('users').where('id', '=', person.id).execute();
          asking = ask(person).finally(() => {
            isAnswered = true;
          });
          while (!isAnswered && !(await somebodyWaits())) await nextTurn();
        });
        const { userErrors } = (await asking) as { userErrors: UserError[] };
        assert.equal(userErrors[0]?.code, code);
        assert.deepEqual(await rowsWith(person.id), {});
      });
    }
    async function somebodyWaits(): Promise<boolean> {
      const { rows } = await sql`select pid from pg_locks where not granted`.execute(tables.db);
      return rows.length > 0;
    }
  });
}
