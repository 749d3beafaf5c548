// Owns inserting many rows: PostgreSQL takes at most 65,535 parameters a statement, so they go in portions.
import type { Insertable, Kysely } from 'kysely';

export async function insertRows<Tables, Table extends keyof Tables & string>(
  db: Kysely<Tables>,
  table: Table,
  rows: readonly Insertable<Tables[Table]>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += 1000) {
    await db
      .insertInto(table)
      .values(rows.slice(start, start + 1000))
      .execute();
  }
}
