// Owns that a service's role on a PostgreSQL server can do its work and nothing else.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { provision } from '../../../../subgraphs/kit/database/provision.ts';
import { databaseEngines, type TestDatabase } from '../../../support/databases.ts';
import { librarySubgraph } from '../library/library.ts';

for (const engine of databaseEngines().filter(({ name }) => name === 'PostgreSQL')) {
  describe('the role of a service', { timeout: 120_000 }, () => {
    let server: TestDatabase;
    let own: string;
    let other: string;
    before(async () => {
      server = await engine.start();
      own = await provision(librarySubgraph({ name: 'lib', books: 3 }), { url: server.url });
      other = await provision(librarySubgraph({ name: 'other', books: 3 }), { url: server.url });
    });
    after(() => server?.stop());

    async function ask(url: string, statement: string): Promise<unknown[]> {
      const client = new pg.Client({ connectionString: url, query_timeout: 10_000 });
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query(statement)).rows;
      } finally {
        await client.end();
      }
    }

    for (const statement of [
      'select * from lib.books',
      `insert into lib.pages values ('book-1', 99)`,
      `update lib.books set title = 'New' where id = 'book-1'`,
      'delete from lib.pages where number = 99',
      'insert into lib.visits default values returning id',
    ]) {
      it(`can: ${statement}`, async () => {
        await ask(own, statement);
      });
    }

    for (const statement of [
      'create table lib.mine (n int)',
      'create table public.mine (n int)',
      'create schema mine',
      'drop table lib.books',
      'alter table lib.books add column n int',
      'truncate lib.books',
      'delete from lib.kysely_migration',
      'delete from lib.kit_seed',
      'create role mine',
      'create database mine',
    ]) {
      it(`cannot: ${statement}`, async () => {
        await assert.rejects(ask(own, statement), /permission denied|must be owner/);
      });
    }

    it("cannot connect to another service's database", async () => {
      const url = new URL(own);
      url.pathname = new URL(other).pathname;
      await assert.rejects(ask(url.href, 'select 1'), /permission denied for database "tributary_other"/);
    });

    it('is neither an administrator nor a member of another role', async () => {
      const rows = await ask(
        own,
        `select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls,
         (select count(*)::int from pg_auth_members where member = pg_roles.oid) as memberships
         from pg_roles where rolname = current_user`,
      );
      assert.deepEqual(rows, [
        { rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false, memberships: 0 },
      ]);
    });

    it('has a password of its own, the same at every start', async () => {
      const again = await provision(librarySubgraph({ name: 'lib', books: 3 }), { url: server.url });
      assert.equal(again, own);
      assert.notEqual(new URL(own).password, new URL(other).password);
      assert.ok(new URL(own).password.length > 20);
      const chosen = await provision(librarySubgraph({ name: 'chosen' }), {
        url: server.url,
        password: 'p@ss/word',
      });
      assert.equal(decodeURIComponent(new URL(chosen).password), 'p@ss/word');
      assert.deepEqual(await ask(chosen, 'select 1 as one'), [{ one: 1 }]);
    });

    it("is enough for the service once its tables are there, and says what is missing when they aren't", async () => {
      assert.equal(await provision(librarySubgraph({ name: 'lib' }), { url: own }), own);
      const extraMigrations = { '0002-later': { up: async () => {} } };
      await assert.rejects(
        provision(librarySubgraph({ name: 'lib', extraMigrations }), { url: own }),
        /The database of lib lacks 0002-later: run "npm run seed"/,
      );
    });

    it("is refused for another service's work", async () => {
      await assert.rejects(provision(librarySubgraph({ name: 'third' }), { url: own }), {
        message: 'DATABASE_URL is of the role tributary_lib, but third works as tributary_third.',
      });
    });

    it('is made once by many processes at the same time', async () => {
      const definition = librarySubgraph({ name: 'crowded', books: 3 });
      const urls = await Promise.all([1, 2, 3, 4, 5].map(() => provision(definition, { url: server.url })));
      assert.equal(new Set(urls).size, 1);
      assert.deepEqual(await ask(urls[0] ?? '', 'select count(*)::int from crowded.books'), [{ count: 3 }]);
    });

    it('is not made by a user who may not, with a clear sentence', async () => {
      await ask(server.url, 'create role weak login');
      const url = new URL(server.url);
      url.username = 'weak';
      await assert.rejects(
        provision(librarySubgraph({ name: 'never' }), { url: url.href }),
        /may not create roles/,
      );
    });
  });
}
