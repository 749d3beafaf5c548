// Owns opening an account: what is checked, what a new person starts with.
import { inTransaction } from '../kit/database/in-transaction.ts';
import { newId } from '../kit/new-id.ts';
import { accountError, textErrors } from './account-errors.ts';
import { hashAddress } from './address-hash.ts';
import type { Context } from './context.ts';
import { issueToken } from './issue-token.ts';
import { networkOf } from './network.ts';
import { type Passwords, weaknessOf } from './passwords.ts';
import { openSession } from './sessions.ts';
import { refuseToSignIn, type SignInPayload } from './sign-in.ts';
import { logSignIn } from './sign-in-events.ts';
import { countSignUp } from './slow-down.ts';

interface SignUpInput {
  email: string;
  password: string;
  name: string;
  locale?: string | null;
  preferredCurrency?: string | null;
}

/**
 * Of two that ask for one e-mail address at once, the second gets EMAIL_TAKEN. Without sending e-mail there is no other way
 * to say it, so that it is counted how often somebody asks.
 */
export async function signUp(
  passwords: Passwords,
  { input }: { input: SignUpInput },
  { db, changed, clientAddress }: Context,
): Promise<SignInPayload> {
  const weakness = weaknessOf(input.password);
  const problems = [
    ...textErrors(input, { email: 254, name: 100, locale: 35 }),
    ...(weakness === undefined ? [] : [accountError('PASSWORD_TOO_WEAK', weakness, 'input.password')]),
  ];
  if (problems.length > 0) return refuseToSignIn(problems);

  const network = networkOf(clientAddress);
  const retryAt = await countSignUp(db, network);
  if (retryAt !== undefined) {
    const sentence = 'Too many new accounts from your network: wait a while before the next one.';
    return refuseToSignIn([{ ...accountError('TOO_MANY_TRIES', sentence), retryAt }]);
  }
  const password_hash = await passwords.hash(input.password);
  const email_hash = await hashAddress(db, input.email);
  const opened = await inTransaction(db, async (transaction) => {
    const user = await transaction
      .insertInto('users')
      .values({
        id: newId('user'),
        email: input.email,
        email_hash,
        name: input.name.trim(),
        locale: input.locale ?? 'en-GB',
        preferred_currency: input.preferredCurrency ?? 'EUR',
        roles: ['CUSTOMER'],
      })
      .onConflict((conflict) => conflict.column('email_hash').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!user) return undefined;
    await transaction.insertInto('credentials').values({ user_id: user.id, password_hash }).execute();
    await logSignIn(transaction, { kind: 'SIGNED_UP', userId: user.id, network });
    return { user, refreshToken: await openSession(transaction, user.id) };
  });
  if (!opened) {
    return refuseToSignIn([
      accountError('EMAIL_TAKEN', 'There is an account with this e-mail address.', 'input.email'),
    ]);
  }
  changed({ User: opened.user.id });
  return { ...opened, ...(await issueToken(db, opened.user)), userErrors: [] };
}
