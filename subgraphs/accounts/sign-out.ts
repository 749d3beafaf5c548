// Owns signing out, here or everywhere.
import { type AccountError, accountError } from './account-errors.ts';
import type { Context } from './context.ts';
import { networkOf } from './network.ts';
import { endSession } from './sessions.ts';

/** Whoever signs out of nothing is signed out; but nobody may believe to be so everywhere when no one knows who it was. */
export async function signOut(
  _: unknown,
  { refreshToken, everywhere }: { refreshToken: string; everywhere: boolean },
  { db, clientAddress }: Context,
): Promise<{ userErrors: AccountError[] }> {
  const isKnown = await endSession(db, { refreshToken, everywhere, network: networkOf(clientAddress) });
  if (isKnown || !everywhere) return { userErrors: [] };
  const sentence = 'This session is unknown: sign in, and sign out everywhere then.';
  return { userErrors: [accountError('SESSION_ENDED', sentence, 'refreshToken')] };
}
