// Owns the search for a text in all rows of all domains, as whoever had a copy of the database would search.
import type { Client } from 'pg';

/** By `<domain>.<table>`, in how many rows it stands; tables without it are left out. */
export async function rowsWith(db: Client, text: string, domain?: string): Promise<Record<string, number>> {
  const { rows: tables } = await db.query<{ schema: string; table: string }>(
    `select table_schema as schema, table_name as table from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
      and table_schema = coalesce($1, table_schema) order by 1, 2`,
    [domain ?? null],
  );
  const found: Record<string, number> = {};
  for (const { schema, table } of tables) {
    const name = `${db.escapeIdentifier(schema)}.${db.escapeIdentifier(table)}`;
    const { rows } = await db.query<{ count: number }>(
      `select count(*)::int as count from ${name} as one where position($1 in one::text) > 0`,
      [text],
    );
    if (rows[0]?.count) found[`${schema}.${table}`] = rows[0].count;
  }
  return found;
}
