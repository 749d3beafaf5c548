// Owns signing in: e-mail and password become a token and a session.
import { inTransaction } from '../kit/database/in-transaction.ts';
import type { AccountError } from './account-errors.ts';
import { hashAddress } from './address-hash.ts';
import { checkPassword, wrongCredentials } from './check-password.ts';
import type { Context } from './context.ts';
import type { UserRow } from './database.ts';
import { holdUser } from './hold-user.ts';
import { issueToken } from './issue-token.ts';
import { networkOf } from './network.ts';
import type { Passwords } from './passwords.ts';
import { openSession } from './sessions.ts';
import { logSignIn } from './sign-in-events.ts';
import { forgiveTries } from './slow-down.ts';

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
  passwords: Passwords,
  { input }: { input: { email: string; password: string } },
  { db, loaders, clientAddress }: Context,
): Promise<SignInPayload> {
  const network = networkOf(clientAddress);
  const addressHash = await hashAddress(db, input.email);
  const checked = await checkPassword(db, passwords, { addressHash, password: input.password, network });
  if ('problem' in checked) return refuseToSignIn([checked.problem]);
  const { userId, attempt } = checked;
  const refreshToken = await inTransaction(db, async (transaction) => {
    if (!(await holdUser(transaction, userId))) return undefined;
    await forgiveTries(transaction, attempt);
    await logSignIn(transaction, { kind: 'SIGNED_IN', userId, network });
    return openSession(transaction, userId);
  });
  const user = await loaders.users.load({ id: userId });
  // Erased in this moment.
  if (refreshToken === undefined || !user) return refuseToSignIn([wrongCredentials()]);
  return { ...(await issueToken(db, user)), refreshToken, user, userErrors: [] };
}

export function refuseToSignIn(userErrors: AccountError[]): SignInPayload {
  return { token: null, expiresAt: null, refreshToken: null, user: null, userErrors };
}
