// Owns opening an account: what is checked, what a new person starts with.
import { sql } from 'kysely';
import { newId } from '../kit/new-id.ts';
import { accountError, textErrors } from './account-errors.ts';
import type { Context } from './context.ts';
import { issueToken } from './issue-token.ts';
import { networkOf } from './network.ts';
import { hashPassword, weaknessOf } from './passwords.ts';
import { openSession } from './sessions.ts';
import { refuseToSignIn, type SignInPayload } from './sign-in.ts';
import { logSignIn } from './sign-in-events.ts';

interface SignUpInput {
  email: string;
  password: string;
  name: string;
  locale?: string | null;
  preferredCurrency?: string | null;
}

/** Of two that ask for one e-mail address at once, the second gets EMAIL_TAKEN. */
export async function signUp(
  _: unknown,
  { input }: { input: SignUpInput },
  { db, clientAddress }: Context,
): Promise<SignInPayload> {
  const weakness = weaknessOf(input.password);
  const problems = [
    ...textErrors(input, { email: 254, name: 100, locale: 35 }),
    ...(weakness === undefined ? [] : [accountError('PASSWORD_TOO_WEAK', weakness, 'input.password')]),
  ];
  if (problems.length > 0) return refuseToSignIn(problems);

  const password_hash = await hashPassword(input.password);
  const opened = await db.transaction().execute(async (transaction) => {
    const user = await transaction
      .insertInto('users')
      .values({
        id: newId('user'),
        email: input.email,
        name: input.name.trim(),
        locale: input.locale ?? 'en-GB',
        preferred_currency: input.preferredCurrency ?? 'EUR',
        roles: ['CUSTOMER'],
      })
      .onConflict((conflict) => conflict.expression(sql`lower(email)`).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!user) return undefined;
    await transaction.insertInto('credentials').values({ user_id: user.id, password_hash }).execute();
    await logSignIn(transaction, { kind: 'SIGNED_UP', userId: user.id, network: networkOf(clientAddress) });
    return { user, refreshToken: await openSession(transaction, user.id) };
  });
  if (!opened) {
    return refuseToSignIn([
      accountError('EMAIL_TAKEN', 'There is an account with this e-mail address.', 'input.email'),
    ]);
  }
  return { ...opened, ...(await issueToken(db, opened.user)), userErrors: [] };
}
