// Owns how payment methods of every kind are answered from their one table.
import type { Selectable } from 'kysely';
import type { TypeResolvers } from '../kit/define-subgraph.ts';
import { hasExpired } from './cards.ts';
import type { Context } from './context.ts';
import type { PaymentMethodTable } from './database.ts';

export type MethodRow = Selectable<PaymentMethodTable>;
type Kind = MethodRow['kind'];
type Reference = { id: string };

/** A card's id is no reference to a wallet. */
function referenceTo(kind: Kind) {
  return async ({ id }: Reference, { loaders }: Context): Promise<MethodRow | null> => {
    const method = await loaders.methods.load({ id });
    return method?.kind === kind ? method : null;
  };
}

const everyMethod = {
  isDefault: (method: MethodRow) => method.is_default,
  addedAt: (method: MethodRow) => method.added_at,
};

export const methodResolvers: Record<'PaymentMethod' | Kind, TypeResolvers<Context>> = {
  PaymentMethod: {
    __resolveReference: ({ id }: Reference, { loaders }) => loaders.methods.load({ id }),
    __resolveType: ({ kind }: MethodRow) => kind,
  },
  Card: {
    __resolveReference: referenceTo('Card'),
    ...everyMethod,
    expiryMonth: (card: MethodRow) => card.expiry_month,
    expiryYear: (card: MethodRow) => card.expiry_year,
    expired: ({ expiry_month: month, expiry_year: year }: MethodRow) =>
      // The table's check gives every card both.
      month !== null && year !== null && hasExpired({ month, year }, new Date()),
  },
  BankAccount: {
    __resolveReference: referenceTo('BankAccount'),
    ...everyMethod,
    bankName: (account: MethodRow) => account.bank_name,
    ibanLast4: (account: MethodRow) => account.iban_last4,
  },
  Wallet: {
    __resolveReference: referenceTo('Wallet'),
    ...everyMethod,
  },
};
