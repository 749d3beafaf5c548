// Owns that a person leaves a domain: rows go or lose what was personal, as the inventory says.
import type { Kysely, Transaction } from 'kysely';
import { inTransaction } from '../database/in-transaction.ts';
import { type PersonalData, wayToPerson } from './define-personal-data.ts';
import { isOfPerson, looseDatabase } from './rows-of-person.ts';

/** By table: how many rows were removed or blanked. Rows that the database removes along with them are not counted. */
export type ErasedRows = Record<string, number>;

/**
 * In one transaction, children before their parents, and of equals the last declared first. May be done again: what is gone
 * counts nothing, what stays is blanked once more.
 */
export async function erasePerson<Tables>(
  db: Kysely<Tables>,
  personalData: PersonalData,
  personId: string,
): Promise<ErasedRows> {
  return inTransaction(db, (transaction) => erasePersonWithin(transaction, personalData, personId));
}

/** As erasePerson, for who does more in the same transaction. */
export async function erasePersonWithin<Tables>(
  transaction: Transaction<Tables>,
  personalData: PersonalData,
  personId: string,
): Promise<ErasedRows> {
  const loose = looseDatabase(transaction);
  const tables = personalData
    .filter(({ person }) => person !== undefined)
    .map((table) => ({ ...table, steps: wayToPerson(table, personalData).length }))
    .toReversed()
    .sort((one, other) => other.steps - one.steps);
  // Parents before children, as everybody takes them who changes a child.
  const parents = new Set(tables.flatMap(({ person }) => (typeof person === 'object' ? [person.to] : [])));
  for (const table of tables.toReversed().filter(({ name }) => parents.has(name))) {
    const condition = isOfPerson(loose, personalData, table, personId);
    await loose.selectFrom(table.name).select('id').where(condition).forUpdate().execute();
  }
  const erased: ErasedRows = {};
  for (const table of tables) {
    const { name, onErasure } = table;
    const condition = isOfPerson(loose, personalData, table, personId);
    if (onErasure === 'remove') {
      const { numDeletedRows } = await loose.deleteFrom(name).where(condition).executeTakeFirstOrThrow();
      erased[name] = Number(numDeletedRows);
      continue;
    }
    const { blank = {} } = onErasure ?? {};
    if (Object.keys(blank).length === 0) continue;
    const { numUpdatedRows } = await loose
      .updateTable(name)
      .set(blank)
      .where(condition)
      .executeTakeFirstOrThrow();
    erased[name] = Number(numUpdatedRows);
  }
  return erased;
}
