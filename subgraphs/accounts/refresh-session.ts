// Owns refreshing: a refresh token becomes a new token, with what the person may do now.
import { accountError } from './account-errors.ts';
import type { Context } from './context.ts';
import { issueToken } from './issue-token.ts';
import { networkOf } from './network.ts';
import { continueSession } from './sessions.ts';
import { refuseToSignIn, type SignInPayload } from './sign-in.ts';

/** One answer for whatever is wrong with a refresh token: nobody learns whether there is, or was, such a session. */
export async function refreshSession(
  _: unknown,
  { refreshToken }: { refreshToken: string },
  { db, caller, clientAddress, loaders }: Context,
): Promise<SignInPayload> {
  const next = await continueSession(db, {
    refreshToken,
    callerId: caller.userId,
    network: networkOf(clientAddress),
  });
  const user = next ? await loaders.users.load({ id: next.userId }) : null;
  if (!next || !user) {
    return refuseToSignIn([
      accountError('SESSION_ENDED', 'You are signed out: sign in again.', 'refreshToken'),
    ]);
  }
  return { ...(await issueToken(db, user)), refreshToken: next.refreshToken, user, userErrors: [] };
}
