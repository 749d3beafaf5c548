// Owns which rows are a person's: the condition that the inventory's way to the person makes.
import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import { type InventoriedTable, type PersonalData, wayToPerson } from './define-personal-data.ts';

/** The domain's tables as code sees them that knows their names at run time alone. */
export type LooseDatabase = Kysely<Record<string, Record<string, unknown>>>;

export function looseDatabase<Tables>(db: Kysely<Tables>): LooseDatabase {
  return db as unknown as LooseDatabase;
}

/** True for rows of the table that are this person's. */
export function isOfPerson(
  db: LooseDatabase,
  personalData: PersonalData,
  table: InventoriedTable,
  personId: string,
): Expression<SqlBool> {
  const [first, ...further] = wayToPerson(table, personalData).toReversed();
  const start = sql<SqlBool>`${sql.ref(first?.column ?? '')} = ${personId}`;
  let condition: Expression<SqlBool> = start;
  let parent = first?.table ?? '';
  for (const { table: name, column } of further) {
    const parents = db.selectFrom(parent).select('id').where(condition);
    condition = sql<SqlBool>`${sql.ref(column)} in ${parents}`;
    parent = name;
  }
  return condition;
}
