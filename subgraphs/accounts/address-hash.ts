// Owns how an e-mail address is written down where it must not be readable: to find its account, in the tries and the log of
// signing in.
import { createHmac, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './database.ts';

/** Makes the key. Processes that start at the same time end up with one. */
export async function ensureHashKey(db: Kysely<AccountsTables>): Promise<void> {
  await db
    .insertInto('hash_keys')
    .values({ address_key: randomBytes(32).toString('base64url') })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The same for upper and lower case. Throws when `ensureHashKey` never ran. */
export async function hashAddress(db: Kysely<AccountsTables>, email: string): Promise<string> {
  return (await hashAddresses(db))(email);
}

/** As hashAddress, for many. */
export async function hashAddresses(db: Kysely<AccountsTables>): Promise<(email: string) => string> {
  const { address_key } = await db.selectFrom('hash_keys').select('address_key').executeTakeFirstOrThrow();
  return (email) => createHmac('sha256', address_key).update(email.toLowerCase()).digest('base64url');
}
