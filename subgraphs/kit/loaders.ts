// Owns the batched reads of rows by a column: one statement for all keys asked for in one tick. Pages are connection.ts'.
import DataLoader from 'dataloader';
import { type Kysely, type Selectable, sql } from 'kysely';
import { columnIn, looseQuery, rowsOf } from './loose-query.ts';

type TableName<Tables> = keyof Tables & string;
type ColumnName<Tables, Table extends keyof Tables> = keyof Tables[Table] & string;
type Row<Tables, Table extends keyof Tables> = Selectable<Tables[Table]>;

export type Direction = 'asc' | 'desc';

export interface RowLoader<Found, Key extends keyof Found> {
  /** The row that has this value in one of the key columns; null when there is none. Other properties are ignored. */
  load(key: Partial<Pick<Found, Key>>): Promise<Found | null>;
}

/**
 * Finds single rows by any of several unique columns, e.g. `rowLoader(db, 'products', ['id', 'sku'])` and then
 * `.load({ id })` or `.load({ sku })`: a mixed batch is one statement, and a repeated key is asked once.
 */
export function rowLoader<
  Tables,
  Table extends TableName<Tables>,
  Key extends ColumnName<Tables, Table> & keyof Row<Tables, Table>,
>(db: Kysely<Tables>, table: Table, keys: readonly Key[]): RowLoader<Row<Tables, Table>, Key> {
  type Found = Row<Tables, Table>;
  type Asked = { column: Key; value: unknown };
  const batches = new DataLoader<Asked, Found | null, string>(
    async (asked) => {
      const valuesOf = (column: Key) => asked.filter((one) => one.column === column).map((one) => one.value);
      const conditions = keys
        .map((column) => ({ column, values: valuesOf(column) }))
        .filter(({ values }) => values.length > 0)
        .map(({ column, values }) => columnIn(column, values));
      const query = looseQuery(db, table)
        .selectAll()
        .where(({ or }) => or(conditions));
      const rows = await rowsOf<Found>(query);
      const byKey = new Map(
        rows.flatMap((row) => keys.map((column) => [cacheKey(column, row[column]), row])),
      );
      return asked.map(({ column, value }) => byKey.get(cacheKey(column, value)) ?? null);
    },
    { cacheKeyFn: ({ column, value }) => cacheKey(column, value) },
  );
  return {
    async load(key) {
      const column = keys.find((name) => key[name] !== undefined && key[name] !== null);
      return column === undefined ? null : batches.load({ column, value: key[column] });
    },
  };
}

function cacheKey(column: string, value: unknown): string {
  return `${column}=${String(value)}`;
}

export interface RowsLoader<Found> {
  /** All rows with this value in the column; an empty list when there are none. */
  load(value: string): Promise<Found[]>;
}

/**
 * Finds all rows that share a value, e.g. the images of a product. For lists that stay short by nature; a list that
 * can grow is a connection. Without `orderBy` the order is unspecified.
 */
export function rowsLoader<
  Tables,
  Table extends TableName<Tables>,
  Column extends ColumnName<Tables, Table> & keyof Row<Tables, Table>,
>(
  db: Kysely<Tables>,
  table: Table,
  column: Column,
  { orderBy = [] }: { orderBy?: readonly (readonly [ColumnName<Tables, Table>, Direction])[] } = {},
): RowsLoader<Row<Tables, Table>> {
  type Found = Row<Tables, Table>;
  return new DataLoader<string, Found[]>(async (values) => {
    const query = looseQuery(db, table).selectAll().where(columnIn(column, values));
    const ordered = orderBy.reduce((sorted, [by, direction]) => sorted.orderBy(by, direction), query);
    const groups = new Map(values.map((value): [string, Found[]] => [value, []]));
    for (const row of await rowsOf<Found>(ordered)) groups.get(String(row[column]))?.push(row);
    return values.map((value) => groups.get(value) ?? []);
  });
}

export interface CountLoader {
  /** How many rows have this value in the column. */
  load(value: string): Promise<number>;
}

/** Counts rows that share a value, one grouped statement for a batch. */
export function countLoader<
  Tables,
  Table extends TableName<Tables>,
  Column extends ColumnName<Tables, Table>,
>(db: Kysely<Tables>, table: Table, column: Column): CountLoader {
  return new DataLoader<string, number>(async (values) => {
    const rows = await looseQuery(db, table)
      .select(({ fn }) => [sql<string>`${sql.ref(column)}`.as('value'), fn.countAll<number>().as('count')])
      .where(columnIn(column, values))
      .groupBy(column)
      .execute();
    const counts = new Map(rows.map(({ value, count }) => [String(value), count]));
    return values.map((value) => counts.get(value) ?? 0);
  });
}
