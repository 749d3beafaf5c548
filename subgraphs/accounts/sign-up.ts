// Owns opening an account: what is checked, what a new person starts with.
import { sql } from 'kysely';
import { newId } from '../kit/new-id.ts';
import { accountError, textErrors } from './account-errors.ts';
import type { Context } from './context.ts';
import { issueToken } from './issue-token.ts';
import { hashPassword, weaknessOf } from './passwords.ts';
import { refuseToSignIn, type SignInPayload } from './sign-in.ts';

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
  { db }: Context,
): Promise<SignInPayload> {
  const weakness = weaknessOf(input.password);
  const problems = [
    ...textErrors(input, { email: 254, name: 100, locale: 35 }),
    ...(weakness === undefined ? [] : [accountError('PASSWORD_TOO_WEAK', weakness, 'input.password')]),
  ];
  if (problems.length > 0) return refuseToSignIn(problems);

  const password_hash = await hashPassword(input.password);
  const user = await db.transaction().execute(async (transaction) => {
    const added = await transaction
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
    if (added) {
      await transaction.insertInto('credentials').values({ user_id: added.id, password_hash }).execute();
    }
    return added;
  });
  if (!user) {
    return refuseToSignIn([
      accountError('EMAIL_TAKEN', 'There is an account with this e-mail address.', 'input.email'),
    ]);
  }
  return { ...(await issueToken(db, user)), user, userErrors: [] };
}
