// Owns that a service's schema is brought up to date and seeded once, whoever starts, dies or breaks on the way.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { prepareDatabase } from '../../../../subgraphs/kit/database/prepare-database.ts';
import { databaseEngines, type TestDatabase } from '../../../support/databases.ts';
import { librarySubgraph } from '../library/library.ts';

for (const engine of databaseEngines()) {
  describe(`preparing a database on ${engine.name}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    before(async () => {
      database = await engine.start();
    });
    after(() => database?.stop());

    async function booksOf(
      name: string,
      options: Parameters<typeof librarySubgraph>[0] = {},
    ): Promise<unknown> {
      const { db, close } = await prepareDatabase(librarySubgraph({ name, books: 9, ...options }), database);
      try {
        const { rows } = await sql<{
          count: number;
        }>`select count(*) as count from ${sql.id(name, 'books')}`.execute(db);
        return rows[0]?.count;
      } finally {
        await close();
      }
    }

    it('seeds once, also when several prepare at the same time', async () => {
      let seeds = 0;
      const duringSeed = () => {
        seeds++;
      };
      const counts = await Promise.all([1, 2, 3].map(() => booksOf('together', { duringSeed })));
      assert.deepEqual(counts, [9, 9, 9]);
      assert.equal(seeds, 1);
      assert.equal(await booksOf('together', { duringSeed }), 9);
      assert.equal(seeds, 1);
    });

    it('prepares several services at the same time', async () => {
      assert.deepEqual(await Promise.all(['one', 'two', 'three'].map((name) => booksOf(name))), [9, 9, 9]);
    });

    it('starts a seed over that broke in the middle, and names the service', async () => {
      const duringSeed = () => {
        throw new Error('the seed broke');
      };
      await assert.rejects(
        booksOf('broken_seed', { duringSeed }),
        /^Error: broken_seed: the seed failed: the seed broke$/,
      );
      assert.equal(await booksOf('broken_seed'), 9);
    });

    it('names the service and the migration that fails, and keeps nothing of it', async () => {
      const extraMigrations = {
        '0002-broken': {
          up: async (db: { schema: { createTable(name: string): { execute(): Promise<void> } } }) => {
            await db.schema.createTable('books').execute();
          },
        },
      };
      await assert.rejects(
        booksOf('broken_migration', { extraMigrations }),
        /broken_migration: migration 0002-broken failed/,
      );
      assert.equal(await booksOf('broken_migration'), 9);
    });

    it('applies a later migration to a database that has data', async () => {
      assert.equal(await booksOf('grows'), 9);
      const extraMigrations = {
        '0002-more': {
          up: async (db: { schema: { createTable(name: string): { execute(): Promise<void> } } }) => {
            await db.schema.createTable('more').execute();
          },
        },
      };
      assert.equal(await booksOf('grows', { extraMigrations }), 9);
    });

    it('starts over when it is told to', async () => {
      const definition = librarySubgraph({ name: 'fresh', books: 4 });
      const first = await prepareDatabase(definition, database);
      await sql`delete from fresh.books`.execute(first.db);
      await first.close();
      const second = await prepareDatabase(definition, database, { reset: true });
      const { rows } = await sql<{ count: number }>`select count(*) as count from fresh.books`.execute(
        second.db,
      );
      await second.close();
      assert.deepEqual(rows, [{ count: 4 }]);
    });
  });
}
