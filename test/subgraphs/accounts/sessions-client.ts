// Owns what the tests of sessions have in common: signing in, refreshing, signing out, and letting time pass.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import type { AccountsClient, SignInPayload } from './accounts-client.ts';

/** The one answer to a refresh token that opens nothing. */
export const closed = {
  token: null,
  expiresAt: null,
  refreshToken: null,
  user: null,
  userErrors: [
    {
      code: 'SESSION_ENDED',
      message: 'You are signed out: sign in again.',
      field: ['refreshToken'],
      retryAt: null,
    },
  ],
};

export type SessionsClient = ReturnType<typeof sessionsClient>;

export function sessionsClient(client: AccountsClient, db: Kysely<AccountsTables>) {
  /** The refresh token of a new session. */
  async function signIn(email = 'ada@example.com'): Promise<string> {
    const input = { email, password: demoPassword };
    const { refreshToken } = await client.ask<SignInPayload>('signIn', { input });
    assert.ok(refreshToken);
    return refreshToken;
  }
  const present = (refreshToken: string, token?: string) =>
    client.ask<SignInPayload>('refreshSession', { refreshToken }, token);

  /** The next refresh token; undefined when the session has ended. */
  async function refresh(refreshToken: string): Promise<string | undefined> {
    const payload = await present(refreshToken);
    if (payload.refreshToken === null) assert.deepEqual(payload, closed);
    else assert.deepEqual([payload.userErrors, typeof payload.token], [[], 'string']);
    return payload.refreshToken ?? undefined;
  }
  async function refreshed(refreshToken: string): Promise<string> {
    const next = await refresh(refreshToken);
    assert.ok(next, 'the session has ended');
    return next;
  }
  const signOut = (refreshToken: string, everywhere = false) =>
    client.ask<{ userErrors: { code: string }[] }>('signOut', { refreshToken, everywhere });

  /** As if so much time had gone by for the token's session: PostgreSQL's word for it. */
  async function letPass(refreshToken: string, time: string): Promise<void> {
    const ago = sql`cast(${time} as interval)`;
    const { numUpdatedRows } = await db
      .updateTable('sessions')
      .set({
        opened_at: sql<Date>`opened_at - ${ago}`,
        used_at: sql<Date>`used_at - ${ago}`,
        rotated_at: sql<Date>`rotated_at - ${ago}`,
      })
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('refresh_tokens').select('session_id').where('hash', '=', hashOf(refreshToken)),
      )
      .executeTakeFirstOrThrow();
    assert.equal(numUpdatedRows, 1n);
  }

  return { signIn, present, refresh, refreshed, signOut, letPass };
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
