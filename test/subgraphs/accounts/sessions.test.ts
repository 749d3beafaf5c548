// Holds sessions to their promises over HTTP, on every engine: rotation, reuse, grace, time, signing out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { type AccountsClient, accountsClient, openTables, type SignInPayload } from './accounts-client.ts';
import { closed, hashOf, type SessionsClient, sessionsClient } from './sessions-client.ts';

for (const engine of databaseEngines()) {
  describe(`sessions of accounts on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let client: AccountsClient;
    let sessions: SessionsClient;
    let tables: { db: Kysely<AccountsTables>; close: () => Promise<void> };

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      client = accountsClient(subgraph);
      tables = await openTables(database);
      sessions = sessionsClient(client, tables.db);
    });
    after(async () => {
      await tables.close();
      await subgraph.stop();
      await database.stop();
    });

    describe('refreshing', () => {
      test('gives a new pair, and the new token is good', async () => {
        const first = await sessions.signIn();
        assert.match(first, /^[\w-]{43}$/);
        const { token, refreshToken, expiresAt, user, userErrors } = await sessions.present(first);
        assert.deepEqual([user, userErrors], [{ id: 'user-001', displayName: 'Ada L.' }, []]);
        assert.notEqual(refreshToken, first);
        const minutes = (Date.parse(expiresAt ?? '') - Date.now()) / 60_000;
        assert.ok(minutes > 13 && minutes <= 15, `the token ends in ${minutes} minutes`);
        assert.deepEqual(await client.me('id', token ?? ''), { id: 'user-001' });
      });

      test('signing up opens a session too', async () => {
        const { refreshToken } = await client.ask<SignInPayload>('signUp', { input: client.newcomer() });
        assert.ok(await sessions.refresh(refreshToken ?? ''));
      });

      test('goes on for as long as each token is used once', async () => {
        let token = await sessions.signIn();
        for (let turn = 0; turn < 10; turn++) {
          const next = await sessions.refreshed(token);
          await sessions.letPass(next, '1 day');
          token = next;
        }
      });

      test('says what the person may do now, not when they signed in', async () => {
        const { refreshToken, user } = await client.ask<SignInPayload>('signUp', {
          input: client.newcomer(),
        });
        const id = user?.id ?? '';
        await tables.db
          .updateTable('users')
          .set({ roles: ['SUPPORT'] })
          .where('id', '=', id)
          .execute();
        const { token } = await sessions.present(refreshToken ?? '');
        assert.deepEqual(await client.me('roles', token ?? ''), { roles: ['SUPPORT'] });
      });

      test('keeps no token, only its hash', async () => {
        const token = await sessions.signIn();
        const rows = await tables.db.selectFrom('refresh_tokens').selectAll().execute();
        assert.ok(rows.some(({ hash }) => hash === hashOf(token)));
        assert.ok(!JSON.stringify(rows).includes(token));
      });
    });

    describe('a refresh token that opens nothing', () => {
      const cases: { what: string; make: () => Promise<string> }[] = [
        { what: 'nobody ever gave out', make: async () => 'x'.repeat(43) },
        { what: 'is empty', make: async () => '' },
        { what: 'holds a zero character', make: async () => '\u0000' },
        { what: 'is endless', make: async () => 'x'.repeat(100_000) },
        {
          what: 'was not used for 30 days',
          make: async () => {
            const token = await sessions.signIn();
            await sessions.letPass(token, '30 days');
            return token;
          },
        },
        {
          what: 'is of a session of 90 days that was in use',
          make: async () => {
            let token = await sessions.signIn();
            for (let turn = 0; turn < 3; turn++) {
              await sessions.letPass(token, '29 days');
              token = await sessions.refreshed(token);
            }
            await sessions.letPass(token, '3 days');
            return token;
          },
        },
        {
          what: 'was used',
          make: async () => {
            const token = await sessions.signIn();
            await sessions.refreshed(token);
            await sessions.letPass(token, '11 seconds');
            return token;
          },
        },
        {
          what: 'is of a session that was signed out of',
          make: async () => {
            const token = await sessions.signIn();
            await sessions.signOut(token);
            return token;
          },
        },
        {
          what: 'is of an account that is gone',
          make: async () => {
            const { refreshToken, user } = await client.ask<SignInPayload>('signUp', {
              input: client.newcomer(),
            });
            await tables.db
              .deleteFrom('users')
              .where('id', '=', user?.id ?? '')
              .execute();
            return refreshToken ?? '';
          },
        },
      ];
      for (const { what, make } of cases) {
        test(`that ${what} is answered as all such are`, async () => {
          assert.deepEqual(await sessions.present(await make()), closed);
        });
      }

      test('presented by somebody else is answered as all such are, and stays good for its owner', async () => {
        const token = await sessions.signIn();
        const stranger = await client.newPerson();
        assert.deepEqual(await sessions.present(token, stranger), closed);
        assert.ok(await sessions.refresh(token));
      });
    });

    describe('a used refresh token', () => {
      test('that comes again ends the session with all its tokens, and no other session', async () => {
        const stolen = await sessions.signIn();
        const other = await sessions.signIn();
        const next = await sessions.refreshed(stolen);
        await sessions.letPass(stolen, '11 seconds');
        assert.equal(await sessions.refresh(stolen), undefined);
        assert.equal(await sessions.refresh(next), undefined);
        assert.ok(await sessions.refresh(other));
      });

      test('of long ago ends the session at once, however recent the last refresh is', async () => {
        const first = await sessions.signIn();
        const second = await sessions.refreshed(first);
        const third = await sessions.refreshed(second);
        assert.equal(await sessions.refresh(first), undefined);
        assert.equal(await sessions.refresh(third), undefined);
      });

      test('is answered once more within ten seconds, when its answer was lost', async () => {
        const token = await sessions.signIn();
        const lost = await sessions.refreshed(token);
        const second = await sessions.refreshed(token);
        assert.notEqual(second, lost);
        await sessions.letPass(token, '11 seconds');
        const third = await sessions.refreshed(second);
        await sessions.letPass(token, '11 seconds');
        assert.ok(await sessions.refresh(third));
      });

      test('gives answers of which one can go on: the other is used with it', async () => {
        const token = await sessions.signIn();
        const [one, other] = [await sessions.refreshed(token), await sessions.refreshed(token)];
        await sessions.letPass(token, '11 seconds');
        const next = await sessions.refreshed(one);
        await sessions.letPass(token, '11 seconds');
        assert.equal(await sessions.refresh(other), undefined);
        assert.equal(await sessions.refresh(next), undefined);
      });

      test('presented eight times at once gives answers of one generation', async () => {
        const token = await sessions.signIn();
        const answers = await Promise.all(Array.from({ length: 8 }, () => sessions.refreshed(token)));
        assert.equal(new Set(answers).size, 8);
        await sessions.letPass(token, '11 seconds');
        const [first = '', ...others] = answers;
        const next = await sessions.refreshed(first);
        await sessions.letPass(token, '11 seconds');
        const late = await Promise.all([...others, next].map(sessions.refresh));
        // Whoever comes late ends the session; the one that went on may have been quicker.
        assert.equal(late.slice(0, -1).filter(Boolean).length, 0);
        assert.equal(await sessions.refresh(late.at(-1) ?? next), undefined);
      });
    });

    describe('signing out', () => {
      test('ends this session, and again is no error', async () => {
        const [here, there] = [await sessions.signIn(), await sessions.signIn()];
        for (let turn = 0; turn < 2; turn++)
          assert.deepEqual(await sessions.signOut(here), { userErrors: [] });
        assert.equal(await sessions.refresh(here), undefined);
        assert.ok(await sessions.refresh(there));
      });

      test('takes a used token too', async () => {
        const used = await sessions.signIn();
        const next = await sessions.refreshed(used);
        await sessions.letPass(used, '11 seconds');
        await sessions.signOut(used);
        assert.equal(await sessions.refresh(next), undefined);
      });

      test('everywhere ends all sessions of the person, and of nobody else', async () => {
        const [here, there, foreign] = [
          await sessions.signIn(),
          await sessions.signIn(),
          await sessions.signIn('mateo@example.com'),
        ];
        assert.deepEqual(await sessions.signOut(here, true), { userErrors: [] });
        assert.equal(await sessions.refresh(here), undefined);
        assert.equal(await sessions.refresh(there), undefined);
        assert.ok(await sessions.refresh(foreign));
      });

      test('everywhere once more ends nothing that began later', async () => {
        const here = await sessions.signIn();
        await sessions.signOut(here, true);
        const later = await sessions.signIn();
        assert.deepEqual(await sessions.signOut(here, true), { userErrors: [] });
        assert.ok(await sessions.refresh(later));
      });

      test('with a token that nobody knows is no error here, but everywhere', async () => {
        assert.deepEqual(await sessions.signOut('unknown'), { userErrors: [] });
        const { userErrors } = await sessions.signOut('unknown', true);
        assert.deepEqual(
          userErrors.map(({ code }) => code),
          ['SESSION_ENDED'],
        );
      });

      test('while others refresh leaves nothing open', async () => {
        const tokens = [await sessions.signIn(), await sessions.signIn(), await sessions.signIn()];
        const [answers] = await Promise.all([
          Promise.all(tokens.map(sessions.refresh)),
          sessions.signOut(tokens[0] ?? '', true),
        ]);
        for (const token of [...tokens, ...answers]) {
          if (token !== undefined) assert.equal(await sessions.refresh(token), undefined);
        }
      });
    });

    test('what has ended is forgotten after a day, at the next start', async () => {
      const token = await sessions.signIn();
      await sessions.signOut(token);
      await tables.db
        .updateTable('sessions')
        .set({ ended_at: sql<Date>`now() - interval '25 hours'` })
        .where('ended_at', 'is not', null)
        .execute();
      const second = await startTestSubgraph(accounts, database);
      await second.stop();
      const left = await tables.db
        .selectFrom('refresh_tokens')
        .select('hash')
        .where('hash', '=', hashOf(token))
        .execute();
      assert.deepEqual(left, []);
    });
  });
}
