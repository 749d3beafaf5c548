// Holds the log of sign-ins to its promises over HTTP, on every engine: what is in it, what never is, and who reads it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { oneDatabaseEngine, type TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { type AccountsClient, accountsClient, openTables, type SignInPayload } from './accounts-client.ts';

interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: { node: { kind: string; network: string | null; at: string } }[];
}

const password = 'correct horse';
const from = '203.0.113.7';
const document = `query ($id: ID!, $first: Int, $after: String) { user(id: $id) { signIns(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { kind network at } } } } }`;

for (const engine of oneDatabaseEngine()) {
  describe(`the log of sign-ins of accounts on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let client: AccountsClient;
    let tables: { db: Kysely<AccountsTables>; close: () => Promise<void> };
    /** Somebody to whom everything happened that can happen, once. */
    let person: { id: string; email: string; token: string; secrets: string[] };
    const story: [string, string | null][] = [
      ['SIGNED_UP', null],
      ['SIGNED_IN', from],
      ['REFRESHED', from],
      ['REUSE_DETECTED', '2001:db8:1:2::/64'],
      ['REFRESHED', null],
      ['SIGNED_OUT', null],
      ...Array<[string, string]>(5).fill(['REFUSED', from]),
      ['SLOWED_DOWN', from],
    ];

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      client = accountsClient(subgraph);
      tables = await openTables(database);
      person = await live();
    });
    after(async () => {
      await tables.close();
      await subgraph.stop();
      await database.stop();
    });

    async function live(): Promise<typeof person> {
      const input = client.newcomer({ email: 'Marked.Person@example.com', password });
      const { email } = input;
      const opened = await client.ask<SignInPayload>('signUp', { input });
      const signedIn = await client.ask<SignInPayload>(
        'signIn',
        { input: { email, password } },
        undefined,
        from,
      );
      const refresh = (one: SignInPayload, from?: string) =>
        client.ask<SignInPayload>('refreshSession', { refreshToken: one.refreshToken }, undefined, from);
      const refreshed = await refresh(signedIn, from);
      await tables.db
        .updateTable('sessions')
        .set({ rotated_at: sql<Date>`rotated_at - interval '11 seconds'` })
        .execute();
      await refresh(signedIn, '2001:db8:1:2::3');
      const last = await refresh(opened);
      for (let turn = 0; turn < 2; turn++) await client.ask('signOut', { refreshToken: last.refreshToken });
      for (let turn = 0; turn < 8; turn++) {
        const input = { email, password: 'marked wrong horse' };
        await client.ask('signIn', { input }, undefined, from);
      }
      const secrets = [opened, signedIn, refreshed, last].flatMap(({ token, refreshToken }) => [
        token ?? '',
        refreshToken ?? '',
      ]);
      return { id: opened.user?.id ?? '', email, token: opened.token ?? '', secrets };
    }

    async function tokenOf(name: string): Promise<string> {
      const input = { email: `${name}@example.com`, password: demoPassword };
      return (await client.ask<SignInPayload>('signIn', { input })).token ?? '';
    }
    async function logFor(token: string | undefined, page: object = {}) {
      const { body } = await subgraph.query(document, { variables: { id: person.id, ...page }, token });
      const user = body.data?.['user'] as { signIns: Page | null };
      return { signIns: user.signIns, codes: body.errors?.map(({ extensions }) => extensions?.['code']) };
    }

    test('tells the person all that happened, the latest first, and where', async () => {
      const { signIns } = await logFor(person.token);
      assert.deepEqual(
        signIns?.edges.map(({ node }) => [node.kind, node.network]),
        [...story].reverse(),
      );
      assert.equal(signIns?.totalCount, story.length);
      const times = signIns?.edges.map(({ node }) => Date.parse(node.at)) ?? [];
      assert.deepEqual(
        times,
        [...times].sort((one, other) => other - one),
      );
    });

    test('comes in pages', async () => {
      const kinds: string[] = [];
      let after: string | null = null;
      do {
        const { signIns } = await logFor(person.token, { first: 5, after });
        kinds.push(...(signIns?.edges ?? []).map(({ node }) => node.kind));
        after = signIns?.pageInfo.hasNextPage ? signIns.pageInfo.endCursor : null;
      } while (after !== null);
      assert.deepEqual(kinds, story.map(([kind]) => kind).reverse());
    });

    for (const [name, sees] of [
      ['noor', true],
      ['ines', true],
      ['mateo', false],
      ['ada', false],
    ] as const) {
      test(`is ${sees ? 'shown to' : 'null without an error for'} ${name}`, async () => {
        const { signIns, codes } = await logFor(await tokenOf(name));
        assert.equal(signIns?.totalCount, sees ? story.length : undefined);
        assert.equal(codes, undefined);
      });
    }

    test('is null for somebody anonymous', async () => {
      assert.deepEqual(await logFor(undefined), { signIns: null, codes: ['UNAUTHENTICATED'] });
    });

    test('of several people is each their own', async () => {
      const { entities } = await subgraph.entities(
        [person.id, 'user-001'].map((id) => ({ __typename: 'User', id })),
        '... on User { signIns { totalCount } }',
        { token: person.token },
      );
      assert.deepEqual(entities, [{ signIns: { totalCount: story.length } }, { signIns: null }]);
    });

    test('knows an unknown person by a keyed hash, the same each time', async () => {
      for (const email of ['Nobody@example.com', 'nobody@example.com', 'nobody.else@example.com']) {
        await client.ask('signIn', { input: { email, password } });
      }
      const rows = await tables.db
        .selectFrom('sign_in_events')
        .select(['address_hash', 'kind'])
        .where('user_id', 'is', null)
        .orderBy('at')
        .execute();
      const [one, same, other] = rows.map(({ address_hash }) => address_hash);
      assert.match(one ?? '', /^[\w-]{43}$/);
      assert.equal(same, one);
      assert.notEqual(other, one);
    });

    test('never holds a password, a token, or the address of somebody', async () => {
      const rows = JSON.stringify(await tables.db.selectFrom('sign_in_events').selectAll().execute());
      for (const secret of [...person.secrets, password, 'horse', person.email, 'obody', '@example']) {
        assert.ok(!rows.toLowerCase().includes(secret.toLowerCase()));
      }
    });

    test('goes with the account', async () => {
      const { user, token } = await client.ask<SignInPayload>('signUp', { input: client.newcomer() });
      assert.ok(token);
      const id = user?.id ?? '';
      const eventsOf = () =>
        tables.db.selectFrom('sign_in_events').select('id').where('user_id', '=', id).execute();
      assert.equal((await eventsOf()).length, 1);
      await tables.db.deleteFrom('users').where('id', '=', id).execute();
      assert.equal((await eventsOf()).length, 0);
    });

    test('forgets after 90 days, at the next start', async () => {
      await tables.db
        .updateTable('sign_in_events')
        .set({ at: sql<Date>`at - interval '90 days'` })
        .where('user_id', '=', person.id)
        .where('kind', '=', 'REFUSED')
        .execute();
      const second = await startTestSubgraph(accounts, database);
      await second.stop();
      assert.equal((await logFor(person.token)).signIns?.totalCount, story.length - 5);
    });
  });
}
