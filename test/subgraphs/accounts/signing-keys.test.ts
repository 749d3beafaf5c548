// Holds the keys of accounts to how they follow each other, over HTTP, on every engine: next, current, retired, gone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeProtectedHeader } from 'jose';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { rotateKeys } from '../../../subgraphs/accounts/signing-keys.ts';
import { remoteKeySet } from '../../../subgraphs/kit/calls/caller.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { nodeFlags } from '../../support/node-flags.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { accountsClient, openTables, type SignInPayload } from './accounts-client.ts';

for (const engine of databaseEngines()) {
  describe(`the keys of accounts on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let tables: { db: Kysely<AccountsTables>; close: () => Promise<void> };

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      tables = await openTables(database);
    });
    after(async () => {
      await tables.close();
      await subgraph.stop();
      await database.stop();
    });

    async function published(): Promise<string[]> {
      const response = await fetch(new URL('/.well-known/jwks.json', subgraph.url));
      assert.equal(response.headers.get('cache-control'), 'public, max-age=300');
      const { keys } = (await response.json()) as { keys: { kid: string; d?: string }[] };
      assert.ok(keys.every(({ d }) => d === undefined));
      return keys.map(({ kid }) => kid);
    }
    async function signIn(): Promise<{ token: string; kid: string | undefined }> {
      const input = { email: 'ada@example.com', password: demoPassword };
      const { token } = await accountsClient(subgraph).ask<SignInPayload>('signIn', { input });
      return { token: token ?? '', kid: decodeProtectedHeader(token ?? '').kid };
    }
    async function isGood(token: string, one = subgraph): Promise<boolean> {
      const { status, body } = await one.query('{ me { id } }', { token });
      if (status === 401) return false;
      assert.deepEqual(body, { data: { me: { id: 'user-001' } } });
      return true;
    }
    /** As if so much time had gone by: PostgreSQL's word for it. */
    async function letPass(time: string): Promise<void> {
      const ago = sql`cast(${time} as interval)`;
      await tables.db
        .updateTable('signing_keys')
        .set({ signs_since: sql<Date>`signs_since - ${ago}`, retired_at: sql<Date>`retired_at - ${ago}` })
        .execute();
    }
    async function rotations(): Promise<number> {
      const events = tables.db.selectFrom('sign_in_events').where('kind', '=', 'KEYS_ROTATED');
      return (await events.select('id').execute()).length;
    }
    const startAnother = async () => (await startTestSubgraph(accounts, database)).stop();

    test('the next one is known before it signs, and the one before until its tokens have ended', async () => {
      const before = await signIn();
      const [current, next] = await published();
      assert.deepEqual([before.kid, (await published()).length], [current, 2]);

      assert.equal(await rotateKeys(tables.db), next);
      const [signing, coming, retired, ...others] = await published();
      assert.deepEqual([signing, retired, others], [next, current, []]);
      assert.ok(coming !== undefined && ![current, next].includes(coming));
      const afterwards = await signIn();
      assert.equal(afterwards.kid, next);
      assert.deepEqual([await isGood(before.token), await isGood(afterwards.token)], [true, true]);

      await letPass('15 minutes');
      assert.equal((await published()).length, 3);
      await letPass('5 minutes');
      assert.deepEqual(await published(), [next, coming]);
    });

    test('a token of before the rotation is good for others who ask for the keys only now', async () => {
      const { token, kid = '' } = await signIn();
      await rotateKeys(tables.db);
      const keySet = remoteKeySet(new URL('/.well-known/jwks.json', subgraph.url).href);
      const [header = '', payload = '', signature = ''] = token.split('.');
      assert.ok(await keySet({ alg: 'ES256', kid }, { protected: header, payload, signature }));
    });

    test('a process that rotated twice elsewhere is believed at once, and each of its keys', async () => {
      const tokens: string[] = [];
      for (let turn = 0; turn < 3; turn++) {
        tokens.push((await signIn()).token);
        await rotateKeys(tables.db);
      }
      tokens.push((await signIn()).token);
      for (const token of tokens) assert.ok(await isGood(token));
    });

    test('ten rotations at once leave one current key and one next', async () => {
      await Promise.all(Array.from({ length: 10 }, () => rotateKeys(tables.db)));
      const keys = await tables.db
        .selectFrom('signing_keys')
        .select('is_current')
        .where('retired_at', 'is', null)
        .execute();
      assert.deepEqual(keys.map(({ is_current }) => is_current).sort(), [false, true]);
      assert.ok(await isGood((await signIn()).token));
    });

    test('a start rotates when the current one is 30 days old, and not before', async () => {
      await rotateKeys(tables.db);
      const [current, next] = await published();
      await letPass('29 days');
      await startAnother();
      assert.deepEqual((await published()).slice(0, 2), [current, next]);
      await letPass('1 day');
      const count = await rotations();
      await Promise.all([startAnother(), startAnother(), startAnother()]);
      assert.equal((await published())[0], next);
      assert.equal(await rotations(), count + 1);
    });

    test('a process that runs on rotates within the hour', async (context) => {
      context.mock.timers.enable({ apis: ['setInterval'] });
      const running = await startTestSubgraph(accounts, database);
      const [, next] = await published();
      await letPass('31 days');
      context.mock.timers.tick(60 * 60_000);
      // Stopping waits for what was begun.
      await running.stop();
      assert.equal((await published())[0], next);
    });

    test('keys that are gone leave the table at the next start', async () => {
      await rotateKeys(tables.db);
      await letPass('20 minutes');
      await startAnother();
      const rows = await tables.db.selectFrom('signing_keys').select('kid').execute();
      assert.equal(rows.length, 2);
    });

    test('fifty unknown key ids at once cost few reads of the keys, and known ones are not held up', async () => {
      const { token } = await signIn();
      const [, payload, signature] = token.split('.');
      const unknown = Array.from({ length: 50 }, (_, turn) => {
        const header = JSON.stringify({ alg: 'ES256', kid: `unknown-${turn}` });
        return [Buffer.from(header).toString('base64url'), payload, signature].join('.');
      });
      subgraph.statements.length = 0;
      const began = performance.now();
      const answers = await Promise.all([...unknown.map((one) => isGood(one)), isGood(token)]);
      assert.deepEqual(answers, [...unknown.map(() => false), true]);
      const most = 2 + (performance.now() - began) / 100;
      const reads = subgraph.statements.filter((sql) => sql.includes('signing_keys')).length;
      assert.ok(reads <= most, `${reads} reads instead of ${most}`);
    });

    if (engine.name === 'PGlite') return;
    test('rotate-keys.ts rotates from outside', async () => {
      const [, next] = await published();
      const script = fileURLToPath(new URL('../../../subgraphs/accounts/rotate-keys.ts', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [...nodeFlags, script], {
        env: { ...process.env, DATABASE_URL: database.url, DATA_KEY: database.dataKey },
      });
      assert.match(stdout, new RegExp(`the key ${next} now`));
      assert.equal((await published())[0], next);
    });
  });
}
