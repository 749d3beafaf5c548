// Owns what people may change about themselves.

import { signedIn } from '../kit/rules/ownership.ts';
import { type AccountError, textErrors } from './account-errors.ts';
import { accountIsGone, type Context } from './context.ts';
import type { UserRow } from './database.ts';

interface UpdateProfileInput {
  name?: string | null;
  displayName?: string | null;
  locale?: string | null;
  preferredCurrency?: string | null;
}

/** What is left out, or null, stays as it is. */
export async function updateProfile(
  _: unknown,
  { input }: { input: UpdateProfileInput },
  context: Context,
): Promise<{ user: UserRow | null; userErrors: AccountError[] }> {
  const id = signedIn(context.caller);
  const userErrors = textErrors(input, { name: 100, displayName: 100, locale: 35 });
  if (userErrors.length > 0) return { user: null, userErrors };
  const user = await context.db
    .updateTable('users')
    .set(({ fn, ref, val }) => ({
      // What is sealed cannot be computed with.
      ...(input.name != null && { name: input.name.trim() }),
      display_name: fn.coalesce(val(input.displayName?.trim() ?? null), ref('display_name')),
      locale: fn.coalesce(val(input.locale ?? null), ref('locale')),
      preferred_currency: fn.coalesce(val(input.preferredCurrency ?? null), ref('preferred_currency')),
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (!user) throw accountIsGone();
  context.changed({ User: id });
  return { user, userErrors: [] };
}
