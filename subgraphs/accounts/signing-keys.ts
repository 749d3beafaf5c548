// Owns the keys that sign tokens and how they follow each other: next, current, retired, gone.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { type Kysely, sql } from 'kysely';
import { inTransaction } from '../kit/database/in-transaction.ts';
import type { AccountsTables, PrivateKey } from './database.ts';
import { logSignIn } from './sign-in-events.ts';

type Database = Kysely<AccountsTables>;

export const algorithm = 'ES256';

const isDue = sql<boolean>`signs_since < now() - interval '30 days'`;
/** A token lives for 15 minutes, and one may just be being signed. */
const mayBeInUse = sql<boolean>`(retired_at is null or retired_at > now() - interval '20 minutes')`;

/** Makes what is missing of the current key and the next. Processes that start at the same time end up with the same. */
export async function ensureSigningKeys(db: Database): Promise<void> {
  const known = await db
    .selectFrom('signing_keys')
    .select('is_current')
    .where('retired_at', 'is', null)
    .execute();
  for (const is_current of [true, false]) {
    if (known.some((key) => key.is_current === is_current)) continue;
    await addKey(db, { ...(await newKey()), is_current });
  }
}

/**
 * The next key signs from now on, and there is a new next one. With `onlyIfDue` nothing happens before the current key has
 * signed for 30 days. Returns the id of the key that signs now; undefined when nothing happened, also because another
 * process rotates in this moment.
 */
export async function rotateKeys(
  db: Database,
  { onlyIfDue = false }: { onlyIfDue?: boolean } = {},
): Promise<string | undefined> {
  await ensureSigningKeys(db);
  const made = await newKey();
  return inTransaction(db, async (transaction) => {
    const retired = await transaction
      .updateTable('signing_keys')
      .set({ is_current: false, retired_at: sql<Date>`now()` })
      .where('is_current', '=', true)
      .$if(onlyIfDue, (due) => due.where(isDue))
      .returning('kid')
      .execute();
    if (retired.length === 0) return undefined;
    const { kid } = await transaction
      .updateTable('signing_keys')
      .set({ is_current: true, signs_since: sql<Date>`now()` })
      .where('is_current', '=', false)
      .where('retired_at', 'is', null)
      .returning('kid')
      .executeTakeFirstOrThrow();
    await addKey(transaction, { ...made, is_current: false });
    await logSignIn(transaction, { kind: 'KEYS_ROTATED', network: null });
    return kid;
  });
}

/** Those whose last tokens have ended. */
export async function forgetKeys(db: Database): Promise<void> {
  await db.deleteFrom('signing_keys').where(sql<boolean>`not ${mayBeInUse}`).execute();
}

/** The key that signs now. Throws when `ensureSigningKeys` never ran. */
export async function signingKey(db: Database): Promise<{ kid: string; privateKey: PrivateKey }> {
  const { kid, private_jwk } = await db
    .selectFrom('signing_keys')
    .select(['kid', 'private_jwk'])
    .where('is_current', '=', true)
    .executeTakeFirstOrThrow();
  return { kid, privateKey: JSON.parse(private_jwk) };
}

/**
 * The public halves: of the current key, of the next, so that everybody knows it before it signs, and of retired ones as
 * long as tokens signed with them may be about.
 */
export async function publicKeySet(db: Database): Promise<JSONWebKeySet> {
  const rows = await db
    .selectFrom('signing_keys')
    .select(['kid', 'private_jwk'])
    .where(mayBeInUse)
    .orderBy('is_current', 'desc')
    .orderBy('retired_at', (order) => order.desc().nullsFirst())
    .orderBy('kid')
    .execute();
  return {
    // Named one by one, so that nothing private can slip through.
    keys: rows.map(({ kid, private_jwk }) => {
      const { kty, crv, x, y }: PrivateKey = JSON.parse(private_jwk);
      return { kid, kty, crv, x, y, alg: algorithm, use: 'sig' };
    }),
  };
}

async function newKey(): Promise<{ kid: string; private_jwk: string }> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(jwk), private_jwk: JSON.stringify(jwk) };
}

async function addKey(
  db: Database,
  key: { kid: string; private_jwk: string; is_current: boolean },
): Promise<void> {
  await db
    .insertInto('signing_keys')
    .values({ ...key, signs_since: key.is_current ? sql<Date>`now()` : null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
