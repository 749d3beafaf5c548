// Owns the log of what happened when people signed in; never a password, a token or an unknown person's address.
import { type Kysely, sql } from 'kysely';
import { newId } from '../kit/new-id.ts';
import type { AccountsTables, SignInEventKind } from './database.ts';

export interface SignInEvent {
  kind: SignInEventKind;
  userId?: string | null | undefined;
  /** Written down only where there is no account. */
  addressHash?: string;
  network: string | null;
}

export async function logSignIn(
  db: Kysely<AccountsTables>,
  { kind, userId = null, addressHash = '', network }: SignInEvent,
): Promise<void> {
  const address_hash = userId === null && addressHash !== '' ? addressHash : null;
  await db
    .insertInto('sign_in_events')
    .values({ id: newId('sign-in'), kind, user_id: userId, address_hash, network })
    .execute();
}

/** Those older than 90 days. */
export async function forgetSignIns(db: Kysely<AccountsTables>): Promise<void> {
  await db.deleteFrom('sign_in_events').where(sql<boolean>`at < now() - interval '90 days'`).execute();
}
