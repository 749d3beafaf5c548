// Owns how an e-mail address is written down where it must not be readable: in the tries and the log of signing in.
import { createHmac, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './database.ts';

/** Makes the key. Processes that start at the same time end up with one. */
export async function ensureHashKey(db: Kysely<AccountsTables>): Promise<void> {
  await db
    .insertInto('hash_keys')
    .values({ key: randomBytes(32).toString('base64url') })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The same for upper and lower case. Throws when `ensureHashKey` never ran. */
export async function hashAddress(db: Kysely<AccountsTables>, email: string): Promise<string> {
  const { key } = await db.selectFrom('hash_keys').select('key').executeTakeFirstOrThrow();
  return createHmac('sha256', key).update(email.toLowerCase()).digest('base64url');
}
