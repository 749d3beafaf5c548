// Holds the book of erasures to what several processes need of it, on every engine: nobody does the same, nothing is forgotten.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import {
  beginErasure,
  claimParts,
  type ErasurePart,
  partFailed,
  partIsDone,
  partsOf,
} from '../../../subgraphs/accounts/erasures.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { openTables } from './accounts-client.ts';

for (const engine of databaseEngines()) {
  describe(`the book of erasures on ${engine.name}`, { timeout: 120_000 }, () => {
    let database: TestDatabase;
    let db: Kysely<AccountsTables>;
    let close: () => Promise<void>;
    before(async () => {
      database = await engine.start();
      ({ db, close } = await openTables(database));
    });
    after(async () => {
      await close?.();
      await database?.stop();
    });

    const begin = (userId: string, domains: string[]) =>
      db
        .transaction()
        .execute((transaction) =>
          beginErasure(transaction, { userId, domains: ['accounts', ...domains], done: 'accounts' }),
        );
    /** As if so much time had gone by: PostgreSQL's word for it. */
    async function letPass(time: string): Promise<void> {
      const ago = sql`cast(${time} as interval)`;
      await db
        .updateTable('erasures')
        .set({ requested_at: sql<Date>`requested_at - ${ago}` })
        .execute();
      await db
        .updateTable('erasure_parts')
        .set({ next_try_at: sql<Date>`next_try_at - ${ago}` })
        .execute();
    }
    async function secondsUntil({ erasureId, domain }: ErasurePart): Promise<number> {
      const { seconds } = await db
        .selectFrom('erasure_parts')
        .select(sql<number>`round(extract(epoch from next_try_at - now()))::float`.as('seconds'))
        .where('erasure_id', '=', erasureId)
        .where('domain', '=', domain)
        .executeTakeFirstOrThrow();
      return seconds;
    }
    const isComplete = async (id: string) => {
      const row = await db
        .selectFrom('erasures')
        .select('completed_at')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.completed_at instanceof Date;
    };
    const sorted = (parts: ErasurePart[]) => parts.map(({ domain }) => domain).sort();

    test('whoever begins holds the parts for ten seconds, and others get each of them once then', async () => {
      const { id, parts } = await begin('user-1', ['a', 'b', 'c']);
      assert.deepEqual(sorted(parts), ['a', 'b', 'c']);
      assert.deepEqual(await claimParts(db, 20), []);
      await letPass('11 seconds');
      const claimed = await Promise.all([claimParts(db, 2), claimParts(db, 2), claimParts(db, 2)]);
      assert.deepEqual(sorted(claimed.flat()), ['a', 'b', 'c']);
      for (const part of claimed.flat()) {
        assert.deepEqual([part.erasureId, part.userId, part.tries, part.isLast], [id, 'user-1', 2, false]);
      }
      assert.deepEqual(await claimParts(db, 20), []);
      for (const part of claimed.flat()) await partIsDone(db, part);
    });

    test('the pauses grow, five minutes at most, and start anew when it has worked', async () => {
      const { parts } = await begin('user-2', ['a']);
      let [part] = parts;
      assert.ok(part);
      for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]) {
        await partFailed(db, part, 'it is not there');
        assert.equal(await secondsUntil(part), seconds);
        await letPass(`${seconds + 1} seconds`);
        const claimed = await claimParts(db, 20);
        part = claimed.find(({ userId }) => userId === 'user-2');
        assert.ok(part, `after ${seconds} s it is due`);
      }
      await partIsDone(db, { ...part, isLast: false });
      await letPass('20 minutes');
      const again = (await claimParts(db, 20)).find(
        ({ userId, domain }) => userId === 'user-2' && domain === 'a',
      );
      assert.deepEqual([again?.tries, again?.isLast], [1, true]);
    });

    test('who held a part for too long neither delays it nor undoes what another has done', async () => {
      const { id, parts } = await begin('user-3', ['a']);
      const [slow] = parts;
      assert.ok(slow);
      await letPass('11 seconds');
      const quick = (await claimParts(db, 20)).find(({ userId }) => userId === 'user-3');
      assert.ok(quick);
      await partFailed(db, slow, 'too late');
      assert.ok((await secondsUntil(quick)) > 8, 'it is still held');
      await partIsDone(db, { ...quick, isLast: true });
      await partIsDone(db, slow);
      await partFailed(db, quick, 'too late');
      const rows = await db
        .selectFrom('erasure_parts')
        .select(['confirmed_at', 'problem'])
        .where('erasure_id', '=', id)
        .where('domain', '=', 'a')
        .execute();
      assert.ok(rows[0]?.confirmed_at);
      assert.equal(rows[0].problem, null);
    });

    test('it is complete when the last part is confirmed, also where all are at the same time', async () => {
      const { id, parts } = await begin('user-4', ['a', 'b', 'c', 'd']);
      for (const part of parts) await partIsDone(db, part);
      assert.ok((await partsOf(db, id)).every(({ erasedAt }) => erasedAt instanceof Date));
      assert.equal(await isComplete(id), false);
      await letPass('19 minutes');
      assert.ok(
        !(await claimParts(db, 20)).some(({ erasureId }) => erasureId === id),
        'a token may be good yet',
      );
      await letPass('1 minute');
      const last = (await claimParts(db, 20)).filter(({ erasureId }) => erasureId === id);
      assert.deepEqual(sorted(last), ['a', 'accounts', 'b', 'c', 'd']);
      assert.ok(last.every(({ isLast }) => isLast));
      const [first, ...others] = last;
      assert.ok(first);
      await Promise.all(others.map((part) => partIsDone(db, part)));
      assert.equal(await isComplete(id), false);
      await partIsDone(db, first);
      assert.equal(await isComplete(id), true);

      const second = await begin('user-5', ['a', 'b', 'c', 'd']);
      await letPass('20 minutes');
      const due = (await claimParts(db, 20)).filter(({ erasureId }) => erasureId === second.id);
      assert.equal(due.length, 5);
      await Promise.all(due.map((part) => partIsDone(db, part)));
      assert.equal(await isComplete(second.id), true);
    });
  });
}
