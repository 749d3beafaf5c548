// Owns the order in which accounts locks rows: first the person, then what is theirs, so that nobody waits in a circle.
import type { Transaction } from 'kysely';
import type { AccountsTables } from './database.ts';

/**
 * Keeps a person's row from being removed until the transaction ends, and says whether it is there. One statement, also where
 * nobody is meant.
 */
export async function holdUser(
  transaction: Transaction<AccountsTables>,
  userId: string | undefined,
): Promise<boolean> {
  const held = await transaction
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId ?? '')
    .forKeyShare()
    .executeTakeFirst();
  return held !== undefined;
}
