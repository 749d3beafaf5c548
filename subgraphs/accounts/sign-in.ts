// Owns signing in: e-mail and password become a token.
import { sql } from 'kysely';
import { type AccountError, accountError } from './account-errors.ts';
import type { Context } from './context.ts';
import type { UserRow } from './database.ts';
import { issueToken } from './issue-token.ts';
import { verifyPassword } from './passwords.ts';

/** As the schema has it, for signing up too. */
export interface SignInPayload {
  token: string | null;
  expiresAt: Date | null;
  user: UserRow | null;
  userErrors: AccountError[];
}

/** The same answer, after the same work, for an unknown e-mail address and for a wrong password. */
export async function signIn(
  _: unknown,
  { input }: { input: { email: string; password: string } },
  { db, loaders }: Context,
): Promise<SignInPayload> {
  const found = await db
    .selectFrom('users')
    .innerJoin('credentials', 'credentials.user_id', 'users.id')
    .select(['id', 'name', 'display_name', 'roles', 'password_hash'])
    .where(sql<boolean>`lower(email) = lower(${input.email})`)
    .executeTakeFirst();
  const matches = await verifyPassword(input.password, found?.password_hash);
  if (!found || !matches) {
    return refuseToSignIn([accountError('WRONG_CREDENTIALS', 'E-mail and password do not belong together.')]);
  }
  const { token, expiresAt } = await issueToken(db, found);
  return { token, expiresAt, user: await loaders.users.load({ id: found.id }), userErrors: [] };
}

export function refuseToSignIn(userErrors: AccountError[]): SignInPayload {
  return { token: null, expiresAt: null, user: null, userErrors };
}
