// Holds signing in to how often it lets a password be tried, over HTTP, on every engine: by whom, from where, for how long.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { oneDatabaseEngine, type TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { type AccountsClient, accountsClient, openTables, type SignInPayload } from './accounts-client.ts';

const ada = 'ada@example.com';
const [home, elsewhere] = ['192.0.2.7', '198.51.100.9'];

for (const engine of oneDatabaseEngine()) {
  describe(`tries to sign in to accounts on ${engine.name}`, () => {
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
      await tables.close();
      await subgraph.stop();
      await database.stop();
    });
    beforeEach(async () => {
      await tables.db.deleteFrom('sign_in_tries').execute();
      await tables.db.deleteFrom('sign_in_events').execute();
    });

    const payloadOf = (email: string, password: string, from?: string) =>
      client.ask<SignInPayload>('signIn', { input: { email, password } }, undefined, from);
    /** `signed in`, or the code of what was wrong. */
    async function attempt(email: string, password: string, from?: string): Promise<string> {
      const { token, userErrors } = await payloadOf(email, password, from);
      return token === null ? (userErrors[0]?.code ?? 'nothing') : 'signed in';
    }
    const wrong = (email: string, from?: string) => attempt(email, 'wrong horse', from);
    const right = (email: string, from?: string) => attempt(email, demoPassword, from);
    async function failTimes(times: number, email: string, from?: string): Promise<void> {
      for (let turn = 0; turn < times; turn++) assert.equal(await wrong(email, from), 'WRONG_CREDENTIALS');
    }
    /** As if so much time had gone by: PostgreSQL's word for it. */
    async function letPass(time: string): Promise<void> {
      const ago = sql`cast(${time} as interval)`;
      await tables.db
        .updateTable('sign_in_tries')
        .set({ since: sql<Date>`since - ${ago}`, paused_until: sql<Date>`paused_until - ${ago}` })
        .execute();
    }
    /** As if so many had failed before: hashing for each of a hundred would take long. */
    async function failedBefore(kind: 'address' | 'network', tries: number): Promise<void> {
      const { numUpdatedRows } = await tables.db
        .updateTable('sign_in_tries')
        .set({ tries })
        .where('key', 'like', `${kind} %`)
        .executeTakeFirstOrThrow();
      assert.equal(numUpdatedRows, 1n);
    }

    for (const [who, email] of [
      ['a known', ada],
      ['an unknown', 'nobody@example.com'],
    ] as const) {
      test(`five are free for ${who} address, and then there are longer and longer pauses`, async () => {
        await failTimes(5, email, elsewhere);
        const seconds = [15, 30, 60, 120, 240, 480, 900, 900];
        for (const pause of seconds) {
          const { userErrors, ...nothing } = await payloadOf(email, 'wrong horse', elsewhere);
          assert.deepEqual(nothing, { token: null, expiresAt: null, refreshToken: null, user: null });
          const { retryAt, ...error } = userErrors[0] ?? {};
          assert.deepEqual(error, {
            code: 'TOO_MANY_TRIES',
            message: 'Too many tries: wait a while before the next one.',
            field: null,
          });
          const wait = (Date.parse(retryAt ?? '') - Date.now()) / 1000;
          assert.ok(wait > pause - 10 && wait <= pause + 1, `${wait} s instead of ${pause}`);
          await letPass(`${pause} seconds`);
          assert.equal(await wrong(email, elsewhere), 'WRONG_CREDENTIALS');
        }
      });
    }

    test('the right password is refused in a pause as a wrong one is, and so is an unknown address', async () => {
      await failTimes(5, ada, elsewhere);
      await failTimes(5, 'nobody@example.com', elsewhere);
      const ask = async (email: string, password: string) => {
        subgraph.statements.length = 0;
        const { userErrors, ...payload } = await payloadOf(email, password, elsewhere);
        const { retryAt, ...error } = userErrors[0] ?? {};
        assert.ok(retryAt);
        return { payload, error, statements: [...subgraph.statements] };
      };
      // The first of a pause is written into the log.
      await wrong(ada, elsewhere);
      await wrong('nobody@example.com', elsewhere);
      const known = await ask(ada, 'wrong horse');
      assert.deepEqual(await ask(ada, demoPassword), known);
      assert.deepEqual(await ask('nobody@example.com', 'wrong horse'), known);
    });

    test('tries in a pause do not make it longer', async () => {
      await failTimes(5, ada, elsewhere);
      const times: (string | null | undefined)[] = [];
      for (let turn = 0; turn < 3; turn++) {
        times.push((await payloadOf(ada, 'wrong horse', elsewhere)).userErrors[0]?.retryAt);
      }
      assert.equal(new Set(times).size, 1);
    });

    test('the right password after the pause signs in, and five are free again', async () => {
      await failTimes(5, ada, elsewhere);
      await letPass('15 seconds');
      assert.equal(await right(ada, elsewhere), 'signed in');
      await failTimes(5, ada, elsewhere);
      assert.equal(await wrong(ada, elsewhere), 'TOO_MANY_TRIES');
    });

    test('a day later five are free again', async () => {
      await failTimes(5, ada, elsewhere);
      await letPass('25 hours');
      await failTimes(5, ada, elsewhere);
    });

    test('twenty at once are not more than five', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => wrong(ada, elsewhere)));
      assert.equal(answers.filter((code) => code === 'WRONG_CREDENTIALS').length, 5);
      assert.equal(answers.filter((code) => code === 'TOO_MANY_TRIES').length, 15);
    });

    test('upper and lower case are one address', async () => {
      await failTimes(3, ada, elsewhere);
      await failTimes(2, 'ADA@Example.com', elsewhere);
      assert.equal(await wrong(ada, elsewhere), 'TOO_MANY_TRIES');
    });

    test('another address from there and the same from elsewhere are not held up', async () => {
      await failTimes(5, ada, elsewhere);
      assert.equal(await right('mateo@example.com', elsewhere), 'signed in');
      assert.equal(await right(ada, home), 'signed in');
    });

    test('the pause holds in another process and after a restart', async () => {
      await failTimes(5, ada, elsewhere);
      const second = await startTestSubgraph(accounts, database);
      try {
        const input = { email: ada, password: demoPassword };
        const { userErrors } = await accountsClient(second).ask<SignInPayload>(
          'signIn',
          { input },
          undefined,
          elsewhere,
        );
        assert.equal(userErrors[0]?.code, 'TOO_MANY_TRIES');
      } finally {
        await second.stop();
      }
    });

    test('fifty from everywhere hold strangers up, but not the person at home', async () => {
      assert.equal(await right(ada, home), 'signed in');
      await failTimes(1, ada, '203.0.113.1');
      await failedBefore('address', 49);
      assert.equal(await wrong(ada, '203.0.113.2'), 'WRONG_CREDENTIALS');
      assert.equal(await wrong(ada, '203.0.113.3'), 'TOO_MANY_TRIES');
      assert.equal(await right(ada, '203.0.113.4'), 'TOO_MANY_TRIES');
      assert.equal(await right(ada, home), 'signed in');
    });

    test('a hundred of any address from one network hold it up, but nobody who is at home there', async () => {
      assert.equal(await right('mateo@example.com', elsewhere), 'signed in');
      await failTimes(1, 'one@example.com', elsewhere);
      await failedBefore('network', 99);
      assert.equal(await wrong('two@example.com', elsewhere), 'WRONG_CREDENTIALS');
      assert.equal(await wrong('three@example.com', elsewhere), 'TOO_MANY_TRIES');
      assert.equal(await right(ada, elsewhere), 'TOO_MANY_TRIES');
      assert.equal(await right('mateo@example.com', elsewhere), 'signed in');
      await letPass('61 minutes');
      assert.equal(await right(ada, elsewhere), 'signed in');
    });

    test('signing in with an account of one’s own does not free the network', async () => {
      await failTimes(1, 'one@example.com', elsewhere);
      await failedBefore('network', 98);
      assert.equal(await right('noor@example.com', elsewhere), 'signed in');
      assert.equal(await wrong('two@example.com', elsewhere), 'WRONG_CREDENTIALS');
      assert.equal(await wrong('three@example.com', elsewhere), 'WRONG_CREDENTIALS');
      assert.equal(await wrong('four@example.com', elsewhere), 'TOO_MANY_TRIES');
    });

    test('all addresses of an IPv6 network are one', async () => {
      for (let turn = 0; turn < 5; turn++) {
        assert.equal(await wrong(ada, `2001:db8:1:2::${turn + 1}`), 'WRONG_CREDENTIALS');
      }
      assert.equal(await wrong(ada, '2001:0DB8:1:2:aaaa::1'), 'TOO_MANY_TRIES');
      assert.equal(await wrong(ada, '2001:db8:1:3::1'), 'WRONG_CREDENTIALS');
    });

    test('only the last entry of x-forwarded-for counts: those before it anybody can write', async () => {
      for (let turn = 0; turn < 5; turn++) {
        assert.equal(await wrong(ada, `203.0.113.${turn}, ${elsewhere}`), 'WRONG_CREDENTIALS');
      }
      assert.equal(await wrong(ada, `203.0.113.9, ${elsewhere}`), 'TOO_MANY_TRIES');
    });

    for (const router of ['10.0.0.3', '172.18.0.4', 'fd00::5']) {
      test(`${router} may be a router with everybody behind it, so it is not counted as a network`, async () => {
        await failTimes(1, ada, router);
        const rows = await tables.db.selectFrom('sign_in_tries').select('key').execute();
        assert.deepEqual(rows.map(({ key }) => key.split(' ')[0]).sort(), ['address', 'pair']);
      });
    }

    test('without an address of the client, tries of one address are counted together', async () => {
      await failTimes(5, ada);
      assert.equal(await wrong(ada), 'TOO_MANY_TRIES');
      assert.equal(await right('mateo@example.com'), 'signed in');
    });

    const open = (email: string, from?: string) =>
      client.ask<SignInPayload>('signUp', { input: client.newcomer({ email }) }, undefined, from);
    const codeOf = ({ token, userErrors }: SignInPayload) =>
      token === null ? userErrors[0]?.code : 'signed in';
    /** As if so many had been opened before. */
    async function openedBefore(tries: number, network = elsewhere): Promise<void> {
      await tables.db
        .insertInto('sign_in_tries')
        .values({ key: `sign-up ${network}`, tries })
        .execute();
    }

    test('twenty accounts from one network are free, and then it has to wait, whether there is an account or not', async () => {
      await openedBefore(18);
      assert.equal(codeOf(await open('tove.1@slow.example', elsewhere)), 'signed in');
      assert.equal(codeOf(await open(ada, elsewhere)), 'EMAIL_TAKEN');
      const answers = [await open(ada, elsewhere), await open('tove.2@slow.example', elsewhere)];
      assert.deepEqual(answers[0], answers[1]);
      const [{ retryAt, ...error } = {}] = answers[0]?.userErrors ?? [];
      assert.deepEqual(error, {
        code: 'TOO_MANY_TRIES',
        message: 'Too many new accounts from your network: wait a while before the next one.',
        field: null,
      });
      const wait = (Date.parse(retryAt ?? '') - Date.now()) / 1000;
      assert.ok(wait > 5 && wait <= 16, `${wait} s instead of 15`);
      await letPass('15 seconds');
      assert.equal(codeOf(await open(ada, elsewhere)), 'EMAIL_TAKEN');
      const [{ retryAt: next } = {}] = (await open(ada, elsewhere)).userErrors;
      assert.ok((Date.parse(next ?? '') - Date.now()) / 1000 > 16, 'the next pause is longer');
      await letPass('61 minutes');
      assert.equal(codeOf(await open('tove.2@slow.example', elsewhere)), 'signed in');
    });

    test('while a network may open no accounts, others may, and people there go on signing in', async () => {
      await openedBefore(19);
      assert.equal(codeOf(await open(ada, elsewhere)), 'EMAIL_TAKEN');
      assert.equal(codeOf(await open('tove.3@slow.example', elsewhere)), 'TOO_MANY_TRIES');
      assert.equal(codeOf(await open('tove.3@slow.example', home)), 'signed in');
      assert.equal(await right(ada, elsewhere), 'signed in');
      const { count } = await tables.db
        .selectFrom('sign_in_events')
        .where('kind', '=', 'SLOWED_DOWN')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      assert.equal(Number(count), 1);
    });

    test('twenty at once and a weak password besides are counted as twenty', async () => {
      await openedBefore(10);
      const weak = { input: client.newcomer({ password: 'short' }) };
      const { userErrors } = await client.ask<SignInPayload>('signUp', weak, undefined, elsewhere);
      assert.equal(userErrors[0]?.code, 'PASSWORD_TOO_WEAK');
      const answers = await Promise.all(Array.from({ length: 20 }, () => open(ada, elsewhere)));
      assert.equal(answers.filter((answer) => codeOf(answer) === 'EMAIL_TAKEN').length, 10);
      assert.equal(answers.filter((answer) => codeOf(answer) === 'TOO_MANY_TRIES').length, 10);
    });

    for (const from of ['10.0.0.3', 'fd00::5', undefined]) {
      test(`accounts opened from ${from ?? 'nobody knows where'} are not counted`, async () => {
        assert.equal(codeOf(await open(ada, from)), 'EMAIL_TAKEN');
        assert.deepEqual(await tables.db.selectFrom('sign_in_tries').select('key').execute(), []);
      });
    }

    test('what is written down names no address', async () => {
      await failTimes(1, 'secret.person@example.com', elsewhere);
      const rows = await tables.db.selectFrom('sign_in_tries').selectAll().execute();
      assert.equal(rows.length, 3);
      assert.ok(!JSON.stringify(rows).includes('secret'));
    });

    test('what counts no more is forgotten at the next start', async () => {
      await failTimes(5, ada, elsewhere);
      await letPass('25 hours');
      await failTimes(1, 'mateo@example.com', home);
      const second = await startTestSubgraph(accounts, database);
      await second.stop();
      const { count } = await tables.db
        .selectFrom('sign_in_tries')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      assert.equal(count, 3);
    });
  });
}
