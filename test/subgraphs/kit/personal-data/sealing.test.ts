// Owns that sealed columns are sealed at rest and open to the domain, whatever was there before and whoever meddles with them.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import pg from 'pg';
import { prepareDatabase } from '../../../../subgraphs/kit/database/prepare-database.ts';
import { databaseEngines, type TestDatabase, testDataKey } from '../../../support/databases.ts';
import { inventoryComplaints } from '../../../support/personal-data.ts';
import { startTestSubgraph, type TestSubgraph } from '../../../support/subgraph.ts';
import { type BookclubOptions, bookclubSubgraph } from './bookclub/bookclub.ts';

const newKey = Buffer.alloc(32, 'another key').toString('base64');

for (const engine of databaseEngines()) {
  describe(`sealed columns on ${engine.name}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    let bookclub: TestSubgraph | undefined;
    before(async () => {
      database = await engine.start();
    });
    after(() => database?.stop());
    afterEach(async () => {
      await bookclub?.stop();
      bookclub = undefined;
      await raw('drop schema if exists bookclub cascade');
    });

    const start = async (options: BookclubOptions = {}, dataKey = testDataKey) => {
      bookclub = await startTestSubgraph(bookclubSubgraph(options), { ...database, dataKey });
      return bookclub;
    };
    const restart = async (options: BookclubOptions = {}, dataKey = testDataKey) => {
      await bookclub?.stop();
      bookclub = undefined;
      return start(options, dataKey);
    };

    /** As somebody who has the database and not DATA_KEY. */
    async function raw(statement: string): Promise<Record<string, unknown>[]> {
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
    const nameOf = async (id: string) => {
      const { body } = await (bookclub as TestSubgraph).query(`{ reader(id: "${id}") { name } }`);
      return (body.data?.['reader'] as { name: string } | null)?.name;
    };

    it('are open to the domain, also in views, and sealed in the database', async () => {
      const { query, stop } = await start();
      const { body } = await query('{ reader(id: "reader-2") { id name email born } grownUps { id name } }');
      assert.deepEqual(body, {
        data: {
          reader: { id: 'reader-2', name: 'Reader 2', email: 'reader-2@example.com', born: 2001 },
          grownUps: [1, 2, 3].map((n) => ({ id: `reader-${n}`, name: `Reader ${n}` })),
        },
      });
      const rows = await raw('select * from bookclub.readers order by id');
      assert.deepEqual(
        rows.map(({ card }) => card === null),
        [true, false, true],
      );
      assert.match(String(rows[0]?.['name']), /^sealed\.1\.[0-9a-f]{12}\.[\w-]+$/);
      assert.doesNotMatch(JSON.stringify(rows), /Reader 1|card-2/);
      assert.equal(rows[0]?.['email'], 'reader-1@example.com');
      assert.doesNotMatch(JSON.stringify(await raw('select door_code from bookclub.branches')), /4711/);
      await stop();
    });

    it('are sealed and opened by every change, and the same text is never sealed to the same', async () => {
      const { query } = await start();
      const changes: [mutation: string, field: string, name: string][] = [
        ['addReader(id: "a", name: "Ada", card: "c") { name }', 'addReader', 'Ada'],
        ['rename(id: "a", name: "Bo") { name }', 'rename', 'Bo'],
        ['keep(id: "a", name: "Cy") { name }', 'keep', 'Cy'],
        ['keep(id: "b", name: "Cy") { name }', 'keep', 'Cy'],
        ['rename(id: "b", name: "sealed.1.aa.bb") { name }', 'rename', 'sealed.1.aa.bb'],
        ['rename(id: "b", name: "") { name }', 'rename', ''],
        ['rename(id: "b", name: "ÅÄÖ 🐢") { name }', 'rename', 'ÅÄÖ 🐢'],
      ];
      for (const [mutation, field, name] of changes) {
        const { body } = await query(`mutation { ${mutation} }`);
        assert.deepEqual(body, { data: { [field]: { name } } });
      }
      await query('mutation { rename(id: "b", name: "Cy") { id } }');
      const rows = await raw(`select name from bookclub.readers where id in ('a', 'b')`);
      assert.notEqual(rows[0]?.['name'], rows[1]?.['name']);
    });

    it('refuse U+0000 as other columns do', async () => {
      const { query } = await start();
      const { body } = await query('mutation { rename(id: "reader-1", name: "a\\u0000") { id } }');
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
    });

    it('cannot be compared or ordered by: such a query fails, and finds nothing quietly', async () => {
      const { query, statements } = await start();
      statements.length = 0;
      for (const question of ['{ compared(name: "Reader 1") { id } }', '{ newest { id } }']) {
        const { body } = await query(question);
        assert.equal(body.errors?.[0]?.extensions?.['code'], 'INTERNAL_SERVER_ERROR');
      }
      assert.deepEqual(statements, []);
    });

    it('need no statement of their own', async () => {
      const { query, statements } = await start();
      statements.length = 0;
      await query('mutation { rename(id: "reader-1", name: "A") { name } }');
      await query('{ reader(id: "reader-1") { name } }');
      assert.equal(statements.length, 2);
    });

    it('take no plain text, by whatever road it comes', async () => {
      await start();
      await assert.rejects(raw(`update bookclub.readers set name = 'Ada'`), /kit_sealed_name/);
      await assert.rejects(
        raw(`insert into bookclub.branches values ('south', 'Ystad', '0815')`),
        /kit_sealed_door_code/,
      );
    });

    const meddlings: [what: string, statement: string][] = [
      ['is cut short', `update bookclub.readers set name = left(name, -1) where id = 'reader-2'`],
      [
        'has another letter',
        `update bookclub.readers set name = overlay(name placing 'A' from 40 for 1) where id = 'reader-2' and substr(name, 40, 1) <> 'A'; update bookclub.readers set name = overlay(name placing 'B' from 41 for 1) where id = 'reader-2' and substr(name, 41, 1) <> 'B'`,
      ],
      ['comes from another column', `update bookclub.readers set name = card where id = 'reader-2'`],
      [
        'names a key that is not there',
        `update bookclub.readers set name = overlay(name placing 'ffffffffffff' from 10) where id = 'reader-2'`,
      ],
      [
        'is nothing but the beginning',
        `update bookclub.readers set name = 'sealed.1.' where id = 'reader-2'`,
      ],
    ];
    for (const [what, statement] of meddlings) {
      it(`fail, in words that tell nothing, where a value ${what}`, async () => {
        const { query } = await start();
        await raw(statement);
        const { body } = await query('{ reader(id: "reader-2") { id name } }');
        assert.deepEqual(body.data, { reader: null });
        assert.equal(body.errors?.[0]?.message, 'Something went wrong here. It has been logged.');
        assert.equal(await nameOf('reader-1'), 'Reader 1');
      });
    }

    it('are sealed when a column is declared so later, in tables with rows, and stay what they were', async () => {
      const readers = 2_500;
      const { query } = await start({ sealed: false, readers });
      await query('mutation { rename(id: "reader-7", name: "sealed.1.aa.planted") { id } }');
      assert.equal(
        (await raw(`select name from bookclub.readers where id = 'reader-1'`))[0]?.['name'],
        'Reader 1',
      );
      await restart({ readers });
      assert.equal(await nameOf('reader-7'), 'sealed.1.aa.planted');
      assert.equal(await nameOf('reader-2500'), 'Reader 2500');
      const { body } = await (bookclub as TestSubgraph).query('{ grownUps { id name } }');
      assert.deepEqual(
        body.data?.['grownUps'],
        [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({
          id: `reader-${n}`,
          name: n === 7 ? 'sealed.1.aa.planted' : `Reader ${n}`,
        })),
      );
      const plain = await raw(`select name from bookclub.readers where name not like 'sealed.1.%' limit 1`);
      assert.deepEqual(plain, []);
    });

    it('are sealed to the end by the next start, where one was ended in the middle', async () => {
      await start({ readers: 400 });
      await raw(`alter table bookclub.readers drop constraint kit_sealed_name;
        update bookclub.readers set name = 'Plain ' || id where id like '%5';
        alter table bookclub.readers add constraint kit_sealed_name check (starts_with(name, 'sealed.1.')) not valid`);
      await restart({ readers: 400 });
      assert.equal(await nameOf('reader-15'), 'Plain reader-15');
      assert.equal(await nameOf('reader-16'), 'Reader 16');
      await assert.rejects(raw(`update bookclub.readers set name = 'Ada'`), /kit_sealed_name/);
    });

    it('are sealed once, with one data key, when several processes start at the same time', async () => {
      const plain = await prepareDatabase(bookclubSubgraph({ sealed: false, readers: 900 }), database);
      await plain.close();
      const opened = await Promise.all(
        [1, 2, 3, 4].map(() => prepareDatabase(bookclubSubgraph({ readers: 900 }), database)),
      );
      for (const { close } of opened) await close();
      assert.equal((await raw('select id from bookclub.data_keys')).length, 1);
      await start();
      assert.equal(await nameOf('reader-900'), 'Reader 900');
    });

    it('stay declared as sealed, or the service does not start', async () => {
      await start();
      await assert.rejects(
        restart({ sealed: false }),
        /bookclub: the values of \w+\.\w+ are sealed, so it must stay sealed in the inventory/,
      );
    });

    it('hold what the inventory says, and the check finds where they do not', async () => {
      const { db, close } = await prepareDatabase(bookclubSubgraph(), database);
      try {
        assert.deepEqual(await inventoryComplaints(bookclubSubgraph(), db), []);
        await raw(`alter table bookclub.loans add column whim text, drop column note;
          alter table bookclub.readers drop constraint kit_sealed_name;
          update bookclub.readers set name = 'sealed.1.almost';
          drop view bookclub.grown_ups; create table bookclub.grown_ups (id text)`);
        assert.deepEqual(await inventoryComplaints(bookclubSubgraph(), db), [
          'loans.whim is not in the inventory',
          'loans.note is not there',
          'grown_ups is no view',
          'readers.name holds values that are not sealed',
        ]);
      } finally {
        await close();
      }
    });

    describe('under another DATA_KEY', () => {
      it('are not opened: the service does not start, says so, and loses nothing', async () => {
        await start();
        const before = await raw('select * from bookclub.data_keys');
        await assert.rejects(
          restart({}, newKey),
          (error: Error) =>
            /^DATA_KEY does not open the data keys of bookclub: /.test(error.message) &&
            !error.message.includes(newKey),
        );
        assert.deepEqual(await raw('select * from bookclub.data_keys'), before);
        await restart();
        assert.equal(await nameOf('reader-1'), 'Reader 1');
      });

      it('are opened when the old one comes after it, and then without the old one', async () => {
        await start();
        const [before] = await raw('select * from bookclub.data_keys');
        await restart({}, ` ${newKey} , ${testDataKey}`);
        assert.equal(await nameOf('reader-1'), 'Reader 1');
        await restart({}, newKey);
        assert.equal(await nameOf('reader-1'), 'Reader 1');
        const [now] = await raw('select * from bookclub.data_keys');
        assert.equal(now?.['id'], before?.['id']);
        assert.notEqual(now?.['wrapped'], before?.['wrapped']);
        await assert.rejects(restart({}, testDataKey), /DATA_KEY does not open/);
      });

      it('are not opened by a data key that was wrapped for another service', async () => {
        await start();
        await raw(`update bookclub.data_keys set id = 'ffffffffffff'`);
        await assert.rejects(restart(), /DATA_KEY does not open/);
      });
    });

    it('that are sealed with keys that are gone stop the start, and no other key is made', async () => {
      await start();
      const keys = await raw('delete from bookclub.data_keys returning *');
      await assert.rejects(
        restart(),
        /^Error: The data keys of bookclub are gone, and \w+\.\w+ is sealed with them: bring back the rows of data_keys\./,
      );
      assert.deepEqual(await raw('select * from bookclub.data_keys'), []);
      for (const { id, wrapped } of keys) {
        await raw(`insert into bookclub.data_keys (id, wrapped) values ('${id}', '${wrapped}')`);
      }
      await restart();
      assert.equal(await nameOf('reader-1'), 'Reader 1');
    });

    it('need DATA_KEY', async () => {
      const { dataKey: _, ...keyless } = database;
      await assert.rejects(
        prepareDatabase(bookclubSubgraph(), keyless),
        /^Error: DATA_KEY must be given: bookclub keeps personal data encrypted with it\.$/,
      );
    });

    if (engine.name === 'PostgreSQL') {
      it('are opened by a role that may not touch the data keys', async () => {
        await start();
        const own = new URL(database.url);
        Object.assign(own, { username: 'tributary_bookclub', pathname: '/tributary_bookclub' });
        const address = { ...database, url: own.href };
        await bookclub?.stop();
        bookclub = await startTestSubgraph(bookclubSubgraph(), address);
        assert.equal(await nameOf('reader-1'), 'Reader 1');
        const client = new pg.Client({ connectionString: own.href });
        await client.connect();
        for (const statement of [
          'delete from bookclub.data_keys',
          `update bookclub.data_keys set wrapped = ''`,
        ]) {
          await assert.rejects(client.query(statement), /permission denied/);
        }
        await client.end();
      });

      it('are sealed by the administrator alone: another role is told so', async () => {
        const plain = await prepareDatabase(bookclubSubgraph({ sealed: false }), database);
        await plain.close();
        const own = new URL(database.url);
        Object.assign(own, { username: 'tributary_bookclub', pathname: '/tributary_bookclub' });
        await assert.rejects(
          prepareDatabase(bookclubSubgraph(), { ...database, url: own.href }),
          /keeps readers\.name, readers\.card, reminders\.text, branches\.door_code unsealed: run "npm run seed"/,
        );
      });
    }
  });
}
