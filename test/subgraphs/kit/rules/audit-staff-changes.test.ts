// Owns that what the shop's own people change is on record, whatever becomes of it, and without what is nobody's business.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { openDatabase } from '../../../../subgraphs/kit/database/open-database.ts';
import { provision } from '../../../../subgraphs/kit/database/provision.ts';
import type { StaffChangesTables } from '../../../../subgraphs/kit/database/staff-changes.ts';
import type { LifeMessage } from '../../../../subgraphs/kit/process-life.ts';
import { databaseEngines, type TestDatabase } from '../../../support/databases.ts';
import { type Claims, startTestIdentity } from '../../../support/identity.ts';
import { startTestSubgraph, type TestSubgraph } from '../../../support/subgraph.ts';
import { lending } from '../lending/lending.ts';

const admin: Claims = { userId: 'boss', roles: ['ADMIN', 'CUSTOMER'] };
const support: Claims = { userId: 'helper', roles: ['SUPPORT'] };
const giveBack =
  'mutation ($id: ID!, $input: GiveBackInput, $note: String) { giveBack(id: $id, input: $input, note: $note) { userErrors } }';

for (const engine of databaseEngines()) {
  describe(`changes by staff on ${engine.name}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let db: Kysely<StaffChangesTables>;
    let close: () => Promise<void>;
    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(lending, database);
      const url = new URL(database.url);
      if (engine.name === 'PostgreSQL') url.pathname = '/tributary_lending';
      const opened = openDatabase({ definition: lending, url: url.href, engine: engine.name });
      db = opened.db as Kysely<StaffChangesTables>;
      close = opened.close;
    });
    after(async () => {
      await close?.();
      await subgraph?.stop();
      await database?.stop();
    });
    beforeEach(() => db.deleteFrom('staff_changes').execute());

    const recorded = async () => {
      const rows = await db.selectFrom('staff_changes').selectAll().orderBy('at').execute();
      return rows.map(({ id, at, ...rest }) => {
        assert.ok(Math.abs(at.getTime() - Date.now()) < 60_000);
        return rest;
      });
    };
    const ask = async (
      claims: Claims | undefined,
      document: string,
      variables: Record<string, unknown> = {},
    ) => {
      const token = claims && (await subgraph.identity.tokenFor(claims));
      return (await subgraph.query(document, { token, variables })).body;
    };

    const outcomes: { id: string; outcome: string; person_id: string | null }[] = [
      { id: 'loan-a1', outcome: 'done', person_id: 'a' },
      { id: 'none', outcome: 'refused', person_id: null },
      { id: 'broken', outcome: 'failed', person_id: null },
    ];
    for (const { id, ...ending } of outcomes) {
      it(`are ${ending.outcome} when that is what became of them`, async () => {
        await ask(admin, giveBack, { id });
        assert.deepEqual(await recorded(), [
          {
            actor_id: 'boss',
            roles: ['ADMIN', 'CUSTOMER'],
            mutation: 'giveBack',
            targets: { id },
            ...ending,
          },
        ]);
      });
    }

    it('name what they were about by its ids alone, wherever those stand', async () => {
      const input = {
        also: ['x', 'y\u0000'],
        stamp: { deskId: 'desk-1', signature: 'secret-1' },
        comment: 'secret-2',
      };
      await ask(support, giveBack, { id: `loan-${'z'.repeat(500)}`, input, note: 'secret-3' });
      const [row, ...others] = await recorded();
      assert.deepEqual(others, []);
      assert.deepEqual(row?.targets, {
        id: `loan-${'z'.repeat(195)}`,
        input: { also: ['x', 'y\uFFFD'], stamp: { deskId: 'desk-1' } },
      });
      assert.doesNotMatch(JSON.stringify(row), /secret/);
    });

    it('are on record one by one, also those that are forbidden', async () => {
      const document =
        'mutation { one: giveBack(id: "1") { userErrors } two: giveBack(id: "2") { userErrors } }';
      await ask(support, document);
      assert.deepEqual(
        (await recorded()).map(({ targets }) => targets),
        [{ id: '1' }, { id: '2' }],
      );
    });

    it('can be read as the documentation says', async () => {
      await ask(admin, giveBack, { id: 'loan-a1' });
      const docs = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
      const [, statement = ''] = /```sql\n(select [^`]*)```/.exec(docs) ?? [];
      assert.match(statement, /accounts\.staff_changes/);
      const { rows } = await sql.raw(statement.replace('accounts', 'lending')).execute(db);
      const [row] = rows as Record<string, unknown>[];
      assert.deepEqual([row?.['actor_id'], row?.['outcome'], rows.length], ['boss', 'done', 1]);
    });

    const others: [who: string, claims: Claims | undefined, count: number][] = [
      ['nobody', undefined, 0],
      ['a customer', { userId: 'a', roles: ['CUSTOMER'] }, 0],
      ['a merchandiser', { userId: 'a', roles: ['MERCHANDISER'], scopes: ['inventory:write'] }, 0],
      [
        'whoever may read customers, whatever the role is called',
        { userId: 'a', scopes: ['customers:read'] },
        1,
      ],
      ['whoever may change customers', { userId: 'a', roles: ['BOSS'], scopes: ['customers:write'] }, 1],
    ];
    for (const [who, claims, count] of others) {
      it(`of ${who} are ${count === 0 ? 'not ' : ''}recorded`, async () => {
        assert.deepEqual((await ask(claims, giveBack, { id: 'loan-a1' })).errors, undefined);
        assert.equal((await recorded()).length, count);
      });
    }

    it('do not happen where they cannot be recorded', async () => {
      await sql`alter table lending.staff_changes rename to gone`.execute(db);
      try {
        // It would have failed otherwise: that it does not is what shows that it never ran.
        const { data, errors } = await ask(admin, giveBack, { id: 'broken' });
        assert.equal(data ?? null, null);
        assert.equal(errors?.length, 1);
        assert.equal(errors[0]?.extensions?.['code'], 'SUBGRAPH_UNAVAILABLE');
        assert.equal(errors[0]?.message, 'Nothing was changed, because it could not be recorded.');
        const customers = await ask({ userId: 'a' }, giveBack, { id: 'loan-a1' });
        assert.equal(customers.errors, undefined);
      } finally {
        await sql`alter table lending.gone rename to staff_changes`.execute(db);
      }
    });

    it('stay on record as begun when the process is killed in the middle', async () => {
      const identity = await startTestIdentity();
      const child = fork(new URL('../lending/main.ts', import.meta.url), [], {
        env: {
          ...process.env,
          DATABASE_URL: engine.name === 'PostgreSQL' ? database.url : '',
          DATA_DIR: database.dataDir ?? '',
          PORT: '0',
          JWKS_URL: identity.jwksUrl,
        },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      try {
        const [first] = (await once(child, 'message')) as [LifeMessage];
        assert.ok(first.type === 'ready', JSON.stringify(first));
        const pondering = once(child, 'message');
        const answer = fetch(first.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${await identity.tokenFor(admin)}`,
          },
          body: JSON.stringify({ query: 'mutation { ponder(id: "loan-b1") { userErrors } }' }),
        });
        const hungUp = assert.rejects(answer);
        assert.deepEqual(await pondering.then(([message]) => message), { type: 'pondering' });
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await Promise.all([exit, hungUp]);
        const [row] = await recorded();
        assert.deepEqual(
          [row?.actor_id, row?.mutation, row?.targets, row?.outcome],
          ['boss', 'ponder', { id: 'loan-b1' }, 'begun'],
        );
      } finally {
        child.kill('SIGKILL');
        await identity.stop();
      }
    });

    if (engine.name === 'PostgreSQL') {
      it('cannot be rewritten or deleted by the service itself', async () => {
        await ask(admin, giveBack, { id: 'loan-a1' });
        const url = await provision(lending, { url: database.url });
        const own = openDatabase({ definition: lending, url, engine: engine.name });
        try {
          for (const statement of [
            `update lending.staff_changes set actor_id = 'somebody else'`,
            `update lending.staff_changes set targets = '{}'`,
            'delete from lending.staff_changes',
            'truncate lending.staff_changes',
            'drop table lending.staff_changes',
          ]) {
            await assert.rejects(
              sql.raw(statement).execute(own.db),
              /permission denied|must be owner/,
              statement,
            );
          }
        } finally {
          await own.close();
        }
        assert.equal((await recorded()).length, 1);
      });

      it('need their table before the service starts with its own role', async () => {
        const url = await provision(lending, { url: database.url });
        await sql`alter table lending.staff_changes rename to gone`.execute(db);
        await assert.rejects(provision(lending, { url }), /lacks staff_changes: run "npm run seed"/);
        await sql`alter table lending.gone rename to staff_changes`.execute(db);
      });
    }
  });
}
