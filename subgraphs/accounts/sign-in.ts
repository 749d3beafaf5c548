// Owns signing in: e-mail and password become a token and a session.
import { type Kysely, sql } from 'kysely';
import { type AccountError, accountError } from './account-errors.ts';
import { hashAddress } from './address-hash.ts';
import type { Context } from './context.ts';
import type { AccountsTables, UserRow } from './database.ts';
import { issueToken } from './issue-token.ts';
import { networkOf } from './network.ts';
import { verifyPassword } from './passwords.ts';
import { openSession } from './sessions.ts';
import { logSignIn } from './sign-in-events.ts';
import { countTry, forgiveTries } from './slow-down.ts';

/** As the schema has it, for signing up and refreshing too. */
export interface SignInPayload {
  token: string | null;
  expiresAt: Date | null;
  refreshToken: string | null;
  user: UserRow | null;
  userErrors: AccountError[];
}

/**
 * The same answer, after the same work, for an unknown e-mail address and for a wrong password; and while one has to wait,
 * the same for the right password.
 */
export async function signIn(
  _: unknown,
  { input }: { input: { email: string; password: string } },
  { db, loaders, clientAddress }: Context,
): Promise<SignInPayload> {
  const network = networkOf(clientAddress);
  const addressHash = await hashAddress(db, input.email);
  const found = await credentialsOf(db, input.email, network);
  const userId = found?.id;
  const attempt = { addressHash, network, userId, isAtHome: found?.isAtHome ?? false };

  const retryAt = await countTry(db, attempt);
  if (retryAt !== undefined) {
    const sentence = 'Too many tries: wait a while before the next one.';
    return refuseToSignIn([{ ...accountError('TOO_MANY_TRIES', sentence), retryAt }]);
  }
  const matches = await verifyPassword(input.password, found?.password_hash);
  if (!found || !matches) {
    await logSignIn(db, { kind: 'REFUSED', userId, addressHash, network });
    return refuseToSignIn([accountError('WRONG_CREDENTIALS', 'E-mail and password do not belong together.')]);
  }
  const refreshToken = await db.transaction().execute(async (transaction) => {
    await forgiveTries(transaction, attempt);
    await logSignIn(transaction, { kind: 'SIGNED_IN', userId: found.id, network });
    return openSession(transaction, found.id);
  });
  const user = await loaders.users.load({ id: found.id });
  return { ...(await issueToken(db, found)), refreshToken, user, userErrors: [] };
}

function credentialsOf(db: Kysely<AccountsTables>, email: string, network: string | null) {
  return db
    .selectFrom('users')
    .innerJoin('credentials', 'credentials.user_id', 'users.id')
    .select(['users.id', 'name', 'display_name', 'roles', 'password_hash'])
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
    .where(sql<boolean>`lower(email) = lower(${email})`)
    .executeTakeFirst();
}

export function refuseToSignIn(userErrors: AccountError[]): SignInPayload {
  return { token: null, expiresAt: null, refreshToken: null, user: null, userErrors };
}
