// Owns a small subgraph that knows people, and keeps some of what it knows sealed: who borrows which book of the club.
import { type Generated, type Kysely, type Migration, sql } from 'kysely';
import { defineSubgraph } from '../../../../../subgraphs/kit/define-subgraph.ts';
import { insertRows } from '../../../../../subgraphs/kit/insert-rows.ts';
import { definePersonalData } from '../../../../../subgraphs/kit/personal-data/define-personal-data.ts';
import { myDataResolvers } from '../../../../../subgraphs/kit/personal-data/my-data.ts';

export interface ReaderRow {
  id: string;
  user_id: string | null;
  name: string;
  email: string | null;
  born: number | null;
  card: string | null;
}

export interface BookclubTables {
  readers: ReaderRow;
  grown_ups: ReaderRow;
  loans: { id: string; reader_id: string; book: string; note: string | null; lent_at: Generated<Date> };
  reminders: { id: Generated<number>; loan_id: string; text: string };
  branches: { id: string; city: string; door_code: string };
}

const bookclubData = definePersonalData<BookclubTables>({
  readers: {
    person: 'user_id',
    onErasure: {
      keep: 'the loans of a year are counted',
      blank: { user_id: null, name: '', email: null, born: null, card: null },
    },
    personal: {
      user_id: 'who it is',
      name: { what: 'what they are called', sealed: true },
      email: 'where they are written to',
      born: 'the year of birth',
      card: { what: 'what their card is charged by', sealed: true, secret: true },
    },
    others: ['id'],
  },
  grown_ups: { viewOf: 'readers' },
  loans: {
    person: { through: 'reader_id', to: 'readers' },
    onErasure: { keep: 'the loans of a year are counted', blank: { note: null } },
    personal: { reader_id: 'who borrowed', book: 'what they read', note: 'what was said of them' },
    others: ['id', 'lent_at'],
  },
  reminders: {
    person: { through: 'loan_id', to: 'loans' },
    onErasure: 'remove',
    personal: { text: { what: 'what they were written', sealed: true } },
    others: ['id', 'loan_id'],
  },
  branches: { sealed: { door_code: 'what opens the door' }, others: ['id', 'city'] },
});

const tables: Migration = {
  async up(db) {
    await sql`create table bookclub.readers (id text primary key, user_id text, name text not null,
      email text unique, born integer, card text)`.execute(db);
    await sql`create view bookclub.grown_ups as select * from bookclub.readers where born < 2008`.execute(db);
    await sql`create table bookclub.loans (id text primary key, reader_id text not null references bookclub.readers (id),
      book text not null, note text, lent_at timestamptz not null default now())`.execute(db);
    await sql`create table bookclub.reminders (id bigserial primary key,
      loan_id text not null references bookclub.loans (id), text text not null)`.execute(db);
    await sql`create table bookclub.branches (id text primary key, city text not null, door_code text not null)`.execute(
      db,
    );
  },
};

export interface BookclubOptions {
  /** False leaves the inventory out, as before anything was sealed. */
  sealed?: boolean;
  /** How many readers the seed makes. */
  readers?: number;
}

export function bookclubSubgraph({ sealed = true, readers = 3 }: BookclubOptions = {}) {
  return defineSubgraph<BookclubTables, Record<never, never>>({
    name: 'bookclub',
    folder: new URL('.', import.meta.url),
    migrations: { '0001-bookclub': tables },
    seed: (db) => seed(db, readers),
    loaders: () => ({}),
    ...(sealed && { personalData: bookclubData }),
    resolvers: {
      Query: {
        exportMyData: (_: unknown, __: unknown, { caller }) => ({ userId: caller.userId }),
        reader: (_: unknown, { id }: { id: string }, { db }) => readerOf(db, id),
        grownUps: (_: unknown, __: unknown, { db }) =>
          db.selectFrom('grown_ups').select(['id', 'grown_ups.name']).orderBy('id').execute(),
        bornIn: (_: unknown, { year }: { year: string }, { db }) =>
          db.selectFrom('readers').select('id').where(sql<boolean>`born = ${year}::text::integer`).execute(),
        newest: (_: unknown, __: unknown, { db }) =>
          db.selectFrom('readers').selectAll().orderBy('name').execute(),
        compared: (_: unknown, { name }: { name: string }, { db }) =>
          db.selectFrom('readers').selectAll().where('name', '=', name).execute(),
      },
      Mutation: {
        addReader: (_: unknown, reader: { id: string; name: string }, { db, caller }) =>
          db
            .insertInto('readers')
            .values({ email: null, born: null, card: null, ...reader, user_id: caller.userId })
            .returningAll()
            .executeTakeFirst(),
        rename: (_: unknown, { id, name }: { id: string; name: string }, { db }) =>
          db.updateTable('readers').set({ name }).where('id', '=', id).returningAll().executeTakeFirst(),
        keep: (_: unknown, { id, name }: { id: string; name: string }, { db }) =>
          db
            .insertInto('readers')
            .values({ id, name })
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet(({ ref }) => ({ name: ref('excluded.name') })),
            )
            .returning(['id', 'name as name'])
            .executeTakeFirst(),
        lend: async (
          _: unknown,
          { readerId, ...loan }: { readerId: string; book: string; note?: string },
          { db },
        ) => {
          const id = `loan-${readerId}-${loan.book}`;
          await db
            .insertInto('loans')
            .values({ id, reader_id: readerId, note: null, ...loan })
            .execute();
          await db
            .insertInto('reminders')
            .values({ loan_id: id, text: `Bring back ${loan.book}` })
            .execute();
          return id;
        },
      },
      ...myDataResolvers<BookclubTables, Record<never, never>>('bookclub', bookclubData),
    },
  });
}

function readerOf(db: Kysely<BookclubTables>, id: string): Promise<ReaderRow | undefined> {
  return db.selectFrom('readers').selectAll().where('id', '=', id).executeTakeFirst();
}

async function seed(db: Kysely<BookclubTables>, readers: number): Promise<void> {
  await insertRows(
    db,
    'readers',
    Array.from({ length: readers }, (_, index) => ({
      id: `reader-${index + 1}`,
      user_id: `user-${index + 1}`,
      name: `Reader ${index + 1}`,
      email: `reader-${index + 1}@example.com`,
      born: 2000 + index,
      card: index % 2 ? `card-${index + 1}` : null,
    })),
  );
  await db.insertInto('branches').values({ id: 'north', city: 'Lund', door_code: '4711' }).execute();
}
