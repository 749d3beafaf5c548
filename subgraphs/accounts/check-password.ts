// Owns finding out whether somebody has the password of an account, slowed down as often as it is tried.
import { type Kysely, sql } from 'kysely';
import { type AccountError, accountError } from './account-errors.ts';
import type { AccountsTables } from './database.ts';
import type { Passwords } from './passwords.ts';
import { logSignIn } from './sign-in-events.ts';
import { countTry, type Try } from './slow-down.ts';

/** The account that the password opens, and the try, which is still counted; or why not. */
export type CheckedPassword = { userId: string; attempt: Try } | { problem: AccountError };

/**
 * The same answer, after the same work, for an address without an account and for a wrong password; and while one has to
 * wait, the same for the right password.
 */
export async function checkPassword(
  db: Kysely<AccountsTables>,
  passwords: Passwords,
  { addressHash, password, network }: { addressHash: string; password: string; network: string | null },
): Promise<CheckedPassword> {
  const found = await credentialsOf(db, addressHash, network);
  const attempt = { addressHash, network, userId: found?.id, isAtHome: found?.isAtHome ?? false };

  const retryAt = await countTry(db, attempt);
  if (retryAt !== undefined) {
    const sentence = 'Too many tries: wait a while before the next one.';
    return { problem: { ...accountError('TOO_MANY_TRIES', sentence), retryAt } };
  }
  const matches = await passwords.verify(password, found?.password_hash);
  if (found && matches) return { userId: found.id, attempt };
  await logSignIn(db, { kind: 'REFUSED', userId: found?.id, addressHash, network });
  return { problem: wrongCredentials() };
}

export function wrongCredentials(): AccountError {
  return accountError('WRONG_CREDENTIALS', 'E-mail and password do not belong together.');
}

/** Nothing sealed is among it: to open it would take longer where there is an account. */
function credentialsOf(db: Kysely<AccountsTables>, addressHash: string, network: string | null) {
  return db
    .selectFrom('users')
    .innerJoin('credentials', 'credentials.user_id', 'users.id')
    .select(['users.id', 'password_hash'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('sign_in_events')
          .select('sign_in_events.id')
          .whereRef('sign_in_events.user_id', '=', 'users.id')
          .where('network', '=', network)
          .where(sql<boolean>`kind in ('SIGNED_IN', 'SIGNED_UP')`),
      )
        .$castTo<boolean>()
        .as('isAtHome'),
    )
    .where('email_hash', '=', addressHash)
    .executeTakeFirst();
}
