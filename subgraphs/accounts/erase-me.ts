// Owns that people leave: their password is asked for again, accounts forgets them at once, and the other domains are told.

import { subgraphAddresses } from '../kit/calls/subgraph-addresses.ts';
import { inTransaction } from '../kit/database/in-transaction.ts';
import { erasePersonWithin } from '../kit/personal-data/erase-person.ts';
import { signedIn } from '../kit/rules/ownership.ts';
import { type AccountError, accountError } from './account-errors.ts';
import { checkPassword } from './check-password.ts';
import { accountIsGone, type Context } from './context.ts';
import { eraseParts, HOME } from './erase-everywhere.ts';
import { beginErasure, partsOf } from './erasures.ts';
import { networkOf } from './network.ts';
import type { Passwords } from './passwords.ts';
import { personalData } from './personal-data.ts';
import { forgetAddress, forgiveTries } from './slow-down.ts';

interface EraseMePayload {
  requestedAt: Date | null;
  domains: { domain: string; erasedAt: Date | null }[] | null;
  userErrors: AccountError[];
}

/** Less than any router waits for accounts. */
const WAIT_MS = 2_000;

/**
 * What is written down is done, whatever happens to this process: who is not told here that a domain has erased them is
 * erased there later. Throws GraphQLError UNAUTHENTICATED where there is no such account any more.
 */
export async function eraseMe(
  passwords: Passwords,
  { password }: { password: string },
  { db, loaders, caller, changed, clientAddress }: Context,
): Promise<EraseMePayload> {
  const userId = signedIn(caller);
  const user = await loaders.users.load({ id: userId });
  if (!user) throw accountIsGone();
  const addressHash = user.email_hash;
  const network = networkOf(clientAddress);
  const checked = await checkPassword(db, passwords, { addressHash, password, network });
  if ('problem' in checked) {
    const { problem } = checked;
    // Nobody has named an e-mail address here.
    const isWrong = problem.code === 'WRONG_CREDENTIALS';
    const userErrors = [
      isWrong ? accountError(problem.code, 'This is not the password.', 'password') : problem,
    ];
    return { requestedAt: null, domains: null, userErrors };
  }

  // Whatever becomes of the rest: who has the password shall not be held up for it.
  await inTransaction(db, (transaction) => forgiveTries(transaction, checked.attempt));

  const domains = [...(await subgraphAddresses()).keys()];
  const { id, requestedAt, parts, erasure } = await inTransaction(db, async (transaction) => {
    // Whoever changes something of this person's holds this row too, and finds it gone.
    const row = await transaction
      .selectFrom('users')
      .select('id')
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw accountIsGone();
    const erasure = await erasePersonWithin(transaction, personalData, userId);
    await forgetAddress(transaction, addressHash);
    await transaction.deleteFrom('sign_in_events').where('address_hash', '=', addressHash).execute();
    return { ...(await beginErasure(transaction, { userId, domains, done: HOME })), erasure };
  });
  changed(erasure.changed);
  await eraseParts(db, parts, { signal: AbortSignal.timeout(WAIT_MS), changed });
  return { requestedAt, domains: await partsOf(db, id), userErrors: [] };
}
