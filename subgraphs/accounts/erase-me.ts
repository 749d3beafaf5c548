// Owns that people leave: their password is asked for again, accounts forgets them at once, and the other domains are told.
import { signedIn } from '../kit/ownership.ts';
import { erasePersonWithin } from '../kit/personal-data/erase-person.ts';
import { subgraphAddresses } from '../kit/subgraph-addresses.ts';
import type { AccountError } from './account-errors.ts';
import { checkPassword } from './check-password.ts';
import { accountIsGone, type Context } from './context.ts';
import { eraseParts, HOME } from './erase-everywhere.ts';
import { beginErasure, partsOf } from './erasures.ts';
import { networkOf } from './network.ts';
import { personalData } from './personal-data.ts';
import { forgetAddress } from './slow-down.ts';

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
  _: unknown,
  { password }: { password: string },
  { db, loaders, caller, clientAddress }: Context,
): Promise<EraseMePayload> {
  const userId = signedIn(caller);
  const user = await loaders.users.load({ id: userId });
  if (!user) throw accountIsGone();
  const addressHash = user.email_hash;
  const checked = await checkPassword(db, { addressHash, password, network: networkOf(clientAddress) });
  if ('problem' in checked) return { requestedAt: null, domains: null, userErrors: [checked.problem] };

  const domains = [...(await subgraphAddresses()).keys()];
  const { id, requestedAt, parts } = await db.transaction().execute(async (transaction) => {
    // Whoever changes something of this person's holds this row too, and finds it gone.
    const row = await transaction
      .selectFrom('users')
      .select('id')
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw accountIsGone();
    await erasePersonWithin(transaction, personalData, userId);
    await forgetAddress(transaction, addressHash);
    await transaction.deleteFrom('sign_in_events').where('address_hash', '=', addressHash).execute();
    return beginErasure(transaction, { userId, domains, done: HOME });
  });
  await eraseParts(db, parts, { signal: AbortSignal.timeout(WAIT_MS) });
  return { requestedAt, domains: await partsOf(db, id), userErrors: [] };
}
