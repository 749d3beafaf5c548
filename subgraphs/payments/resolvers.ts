// Owns how payments are answered from their rows, and who may see them; the methods are in method-resolvers.ts.
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers } from '../kit/define-subgraph.ts';
import { mayRead } from '../kit/ownership.ts';
import type { CardInput } from './card-input.ts';
import { addCard, removePaymentMethod, setDefaultPaymentMethod } from './change-methods.ts';
import type { Context } from './context.ts';
import type { PaymentRow, RefundRow } from './database.ts';
import { methodResolvers, ownMethod } from './method-resolvers.ts';

type Refund = RefundRow & Pick<PaymentRow, 'currency'>;

export const resolvers: Resolvers<Context> = {
  Query: {
    payment: (_, { id }: { id: string }, context) => visiblePayment({ id }, context),
  },
  Mutation: {
    addCard: (_, { input }: { input: CardInput }, context) => addCard(context, input),
    setDefaultPaymentMethod: (_, { id }: { id: string }, context) => setDefaultPaymentMethod(context, id),
    removePaymentMethod: (_, { id }: { id: string }, context) => removePaymentMethod(context, id),
  },

  Order: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    payment: ({ id }: { id: string }, _, context) => visiblePayment({ order_id: id }, context),
  },

  User: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    paymentMethods: ({ id }: { id: string }, { first, after }: PageArguments, { loaders, caller }) =>
      caller.userId === id ? loaders.methodsOfUser.load(id, { first, after }) : null,
  },

  Payment: {
    __resolveReference: ({ id }: { id: string }, context) => visiblePayment({ id }, context),
    order: (payment: PaymentRow) => ({ id: payment.order_id }),
    amount: ({ amount, currency }: PaymentRow) => ({ amount, currency }),
    methodLabel: (payment: PaymentRow) => payment.method_label,
    method: ({ method_id }: PaymentRow, _, context) =>
      method_id === null ? null : ownMethod({ id: method_id }, context),
    createdAt: (payment: PaymentRow) => payment.created_at,
    capturedAt: (payment: PaymentRow) => payment.captured_at,
    refunds: async ({ id, currency }: PaymentRow, _, { loaders }): Promise<Refund[]> => {
      const refunds = await loaders.refunds.load(id);
      return refunds.map((refund) => ({ ...refund, currency }));
    },
    providerReference: (payment: PaymentRow) => payment.provider_reference,
  },

  Refund: {
    amount: ({ amount, currency }: Refund) => ({ amount, currency }),
  },

  ...methodResolvers,
};

type PaymentKey = Partial<Pick<PaymentRow, 'id' | 'order_id'>>;

/** The same null for a payment that is not there and for one of somebody else. */
async function visiblePayment(key: PaymentKey, { loaders, caller }: Context): Promise<PaymentRow | null> {
  const payment = await loaders.payments.load(key);
  return payment && mayRead(caller, payment.user_id) ? payment : null;
}
