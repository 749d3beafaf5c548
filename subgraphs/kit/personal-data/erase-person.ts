// Owns that a person leaves a domain: rows go or lose what was personal, as the inventory says.
import type { Kysely, Transaction } from 'kysely';
import type { ChangedEntities } from '../changes/change.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { type InventoriedTable, type PersonalData, wayToPerson } from './define-personal-data.ts';
import { isOfPerson, type LooseDatabase, looseDatabase } from './rows-of-person.ts';

/** By table: how many rows were removed or blanked. Rows that the database removes along with them are not counted. */
export type ErasedRows = Record<string, number>;

export interface Erasure {
  erased: ErasedRows;
  /** What is not any more what it was, the person's `User` first. */
  changed: ChangedEntities;
}

/**
 * In one transaction, children before their parents, and of equals the last declared first. May be done again: what is gone
 * counts nothing, what stays is blanked once more.
 */
export async function erasePerson<Tables>(
  db: Kysely<Tables>,
  personalData: PersonalData,
  personId: string,
): Promise<Erasure> {
  return inTransaction(db, (transaction) => erasePersonWithin(transaction, personalData, personId));
}

/** As erasePerson, for who does more in the same transaction. */
export async function erasePersonWithin<Tables>(
  transaction: Transaction<Tables>,
  personalData: PersonalData,
  personId: string,
): Promise<Erasure> {
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
  const changed: Record<string, string[]> = { User: [personId] };
  for (const table of tables) {
    for (const [type, keys] of await entitiesIn(loose, personalData, table, personId)) {
      changed[type] = [...(changed[type] ?? []), ...keys];
    }
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
  return { erased, changed };
}

async function entitiesIn(
  db: LooseDatabase,
  personalData: PersonalData,
  table: InventoriedTable,
  personId: string,
): Promise<[type: string, keys: string[]][]> {
  const entities = Object.entries(table.entities ?? {}).map(
    ([type, given]) => [type, [given].flat()] as const,
  );
  const columns = [...new Set(entities.flatMap(([, keys]) => keys))];
  if (columns.length === 0) return [];
  const condition = isOfPerson(db, personalData, table, personId);
  const rows = await db.selectFrom(table.name).select(columns).where(condition).execute();
  return entities.map(([type, keys]) => [type, keys.flatMap((key) => rows.map((row) => String(row[key])))]);
}
