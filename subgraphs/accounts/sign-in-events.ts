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

/** Of somebody who is erased in this moment nothing is written down. It is one statement, the same for known and unknown. */
export async function logSignIn(
  db: Kysely<AccountsTables>,
  { kind, userId = null, addressHash = '', network }: SignInEvent,
): Promise<void> {
  const isOfNobody = userId === null;
  const event = db
    .selectNoFrom(({ selectFrom, val }) => [
      val(newId('sign-in')).as('id'),
      val(kind).as('kind'),
      val(network).as('network'),
      val(isOfNobody ? addressHash || null : null).as('address_hash'),
      // The lock keeps the row that the event is to refer to.
      selectFrom('users')
        .select('id')
        .where('id', '=', userId ?? '')
        .forKeyShare()
        .as('user_id'),
    ])
    .as('event');
  await db
    .insertInto('sign_in_events')
    .columns(['id', 'kind', 'network', 'address_hash', 'user_id'])
    .expression(
      db
        .selectFrom(event)
        .selectAll()
        .where(({ eb, or, val }) => or([eb(val(isOfNobody), '=', true), eb('user_id', 'is not', null)])),
    )
    .execute();
}

/** Those older than 90 days. */
export async function forgetSignIns(db: Kysely<AccountsTables>): Promise<void> {
  await db.deleteFrom('sign_in_events').where(sql<boolean>`at < now() - interval '90 days'`).execute();
}
