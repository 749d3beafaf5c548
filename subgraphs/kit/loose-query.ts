// Owns the one place where table types are let go: code that works on whatever table it is told the name of.
import { type AliasedExpression, type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';

type LooseTables = Record<string, Record<string, unknown>>;
export type LooseQuery<Row = object> = SelectQueryBuilder<LooseTables, string, Row>;

/**
 * A query whose table and columns are known only at run time. Raw `sql` is no substitute: Kysely's `withSchema` reaches
 * the tables of its query builder only.
 */
export function looseQuery<Tables>(
  db: Kysely<Tables>,
  from: string | AliasedExpression<object, string>,
): LooseQuery {
  return (db as unknown as Kysely<LooseTables>).selectFrom(from);
}

/** Runs a query that knows its rows' type less well than the caller does. */
export async function rowsOf<Row>(query: { execute(): Promise<unknown[]> }): Promise<Row[]> {
  return (await query.execute()) as Row[];
}

/**
 * True for rows with one of these values in the column; one parameter, so that every batch is the same statement.
 * A text with U+0000 is left out: PostgreSQL keeps none, and would refuse the whole batch for a single one.
 */
export function columnIn(column: string, values: readonly unknown[]): RawBuilder<boolean> {
  const storable = values.filter((value) => typeof value !== 'string' || !value.includes('\0'));
  return sql<boolean>`${sql.ref(column)} = any(${storable})`;
}
