// Owns what a person may take along and how they leave: rows of all tables, for themselves alone, and for signed calls alone.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { type SubgraphCall, signCall } from '../../../../subgraphs/kit/calls/sign-call.ts';
import { erasureScope } from '../../../../subgraphs/kit/personal-data/erasures-route.ts';
import { databaseEngines, type TestDatabase } from '../../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../../support/subgraph.ts';
import { bookclubSubgraph } from './bookclub/bookclub.ts';

const callerSecret = 'a secret of at least 32 characters, for tests';

for (const engine of databaseEngines()) {
  describe(`the data of a person on ${engine.name}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    let bookclub: TestSubgraph;
    const tokens: Record<string, string> = {};
    before(async () => {
      database = await engine.start();
      bookclub = await startTestSubgraph(bookclubSubgraph({ readers: 2 }), database, { callerSecret });
      for (const userId of ['user-1', 'user-2', 'nobody']) {
        tokens[userId] = await bookclub.identity.tokenFor({ userId, scopes: ['people:erase'] });
      }
      for (const loan of [
        'readerId: "reader-1", book: "Emma", note: "late"',
        'readerId: "reader-2", book: "Ulysses"',
      ]) {
        await bookclub.query(`mutation { lend(${loan}) }`);
      }
    });
    after(async () => {
      await bookclub?.stop();
      await database?.stop();
    });

    const exported = async (as: string, of = as) => {
      const { entities } = await bookclub.entities(
        [{ __typename: 'MyData', userId: of }],
        '... on MyData { bookclub }',
        { token: tokens[as] },
      );
      return (entities[0] as { bookclub: Record<string, Record<string, unknown>[]> | null } | null)?.bookclub;
    };
    async function erase(
      body: string,
      signed: Partial<SubgraphCall> | undefined = {},
      headers: Record<string, string> = {},
    ): Promise<{ status: number; body: Record<string, unknown> }> {
      const call = { secret: callerSecret, from: 'accounts', to: 'bookclub', scopes: [erasureScope], body };
      const response = await fetch(new URL('/erasures', bookclub.url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'tributary-caller': signCall({ ...call, ...signed }),
          ...headers,
        },
        body,
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    }
    const ofUser = (userId: string) => JSON.stringify({ userId });

    it('is all there, opened, with dates as texts and without secrets', async () => {
      const data = await exported('user-1');
      const lentAt = data?.['loans']?.[0]?.['lent_at'];
      assert.match(String(lentAt), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.deepEqual(data, {
        readers: [
          { user_id: 'user-1', name: 'Reader 1', email: 'reader-1@example.com', born: 2000, id: 'reader-1' },
        ],
        loans: [
          { reader_id: 'reader-1', book: 'Emma', note: 'late', id: 'loan-reader-1-Emma', lent_at: lentAt },
        ],
        reminders: [{ text: 'Bring back Emma', id: 1, loan_id: 'loan-reader-1-Emma' }],
      });
    });

    it('is there for somebody of whom nothing is kept', async () => {
      assert.deepEqual(await exported('nobody'), { readers: [], loans: [], reminders: [] });
    });

    it('is nobody else’s, nor there for the anonymous', async () => {
      assert.equal(await exported('user-2', 'user-1'), null);
      const { body } = await bookclub.query('{ _service { sdl } }');
      assert.ok(body.data);
      const anonymous = await bookclub.entities(
        [{ __typename: 'MyData', userId: 'user-1' }],
        '... on MyData { bookclub }',
      );
      assert.deepEqual(anonymous.entities, [{ bookclub: null }]);
    });

    const refused: [what: string, signed: Partial<SubgraphCall>, headers?: Record<string, string>][] = [
      ['is not signed', {}, { 'tributary-caller': '' }],
      ['is signed with another secret', { secret: 'another secret of at least 32 characters' }],
      ['is meant for another subgraph', { to: 'library' }],
      ['is for another body', { body: ofUser('user-2') }],
      ['is too old', { now: () => Date.now() - 60_000 }],
      ['comes from the future', { now: () => Date.now() + 60_000 }],
      ['has no scope', { scopes: [] }],
      ['has another scope', { scopes: ['people', 'people:erased'] }],
    ];
    for (const [what, signed, headers] of refused) {
      it(`stays where a call ${what}`, async () => {
        const { status, body } = await erase(ofUser('user-1'), signed, headers);
        assert.equal(status, 401);
        assert.deepEqual(body, {
          errors: [{ message: 'This call may erase nobody.', extensions: { code: 'UNAUTHENTICATED' } }],
        });
      });
    }

    it('stays where somebody has the scope in a token', async () => {
      const headers = { 'tributary-caller': '', authorization: `Bearer ${tokens['user-1']}` };
      assert.equal((await erase(ofUser('user-1'), {}, headers)).status, 401);
      assert.equal((await exported('user-1'))?.['readers']?.length, 1);
    });

    const badBodies = [
      '{}',
      'null',
      '[]',
      '"user-1"',
      '{"userId":""}',
      '{"userId":7}',
      '{"userId":"a\\u0000"}',
      ofUser('x'.repeat(201)),
      '{',
    ];
    for (const body of badBodies) {
      it(`stays where the body is ${body.slice(0, 30)}`, async () => {
        assert.equal((await erase(body)).status, 400);
      });
    }

    it('is gone where nothing has to be kept, and blank where it has; once more is harmless', async () => {
      const counts = { readers: 1, loans: 1, reminders: 1 };
      assert.deepEqual(await erase(ofUser('user-1')), { status: 200, body: { erased: counts } });
      assert.deepEqual(await exported('user-1'), { readers: [], loans: [], reminders: [] });
      const { body } = await bookclub.query('{ reader(id: "reader-1") { id name email born } }');
      assert.deepEqual(body.data, { reader: { id: 'reader-1', name: '', email: null, born: null } });
      const { body: again } = await erase(ofUser('user-1'));
      assert.deepEqual(again, { erased: { readers: 0, loans: 0, reminders: 0 } });
      const rows = await raw(`select note, (select count(*)::int from bookclub.reminders) as reminders
        from bookclub.loans where id like '%Emma'`);
      assert.deepEqual(rows, [{ note: null, reminders: 1 }]);
      assert.equal((await exported('user-2'))?.['reminders']?.length, 1);
    });

    it('is gone whole or not at all', async () => {
      await raw(
        'alter table bookclub.readers add constraint never check (name is not null and email is not null) not valid',
      );
      const { status, body } = await erase(ofUser('user-2'));
      assert.equal(status, 500);
      assert.doesNotMatch(JSON.stringify(body), /readers|never/);
      assert.equal((await exported('user-2'))?.['reminders']?.length, 1);
      await raw('alter table bookclub.readers drop constraint never');
    });

    it('is nothing that a subgraph without people has: it says so', async () => {
      const { personalData: _, ...unknowing } = bookclubSubgraph({ sealed: false });
      const notes = { ...unknowing, name: 'notes', migrations: {}, seed: async () => {} };
      const other = await startTestSubgraph(notes, database, { callerSecret });
      const body = ofUser('user-1');
      const call = { secret: callerSecret, from: 'accounts', to: 'notes', scopes: [erasureScope], body };
      const response = await fetch(new URL('/erasures', other.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'tributary-caller': signCall(call) },
        body,
      });
      assert.deepEqual(await response.json(), { erased: {} });
      await other.stop();
    });

    async function raw(statement: string): Promise<unknown[]> {
      const url = new URL(database.url);
      if (engine.name === 'PostgreSQL') url.pathname = '/tributary_bookclub';
      const client = new pg.Client({ connectionString: url.href, query_timeout: 10_000 });
      await client.connect();
      try {
        return (await client.query(statement)).rows;
      } finally {
        await client.end();
      }
    }
  });
}
