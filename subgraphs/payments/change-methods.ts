// Owns the changes of a person's payment methods, each in one short transaction; card-input.ts judges the input.

import { sql, type Transaction } from 'kysely';
import type { ChangedEntities } from '../kit/changes/change.ts';
import { inTransaction } from '../kit/database/in-transaction.ts';
import { newId } from '../kit/new-id.ts';
import { ownerToChange, signedIn } from '../kit/rules/ownership.ts';
import { type CardInput, cardProblems, invalidToken, type PaymentError } from './card-input.ts';
import { cardLabel } from './cards.ts';
import type { Context } from './context.ts';
import type { PaymentsTables } from './database.ts';
import type { MethodRow } from './method-resolvers.ts';
import { tokenHash } from './token-hash.ts';

/** What was done, with the person after it; or what is wrong, and then nothing was done. */
type Payload<Done> =
  | (Done & { user: { id: string }; userErrors: [] })
  | { user: null; userErrors: PaymentError[] };

const MOST_METHODS = 20;

/** The first method of a person becomes the default, asked for or not. */
export async function addCard(
  context: Context,
  input: CardInput,
): Promise<Payload<{ paymentMethod: MethodRow }>> {
  const ownerId = signedIn(context.caller);
  const problems = cardProblems(input, new Date());
  if (problems.length > 0) return { user: null, userErrors: problems };
  return changeMethods(context, ownerId, async (transaction, userId, methods) => {
    if (methods.length >= MOST_METHODS) return tooManyMethods;
    const added = await transaction
      .insertInto('payment_methods')
      .values({
        id: newId('method'),
        user_id: userId,
        kind: 'Card',
        label: cardLabel(input.brand, input.last4),
        is_default: false,
        brand: input.brand,
        last4: input.last4,
        expiry_month: input.expiryMonth,
        expiry_year: input.expiryYear,
        provider_token: input.token,
        token_hash: tokenHash(input.token),
      })
      .onConflict((conflict) => conflict.column('token_hash').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!added) return invalidToken('This token was used already: fill in the card form again.');
    const paymentMethod =
      methods.length === 0 || input.makeDefault ? await makeDefault(transaction, added) : added;
    methods.push(added);
    return { paymentMethod };
  });
}

export async function setDefaultPaymentMethod(
  context: Context,
  id: string,
): Promise<Payload<{ paymentMethod: MethodRow }>> {
  const ownerId = await ownerOfMethod(id, context);
  return changeMethods(context, ownerId, async (transaction, userId) => {
    const method = await transaction
      .selectFrom('payment_methods')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return method ? { paymentMethod: await makeDefault(transaction, method) } : notFound;
  });
}

/** When the default goes, the newest of the others takes its place. */
export async function removePaymentMethod(
  context: Context,
  id: string,
): Promise<Payload<{ removedId: string }>> {
  const ownerId = await ownerOfMethod(id, context);
  return changeMethods(context, ownerId, async (transaction, userId) => {
    const removed = await transaction
      .deleteFrom('payment_methods')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('is_default')
      .executeTakeFirst();
    if (!removed) return notFound;
    if (removed.is_default) {
      const newest = await transaction
        .selectFrom('payment_methods')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('added_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (newest) await makeDefault(transaction, newest);
    }
    return { removedId: id };
  });
}

/** Two statements, because the unique index on the default would not allow two of them for a moment. */
async function makeDefault(
  transaction: Transaction<PaymentsTables>,
  { id, user_id }: MethodRow,
): Promise<MethodRow> {
  await transaction
    .updateTable('payment_methods')
    .set({ is_default: false })
    .where('user_id', '=', user_id)
    .where('is_default', '=', true)
    .execute();
  return transaction
    .updateTable('payment_methods')
    .set({ is_default: true })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Among whose methods it is looked for. */
function ownerOfMethod(id: string, { caller, loaders }: Context): Promise<string | undefined> {
  return ownerToChange(caller, async () => (await loaders.methods.load({ id }))?.user_id);
}

type KnownMethod = Pick<MethodRow, 'id' | 'kind'>;

function changeOfMethods(methods: readonly KnownMethod[]): ChangedEntities {
  const ids = (kind: MethodRow['kind']) => methods.filter((one) => one.kind === kind).map(({ id }) => id);
  return {
    PaymentMethod: methods.map(({ id }) => id),
    Card: ids('Card'),
    BankAccount: ids('BankAccount'),
    Wallet: ids('Wallet'),
  };
}

/** Runs a change while nobody else changes the methods of this person; without a person there is nothing to change. */
async function changeMethods<Done extends object>(
  { db, changed }: Context,
  userId: string | undefined,
  change: (
    transaction: Transaction<PaymentsTables>,
    userId: string,
    methods: KnownMethod[],
  ) => Promise<Done | PaymentError>,
): Promise<Payload<Done>> {
  if (userId === undefined) return { user: null, userErrors: [notFound] };
  const { outcome, methods } = await inTransaction(db, async (transaction) => {
    // There may be no row to lock yet, so the lock is on the person's id.
    const person = `payment methods of ${userId}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${person}, 0))`.execute(transaction);
    const methods: KnownMethod[] = await transaction
      .selectFrom('payment_methods')
      .select(['id', 'kind'])
      .where('user_id', '=', userId)
      .execute();
    return { outcome: await change(transaction, userId, methods), methods };
  });
  if (isProblem(outcome)) return { user: null, userErrors: [outcome] };
  // All of them: of which is the default, two change at once.
  changed({ User: userId, ...changeOfMethods(methods) });
  return { ...outcome, user: { id: userId }, userErrors: [] };
}

function isProblem(outcome: object): outcome is PaymentError {
  return 'code' in outcome;
}

const tooManyMethods: PaymentError = {
  code: 'TOO_MANY_METHODS',
  message: `You can store at most ${MOST_METHODS} payment methods: remove one first.`,
  field: ['input'],
};

const notFound: PaymentError = {
  code: 'NOT_FOUND',
  message: 'You have no such payment method.',
  field: ['id'],
};
