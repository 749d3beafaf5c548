// Owns adding, replacing and removing addresses; one of a person's addresses is the default as long as there is any.
import type { Transaction } from 'kysely';
import { inTransaction } from '../kit/database/in-transaction.ts';
import { newId } from '../kit/new-id.ts';
import { ownerToChange, signedIn } from '../kit/rules/ownership.ts';
import { type AccountError, accountError, textErrors } from './account-errors.ts';
import { accountIsGone, type Context } from './context.ts';
import type { AccountsTables, AddressRow, UserRow } from './database.ts';
import { isPostalCode } from './postal-codes.ts';

interface AddressInput {
  recipient: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
  makeDefault?: boolean | null;
}

interface AddressPayload {
  address: AddressRow | null;
  user: UserRow | null;
  userErrors: AccountError[];
}

interface RemoveAddressPayload {
  removedId: string | null;
  user: UserRow | null;
  userErrors: AccountError[];
}

const mostAddresses = 50;

/** The first address becomes the default even when it was not asked for. */
export async function addAddress(
  _: unknown,
  { input }: { input: AddressInput },
  context: Context,
): Promise<AddressPayload> {
  const problems = problemsOf(input);
  if (problems.length > 0) return refused(problems);
  const ownerId = signedIn(context.caller);
  const { user, result: address } = await changeAddresses(context, ownerId, async (db, user, addresses) => {
    if (addresses.length >= mostAddresses) return undefined;
    const becomesDefault = input.makeDefault === true || addresses.length === 0;
    if (becomesDefault) await clearDefault(db, user.id);
    const added = await db
      .insertInto('addresses')
      .values({ id: newId('address'), user_id: user.id, ...columnsOf(input), is_default: becomesDefault })
      .returningAll()
      .executeTakeFirstOrThrow();
    addresses.push(added);
    return added;
  });
  if (!address) {
    return refused([accountError('TOO_MANY_ADDRESSES', `There is room for ${mostAddresses} addresses.`)]);
  }
  return { address, user, userErrors: [] };
}

/** The default stays the default: it ends when another one takes its place. */
export async function updateAddress(
  _: unknown,
  { id, input }: { id: string; input: AddressInput },
  context: Context,
): Promise<AddressPayload> {
  const problems = problemsOf(input);
  if (problems.length > 0) return refused(problems);
  const ownerId = await ownerOfAddress(id, context);
  const { user, result: address } = await changeAddresses(context, ownerId, async (db, user, addresses) => {
    const old = addresses.find((one) => one.id === id);
    if (!old) return undefined;
    const becomesDefault = input.makeDefault === true && !old.is_default;
    if (becomesDefault) await clearDefault(db, user.id);
    return db
      .updateTable('addresses')
      .set({ ...columnsOf(input), is_default: old.is_default || becomesDefault })
      .where('id', '=', old.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  return address ? { address, user, userErrors: [] } : refused([notFound()]);
}

export async function removeAddress(
  _: unknown,
  { id }: { id: string },
  context: Context,
): Promise<RemoveAddressPayload> {
  const ownerId = await ownerOfAddress(id, context);
  const { user, result: removedId } = await changeAddresses(
    context,
    ownerId,
    async (db, _user, addresses) => {
      const old = addresses.find((one) => one.id === id);
      if (!old) return undefined;
      await db.deleteFrom('addresses').where('id', '=', old.id).execute();
      const oldest = addresses.find((one) => one !== old);
      if (old.is_default && oldest) {
        await db.updateTable('addresses').set({ is_default: true }).where('id', '=', oldest.id).execute();
      }
      return old.id;
    },
  );
  return removedId === undefined
    ? { removedId: null, user: null, userErrors: [notFound()] }
    : { removedId, user, userErrors: [] };
}

/** Whose address book is looked through for it. */
function ownerOfAddress(id: string, { caller, loaders }: Context): Promise<string | undefined> {
  return ownerToChange(caller, async () => (await loaders.addresses.load({ id }))?.user_id);
}

/**
 * One transaction that holds the owner's row, so that two changes of one address book come after each other. `change`
 * gets the addresses, the oldest first; without an owner there is nothing to change. Throws GraphQLError
 * UNAUTHENTICATED when the caller's own account is gone.
 */
async function changeAddresses<Result>(
  context: Context,
  id: string | undefined,
  change: (db: Transaction<AccountsTables>, user: UserRow, addresses: AddressRow[]) => Promise<Result>,
): Promise<{ user: UserRow | null; result: Result | undefined }> {
  if (id === undefined) return nothingChanged;
  const done = await inTransaction(context.db, async (db) => {
    const user = await db.selectFrom('users').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (!user && id === context.caller.userId) throw accountIsGone();
    if (!user) return nothingChanged;
    const addresses = await db
      .selectFrom('addresses')
      .selectAll()
      .where('user_id', '=', id)
      .orderBy('added_at')
      .orderBy('id')
      .execute();
    return { user, result: await change(db, user, addresses), addresses };
  });
  // All of them: of which is the default, two change at once.
  if (done.result !== undefined) context.changed({ User: id, Address: done.addresses.map((one) => one.id) });
  return done;
}

const nothingChanged = { user: null, result: undefined, addresses: [] };

async function clearDefault(db: Transaction<AccountsTables>, userId: string): Promise<void> {
  await db
    .updateTable('addresses')
    .set({ is_default: false })
    .where('user_id', '=', userId)
    .where('is_default', '=', true)
    .execute();
}

function columnsOf({ recipient, street, postalCode, city, country }: AddressInput) {
  return {
    recipient: recipient.trim(),
    street: street.trim(),
    postal_code: postalCode.trim().toUpperCase(),
    city: city.trim(),
    country,
  };
}

function problemsOf(input: AddressInput): AccountError[] {
  const { postalCode, country } = input;
  const problems = textErrors(input, { recipient: 100, street: 100, city: 100 });
  return isPostalCode(postalCode.trim(), country)
    ? problems
    : [
        ...problems,
        accountError('INVALID_POSTAL_CODE', `This is not a postal code of ${country}.`, 'input.postalCode'),
      ];
}

function notFound(): AccountError {
  return accountError('NOT_FOUND', 'You have no such address.', 'id');
}

function refused(userErrors: AccountError[]): AddressPayload {
  return { address: null, user: null, userErrors };
}
