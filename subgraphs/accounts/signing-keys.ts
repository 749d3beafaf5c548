// Owns the keys that sign tokens: made at the first start, kept in the database, published without their private half.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import type { Kysely } from 'kysely';
import type { AccountsTables, PrivateKey } from './database.ts';

export const algorithm = 'ES256';

/** Makes the first key. Processes that start at the same time end up with one. */
export async function ensureSigningKey(db: Kysely<AccountsTables>): Promise<void> {
  const known = await db.selectFrom('signing_keys').select('kid').where('is_current', '=', true).execute();
  if (known.length > 0) return;
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  await db
    .insertInto('signing_keys')
    .values({ kid: await calculateJwkThumbprint(jwk), private_jwk: JSON.stringify(jwk), is_current: true })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The key that signs now. Throws when `ensureSigningKey` never ran. */
export function signingKey(db: Kysely<AccountsTables>): Promise<{ kid: string; private_jwk: PrivateKey }> {
  return db
    .selectFrom('signing_keys')
    .select(['kid', 'private_jwk'])
    .where('is_current', '=', true)
    .executeTakeFirstOrThrow();
}

/** The public halves of all keys, the older ones too: tokens signed with them are still about. */
export async function publicKeySet(db: Kysely<AccountsTables>): Promise<JSONWebKeySet> {
  const rows = await db
    .selectFrom('signing_keys')
    .select(['kid', 'private_jwk'])
    .orderBy('made_at')
    .execute();
  return {
    // Named one by one, so that nothing private can slip through.
    keys: rows.map(({ kid, private_jwk: { kty, crv, x, y } }) => ({
      kid,
      kty,
      crv,
      x,
      y,
      alg: algorithm,
      use: 'sig',
    })),
  };
}
