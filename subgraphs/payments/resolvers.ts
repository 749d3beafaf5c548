// Owns how payments are answered from their rows; the methods are in method-resolvers.ts, who is shown them in permissions.ts.
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers } from '../kit/define-subgraph.ts';
import { myDataResolvers } from '../kit/personal-data/my-data.ts';
import type { CardInput } from './card-input.ts';
import { addCard, removePaymentMethod, setDefaultPaymentMethod } from './change-methods.ts';
import type { Context } from './context.ts';
import type { PaymentRow, PaymentsTables, RefundRow } from './database.ts';
import type { Loaders } from './loaders.ts';
import { methodResolvers } from './method-resolvers.ts';
import { personalData } from './personal-data.ts';

type Refund = RefundRow & Pick<PaymentRow, 'currency'>;

export const resolvers: Resolvers<Context> = {
  Query: {
    payment: (_, { id }: { id: string }, { loaders }) => loaders.payments.load({ id }),
  },
  Mutation: {
    addCard: (_, { input }: { input: CardInput }, context) => addCard(context, input),
    setDefaultPaymentMethod: (_, { id }: { id: string }, context) => setDefaultPaymentMethod(context, id),
    removePaymentMethod: (_, { id }: { id: string }, context) => removePaymentMethod(context, id),
  },

  Order: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    payment: ({ id }: { id: string }, _, { loaders }) => loaders.payments.load({ order_id: id }),
  },

  User: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    paymentMethods: ({ id }: { id: string }, { first, after }: PageArguments, { loaders }) =>
      loaders.methodsOfUser.load(id, { first, after }),
  },

  Payment: {
    __resolveReference: ({ id }: { id: string }, { loaders }) => loaders.payments.load({ id }),
    order: (payment: PaymentRow) => ({ id: payment.order_id }),
    amount: ({ amount, currency }: PaymentRow) => ({ amount, currency }),
    methodLabel: (payment: PaymentRow) => payment.method_label,
    method: ({ method_id }: PaymentRow, _, { loaders }) =>
      method_id === null ? null : loaders.methods.load({ id: method_id }),
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

  ...myDataResolvers<PaymentsTables, Loaders>('payments', personalData),
};
