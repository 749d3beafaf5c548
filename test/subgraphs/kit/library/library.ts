// Owns a small subgraph that shows everything the kit does, so that the kit is tested without the shop.
import { GraphQLError } from 'graphql';
import type { Generated, Kysely } from 'kysely';
import { sql } from 'kysely';
import { type ConnectionLoader, connectionLoader, paginate } from '../../../../subgraphs/kit/connection.ts';
import type { PageArguments } from '../../../../subgraphs/kit/cursor.ts';
import { defineSubgraph } from '../../../../subgraphs/kit/define-subgraph.ts';
import {
  type CountLoader,
  countLoader,
  type RowLoader,
  type RowsLoader,
  rowLoader,
  rowsLoader,
} from '../../../../subgraphs/kit/loaders.ts';
import { and, not, rule } from '../../../../subgraphs/kit/rules/shield.ts';

export interface BookRow {
  id: string;
  isbn: string;
  title: string;
  /** With microseconds, many equal, some null. */
  printed_at: Date | null;
  shelf: string | null;
}
export interface NoteRow {
  id: string;
  book_id: string;
  text: string;
  loud: boolean | null;
  written_at: Date | null;
}
export interface LibraryTables {
  books: BookRow;
  pages: { book_id: string; number: number };
  notes: NoteRow;
  visits: { id: Generated<number>; at: Date };
}
export interface LibraryLoaders {
  books: RowLoader<BookRow, 'id' | 'isbn'>;
  pages: RowsLoader<LibraryTables['pages']>;
  notes: ConnectionLoader<NoteRow>;
  noteCounts: CountLoader;
}

const isMe = rule('is me', { cache: 'contextual' })((_parent, _args, { caller }) => caller.userId === 'me');
const breaks = rule('breaks')(() => {
  throw new Error('the rule broke: secret detail');
});
const tells = rule('tells')(() => new GraphQLError('Only on Sundays.', { extensions: { code: 'CLOSED' } }));

export interface LibraryOptions {
  name?: string;
  books?: number;
  /** Runs in the middle of the seed. */
  duringSeed?: () => void | Promise<void>;
  /** Told whenever the counting rule is asked. */
  onRule?: () => void;
  extraMigrations?: Parameters<typeof defineSubgraph>[0]['migrations'];
}

export function librarySubgraph({
  name = 'library',
  books = 120,
  duringSeed = () => {},
  onRule = () => {},
  extraMigrations = {},
}: LibraryOptions = {}) {
  const counting = rule('counting', { cache: 'contextual' })(() => {
    onRule();
    return true;
  });
  return defineSubgraph<LibraryTables, LibraryLoaders>({
    name,
    folder: new URL('.', import.meta.url),
    migrations: {
      '0001-library': {
        async up(db) {
          await db.schema
            .createTable('books')
            .addColumn('id', 'text', (column) => column.primaryKey())
            .addColumn('isbn', 'text', (column) => column.notNull().unique())
            .addColumn('title', 'text', (column) => column.notNull())
            .addColumn('printed_at', 'timestamptz')
            .addColumn('shelf', 'text')
            .execute();
          await db.schema
            .createTable('pages')
            .addColumn('book_id', 'text', (column) => column.notNull())
            .addColumn('number', 'integer', (column) => column.notNull())
            .execute();
          await db.schema
            .createTable('notes')
            .addColumn('id', 'text', (column) => column.primaryKey())
            .addColumn('book_id', 'text', (column) => column.notNull())
            .addColumn('text', 'text', (column) => column.notNull())
            .addColumn('loud', 'boolean')
            .addColumn('written_at', 'timestamptz')
            .execute();
          await db.schema
            .createTable('visits')
            .addColumn('id', 'bigserial', (column) => column.primaryKey())
            .addColumn('at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
            .execute();
        },
      },
      ...extraMigrations,
    },
    async seed(db) {
      await seedBooks(db, books);
      await duringSeed();
      await seedNotes(db);
    },
    loaders: (db) => ({
      books: rowLoader(db, 'books', ['id', 'isbn']),
      pages: rowsLoader(db, 'pages', 'book_id', { orderBy: [['number', 'desc']] }),
      notes: connectionLoader(db, {
        table: 'notes',
        by: 'book_id',
        order: [
          ['written_at', 'desc'],
          ['id', 'desc'],
        ],
      }),
      noteCounts: countLoader(db, 'notes', 'book_id'),
    }),
    resolvers: {
      Query: {
        book: (_: unknown, { id }: { id: string }, { loaders }) => loaders.books.load({ id }),
        books: (_: unknown, { sort, ...page }: PageArguments & { sort: 'NEWEST' | 'TITLE' }, { db }) =>
          paginate(db.selectFrom('books').selectAll(), {
            ...page,
            order:
              sort === 'NEWEST'
                ? [
                    ['printed_at', 'desc'],
                    ['id', 'asc'],
                  ]
                : [
                    ['title', 'asc'],
                    ['id', 'desc'],
                  ],
          }),
        fails: (_: unknown, __: unknown, { db }) => sql`select secret_column from nowhere`.execute(db),
        fallsShort: () => null,
        refuses: () => {
          throw new GraphQLError('Not on Sundays.', { extensions: { code: 'CLOSED' } });
        },
        secret: () => 'secret',
        vault: () => 'vault',
        mine: () => 'mine',
        odd: () => 'odd',
        notOdd: () => 'not odd',
        told: () => 'told',
        counted: () => [1, 2, 3].map((value) => ({ value })),
      },
      Book: {
        __resolveReference: (reference: { id?: string; isbn?: string }, { loaders }) =>
          loaders.books.load(reference),
        printedAt: (book: BookRow) => book.printed_at,
        pages: ({ id }: BookRow, _: unknown, { loaders }) => loaders.pages.load(id),
        notes: ({ id }: BookRow, { loud, ...page }: PageArguments & { loud?: boolean }, { loaders }) =>
          loaders.notes.load(id, page, loud === undefined ? {} : { loud }),
        noteCount: ({ id }: BookRow, _: unknown, { loaders }) => loaders.noteCounts.load(id),
      },
      Member: {
        __resolveReference: ({ id }: { id: string }) => ({ id, name: `Member ${id}` }),
      },
    },
    permissions: {
      usableBy: {
        Query: { mine: isMe, odd: breaks, notOdd: not(breaks), told: tells },
        Counted: { value: and(counting) },
      },
    },
  });
}

/** Sevenths of a millisecond, every third time again, every tenth never: what keyset paging gets wrong easily. */
async function seedBooks(db: Kysely<LibraryTables>, count: number): Promise<void> {
  await db
    .insertInto('books')
    .expression(
      sql`select 'book-' || n, 'isbn-' || n, 'Title ' || (n % 7),
        case when n % 10 = 0 then null else timestamptz '2026-01-01' + (n / 3) * interval '7 microseconds' end, 'shelf'
        from generate_series(1, ${sql.lit(count)}) as n`,
    )
    .execute();
  await db
    .insertInto('pages')
    .expression(
      sql`select 'book-' || n, p from generate_series(1, ${sql.lit(count)}) as n, generate_series(1, 3) as p`,
    )
    .execute();
}

async function seedNotes(db: Kysely<LibraryTables>): Promise<void> {
  await db
    .insertInto('notes')
    .expression(
      sql`select 'note-' || b || '-' || n, 'book-' || b, 'Note ' || n, case when n % 4 = 0 then null else n % 2 = 0 end,
        case when n % 5 = 0 then null else timestamptz '2026-01-01' + (n / 2) * interval '1 microsecond' end
        from generate_series(1, 20) as b, generate_series(1, b % 9) as n`,
    )
    .execute();
}
