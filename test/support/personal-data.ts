// Owns how an inventory of personal data is held against a database, and how it is written down for people.
import { type Kysely, sql } from 'kysely';
import { kitTables } from '../../subgraphs/kit/database/migrate.ts';
import { STAFF_CHANGES } from '../../subgraphs/kit/database/staff-changes.ts';
import type { SubgraphDefinition } from '../../subgraphs/kit/define-subgraph.ts';
import {
  type InventoriedTable,
  type PersonalData,
  sealedColumns,
} from '../../subgraphs/kit/personal-data/define-personal-data.ts';

interface FoundColumn {
  table: string;
  column: string;
}

/**
 * What is wrong with a service's inventory, a sentence each: columns that it does not classify, or that are not there, views
 * that are called tables, sealed columns with plain values in them. `db` is the service's, prepared.
 */
export async function inventoryComplaints(
  definition: SubgraphDefinition,
  db: Kysely<unknown>,
): Promise<string[]> {
  const { name, personalData = [] } = definition;
  // Who of the staff changed what is kept for a time of its own, and is the kit's matter.
  const ofKit = [...kitTables(definition), STAFF_CHANGES];
  const { rows } = await sql<FoundColumn & { type: string }>`
    select columns.table_name as table, column_name as column, table_type as type
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = ${name} order by 1, 2`.execute(db);
  const found = rows.filter(({ table }) => !ofKit.includes(table));
  const isThere = new Set(found.map(nameOf));
  const views = new Set(found.filter(({ type }) => type === 'VIEW').map(({ table }) => table));
  const classified = new Set(classifiedColumns(personalData).map(nameOf));
  const declaredViews = new Set(personalData.filter(({ viewOf }) => viewOf).map((view) => view.name));
  const complaints = [
    ...found
      .filter((column) => !declaredViews.has(column.table) && !classified.has(nameOf(column)))
      .map((column) => `${nameOf(column)} is not in the inventory`),
    ...[...classified].filter((column) => !isThere.has(column)).map((column) => `${column} is not there`),
    ...[...declaredViews].filter((view) => !views.has(view)).map((view) => `${view} is no view`),
  ];
  for (const { table, column } of sealedColumns(personalData)) {
    if (!isThere.has(nameOf({ table, column }))) continue;
    const plain = await sql`select 1 from ${sql.id(name, table)}
      where ${sql.id(column)} !~ '^sealed\\.1\\.[0-9a-f]{12}\\.[A-Za-z0-9_-]{38,}$' limit 1`.execute(db);
    if (plain.rows.length > 0)
      complaints.push(`${nameOf({ table, column })} holds values that are not sealed`);
  }
  return complaints;
}

function classifiedColumns(personalData: PersonalData): FoundColumn[] {
  return personalData.flatMap(({ name, columns }) =>
    columns.map((column) => ({ table: name, column: column.name })),
  );
}

function nameOf({ table, column }: FoundColumn): string {
  return `${table}.${column}`;
}

/** A chapter of docs/personal-data.md for each domain that knows people or seals anything. */
export function personalDataChapters(definitions: readonly SubgraphDefinition[]): string {
  return definitions
    .map(({ name, personalData = [] }) => ({ name, rows: personalData.flatMap(rowsOf) }))
    .filter(({ rows }) => rows.length > 0)
    .map(
      ({ name, rows }) =>
        `## ${name}\n\n| column | what it is | at rest | exported | on erasure |\n|---|---|---|---|---|\n${rows.join('')}`,
    )
    .join('\n');
}

function rowsOf({ name, onErasure, columns }: InventoriedTable): string[] {
  return columns
    .filter(({ isPersonal, isSealed }) => isPersonal || isSealed)
    .map(({ name: column, what, isPersonal, isSealed, isSecret }) => {
      const atRest = isSealed ? 'sealed' : 'plain';
      const exported = isSecret ? 'no' : 'yes';
      const fate = isPersonal ? fateOf(column, onErasure) : 'stays: it is about nobody';
      return `| \`${name}.${column}\` | ${what} | ${atRest} | ${exported} | ${fate} |\n`;
    });
}

function fateOf(column: string, onErasure: InventoriedTable['onErasure']): string {
  if (typeof onErasure !== 'object') return 'removed with its row';
  return onErasure.blank && column in onErasure.blank ? 'blanked' : `stays: ${onErasure.keep}`;
}
