// Owns transactions that the database breaks off because two wait for each other: one of them is run again.
import type { Kysely, Transaction } from 'kysely';

const MOST_RUNS = 3;
/** PostgreSQL's words for a deadlock, and for two transactions that cannot both be true. */
const BROKEN_OFF = new Set<unknown>(['40P01', '40001']);

/**
 * As `db.transaction().execute(run)`, up to three times while PostgreSQL breaks it off for another's sake: nothing of it has
 * happened then. So `run` must do nothing but ask this database.
 */
export async function inTransaction<Tables, Result>(
  db: Kysely<Tables>,
  run: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  for (let runs = 1; ; runs++) {
    try {
      return await db.transaction().execute(run);
    } catch (error) {
      const isBrokenOff = error instanceof Error && 'code' in error && BROKEN_OFF.has(error.code);
      if (!isBrokenOff || runs === MOST_RUNS) throw error;
    }
  }
}
