// Owns a look at all rows and indexes of a service's database, without its key and without its inventory of personal data.
import { type Kysely, sql } from 'kysely';

export interface RawRow {
  table: string;
  values: Record<string, unknown>;
}

/** What a dump of the service would hold, the kit's own tables included. */
export async function rawRows(db: Kysely<unknown>, service: string): Promise<RawRow[]> {
  const tables = await sql<{ table: string }>`
    select table_name as table from information_schema.tables
    where table_schema = ${service} and table_type = 'BASE TABLE' order by 1`.execute(db);
  const found: RawRow[] = [];
  for (const { table } of tables.rows) {
    const { rows } = await sql<{ values: Record<string, unknown> }>`
      select to_jsonb(one) as values from ${sql.id(service, table)} as one`.execute(db);
    found.push(...rows.map(({ values }) => ({ table, values })));
  }
  return found;
}

/** Columns that name a person. */
const owners = ['user_id', 'author_id'];

/** The person's id and the ids of what is theirs: of rows that name the person, or one of these ids and nobody else. */
export function idsAbout(rows: readonly RawRow[], personId: string): ReadonlySet<string> {
  const ids = new Set([personId]);
  for (let size = 0; size < ids.size; ) {
    size = ids.size;
    for (const row of rows) {
      const { id } = row.values;
      if (typeof id === 'string' && isAbout(row, ids)) ids.add(id);
    }
  }
  return ids;
}

export function isAbout({ values }: RawRow, ids: ReadonlySet<string>): boolean {
  const owner = owners.map((column) => values[column]).find((value) => typeof value === 'string');
  if (owner !== undefined) return ids.has(String(owner));
  return Object.values(values).some((value) => typeof value === 'string' && ids.has(value));
}

/** `table.column` of those that an index of the whole table begins with. */
export async function indexedColumns(db: Kysely<unknown>, service: string): Promise<string[]> {
  const { rows } = await sql<{ column: string }>`
    select relname || '.' || attname as column
    from pg_index join pg_class on pg_class.oid = indrelid join pg_namespace on pg_namespace.oid = relnamespace
      join pg_attribute on attrelid = indrelid and attnum = indkey[0]
    where nspname = ${service} and indpred is null`.execute(db);
  return rows.map(({ column }) => column);
}
