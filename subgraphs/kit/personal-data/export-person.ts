// Owns what a person gets who asks for all that a domain keeps about them.
import type { Kysely } from 'kysely';
import type { PersonalData } from './define-personal-data.ts';
import { isOfPerson, type LooseDatabase, looseDatabase } from './rows-of-person.ts';

/** By table: rows as JSON keeps them, dates as RFC 3339 texts. */
export type ExportedPerson = Record<string, Record<string, unknown>[]>;

/**
 * The person's rows of all tables that know people, as they were at one moment, with all their columns but secret and
 * internal ones, sealed ones opened.
 */
export async function exportPerson<Tables>(
  db: Kysely<Tables>,
  personalData: PersonalData,
  personId: string,
): Promise<ExportedPerson> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((transaction) => exportWithin(looseDatabase(transaction), personalData, personId));
}

async function exportWithin(
  loose: LooseDatabase,
  personalData: PersonalData,
  personId: string,
): Promise<ExportedPerson> {
  const exported: ExportedPerson = {};
  for (const table of personalData) {
    if (table.person === undefined) continue;
    const columns = table.columns
      .filter(({ isSecret, isInternal }) => !isSecret && !isInternal)
      .map(({ name }) => name);
    const rows = await loose
      .selectFrom(table.name)
      .select(columns)
      .where(isOfPerson(loose, personalData, table, personId))
      .execute();
    exported[table.name] = JSON.parse(JSON.stringify(rows));
  }
  return exported;
}
