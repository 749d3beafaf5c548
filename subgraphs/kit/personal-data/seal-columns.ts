// Owns that the database itself keeps nothing but sealed values in sealed columns, those that were there before included.
import { type Kysely, sql } from 'kysely';
import { type PersonalData, sealedColumns } from './define-personal-data.ts';
import { sealedPrefix, type ValueSealer } from './seal-values.ts';

/** Pages of a table, 8 KB each. */
const portion = 16;
const constraintPrefix = 'kit_sealed_';

interface SealedTable {
  service: string;
  table: string;
  columns: string[];
}

/**
 * Refuses plain values in sealed columns from now on, seals those that are there, and has the database confirm it. May be
 * killed and started again, and done by several processes at once. Throws an Error that names the column where one is not of
 * type text, or is sealed in the database and declared so no more.
 */
export async function sealColumns(
  db: Kysely<unknown>,
  service: string,
  personalData: PersonalData,
  sealer: ValueSealer,
): Promise<void> {
  await refuseOtherTypes(db, service, personalData);
  for (const sealedTable of tablesOf(service, personalData)) {
    const unconfirmed = await unconfirmedColumns(db, sealedTable);
    if (unconfirmed.length === 0) continue;
    await addConstraints(db, sealedTable);
    // What comes later is sealed already. Each portion is a transaction of its own, so that nobody waits long.
    const pages = await pagesOf(db, sealedTable);
    for (let page = 0; page < pages; page += portion) await sealPortion(db, sealedTable, sealer, page);
    for (const column of unconfirmed) {
      await sql`alter table ${tableOf(sealedTable)} validate constraint ${sql.id(constraintOf(column))}`.execute(
        db,
      );
    }
  }
}

/** `table.column` of those that sealColumns has not been through with. */
export async function unsealedColumns(
  db: Kysely<unknown>,
  service: string,
  personalData: PersonalData,
): Promise<string[]> {
  const found: string[] = [];
  for (const sealedTable of tablesOf(service, personalData)) {
    const unconfirmed = await unconfirmedColumns(db, sealedTable);
    found.push(...unconfirmed.map((column) => `${sealedTable.table}.${column}`));
  }
  return found;
}

/** `table.column` of one that the database is known to keep sealed, and that has a value. */
export async function findSealedValue(
  db: Kysely<unknown>,
  service: string,
  personalData: PersonalData,
): Promise<string | undefined> {
  for (const sealedTable of tablesOf(service, personalData)) {
    const constraints = await constraintsOf(db, sealedTable);
    for (const column of sealedTable.columns.filter((name) => constraints.get(constraintOf(name)) === true)) {
      const { rows } = await sql`
        select 1 from ${tableOf(sealedTable)} where ${sql.id(column)} is not null limit 1`.execute(db);
      if (rows.length > 0) return `${sealedTable.table}.${column}`;
    }
  }
  return undefined;
}

/** Throws an Error where the database keeps a column sealed that is not declared so: nothing would open it. */
export async function refuseForgottenColumns(
  db: Kysely<unknown>,
  service: string,
  personalData: PersonalData = [],
): Promise<void> {
  const { rows } = await sql<{ table: string; constraint: string }>`
    select relname as table, conname as constraint
    from pg_constraint join pg_class on pg_class.oid = conrelid join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${service} and starts_with(conname, ${constraintPrefix})`.execute(db);
  const declared = new Set(sealedColumns(personalData).map(({ table, column }) => `${table}.${column}`));
  for (const { table, constraint } of rows) {
    const name = `${table}.${constraint.slice(constraintPrefix.length)}`;
    if (declared.has(name)) continue;
    throw new Error(
      `${service}: the values of ${name} are sealed, so it must stay sealed in the inventory of personal data.`,
    );
  }
}

async function refuseOtherTypes(
  db: Kysely<unknown>,
  service: string,
  personalData: PersonalData,
): Promise<void> {
  for (const { table, column } of sealedColumns(personalData)) {
    const { rows } = await sql<{ type: string }>`
      select data_type as type from information_schema.columns
      where table_schema = ${service} and table_name = ${table} and column_name = ${column}`.execute(db);
    if (rows[0]?.type === 'text') continue;
    const why = rows[0] ? `is of type ${rows[0].type}, and only text can be sealed` : 'is not there';
    throw new Error(`${service}: ${table}.${column} is declared as sealed, but ${why}.`);
  }
}

async function unconfirmedColumns(db: Kysely<unknown>, sealedTable: SealedTable): Promise<string[]> {
  const constraints = await constraintsOf(db, sealedTable);
  return sealedTable.columns.filter((column) => constraints.get(constraintOf(column)) !== true);
}

/** By name: whether all rows are known to hold to it. */
async function constraintsOf(
  db: Kysely<unknown>,
  { service, table }: SealedTable,
): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ name: string; isValid: boolean }>`
    select conname as name, convalidated as "isValid"
    from pg_constraint join pg_class on pg_class.oid = conrelid join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${service} and relname = ${table} and contype = 'c'`.execute(db);
  return new Map(rows.map(({ name, isValid }) => [name, isValid]));
}

async function addConstraints(db: Kysely<unknown>, sealedTable: SealedTable): Promise<void> {
  await alone(db, sealedTable, async (transaction) => {
    const constraints = await constraintsOf(transaction, sealedTable);
    for (const column of sealedTable.columns) {
      if (constraints.has(constraintOf(column))) continue;
      await sql`alter table ${tableOf(sealedTable)} add constraint ${sql.id(constraintOf(column))}
        check (starts_with(${sql.id(column)}, ${sql.lit(sealedPrefix)})) not valid`.execute(transaction);
    }
  });
}

async function pagesOf(db: Kysely<unknown>, sealedTable: SealedTable): Promise<number> {
  const { service, table } = sealedTable;
  const { rows } = await sql<{ pages: number }>`
    select pg_relation_size(format('%I.%I', ${service}::text, ${table}::text)::regclass)
      / current_setting('block_size')::int as pages`.execute(db);
  return rows[0]?.pages ?? 0;
}

/** Seals rows from that page of the table on. A text that only looks sealed is one to be sealed. */
async function sealPortion(
  db: Kysely<unknown>,
  sealedTable: SealedTable,
  sealer: ValueSealer,
  page: number,
): Promise<void> {
  const { columns } = sealedTable;
  const table = tableOf(sealedTable);
  const isPlain = (column: string) => {
    const opens = sealer.prefixes.map((prefix) => sql`starts_with(${sql.id(column)}, ${prefix})`);
    return sql`(${sql.id(column)} is not null and not (${sql.join(opens, sql` or `)}))`;
  };
  await alone(db, sealedTable, async (transaction) => {
    const { rows } = await sql<Record<string, string | null> & { kit_row: string }>`
      select ctid::text as kit_row, ${sql.join(columns.map((column) => sql.id(column)))} from ${table}
      where ctid >= ${`(${page},0)`}::tid and ctid < ${`(${page + portion},0)`}::tid
        and (${sql.join(columns.map(isPlain), sql` or `)}) for update`.execute(transaction);
    if (rows.length === 0) return;
    const valuesOf = (column: string) =>
      rows.map(({ [column]: value }) => {
        const isSealed = sealer.prefixes.some((prefix) => value?.startsWith(prefix));
        return value == null || isSealed ? value : sealer.seal(column, value);
      });
    const lists = [rows.map(({ kit_row }) => kit_row), ...columns.map(valuesOf)];
    const names = ['kit_row', ...columns];
    const changes = columns.map((column) => sql`${sql.id(column)} = ${sql.id('kit_new', column)}`);
    await sql`update ${table} set ${sql.join(changes)}
      from unnest(${sql.join(lists.map((list) => sql`${list}::text[]`))})
        as kit_new(${sql.join(names.map((name) => sql.id(name)))})
      where ${table}.ctid = kit_new.kit_row::tid`.execute(transaction);
  });
}

/** In a transaction that no other process of ours does this in at the same time. */
async function alone(
  db: Kysely<unknown>,
  { service }: SealedTable,
  work: (transaction: Kysely<unknown>) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`seal ${service}`}))`.execute(transaction);
    await work(transaction);
  });
}

function tablesOf(service: string, personalData: PersonalData): SealedTable[] {
  const sealed = sealedColumns(personalData);
  return personalData
    .map(({ name }) => ({
      service,
      table: name,
      columns: sealed.filter(({ table }) => table === name).map(({ column }) => column),
    }))
    .filter(({ columns }) => columns.length > 0);
}

function tableOf({ service, table }: SealedTable) {
  return sql.id(service, table);
}

function constraintOf(column: string): string {
  return `${constraintPrefix}${column}`;
}
