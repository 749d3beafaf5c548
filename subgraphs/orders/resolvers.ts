// Owns how orders are answered from their rows; carts are in cart-resolvers.ts, who is shown them in permissions.ts.
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers } from '../kit/define-subgraph.ts';
import { myDataResolvers } from '../kit/personal-data/my-data.ts';
import { cartMutations, cartOf, cartResolvers } from './cart-resolvers.ts';
import type { Context } from './context.ts';
import type { OrderLineRow, OrderRow, OrderStatus, OrdersTables } from './database.ts';
import type { Loaders } from './loaders.ts';
import { personalData } from './personal-data.ts';

type OrderLine = OrderLineRow & Pick<OrderRow, 'currency'>;

export const resolvers: Resolvers<Context> = {
  Query: {
    order: (_, { id }: { id: string }, { loaders }) => loaders.orders.load({ id }),
    orderByNumber: (_, { number }: { number: string }, { loaders }) => loaders.orders.load({ number }),
  },
  Mutation: cartMutations,

  Order: {
    __resolveReference: (reference: OrderKey, { loaders }) => loaders.orders.load(reference),
    placedAt: (order: OrderRow) => order.placed_at,
    customer: (order: OrderRow) => ({ id: order.user_id }),
    lines: async (order: OrderRow, _, { loaders }): Promise<OrderLine[]> => {
      const lines = await loaders.lines.load(order.id);
      return lines.map((line) => ({ ...line, currency: order.currency }));
    },
    subtotal: async (order: OrderRow, _, { loaders }) => ({
      amount: await subtotalOf(order, loaders),
      currency: order.currency,
    }),
    shippingCost: ({ shipping_cost, currency }: OrderRow) => ({ amount: shipping_cost, currency }),
    total: async (order: OrderRow, _, { loaders }) => ({
      amount: (await subtotalOf(order, loaders)) + order.shipping_cost,
      currency: order.currency,
    }),
    deliveryAddress: ({ recipient, street, postal_code, city, country }: OrderRow) => ({
      recipient,
      street,
      postalCode: postal_code,
      city,
      country,
    }),
    history: (order: OrderRow, _, { loaders }) => loaders.events.load(order.id),
    supportNote: (order: OrderRow) => order.support_note,
  },

  OrderLine: {
    product: (line: OrderLine) => ({ id: line.product_id }),
    productName: (line: OrderLine) => line.product_name,
    unitPrice: ({ unit_price, currency }: OrderLine) => ({ amount: unit_price, currency }),
    total: ({ unit_price, quantity, currency }: OrderLine) => ({ amount: unit_price * quantity, currency }),
  },

  User: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    orders: (
      { id }: { id: string },
      { status, first, after }: PageArguments & { status?: OrderStatus | null },
      { loaders },
    ) => loaders.ordersOfUser.load(id, { first, after }, status == null ? {} : { status }),
    cart: ({ id }: { id: string }, _, context) => cartOf(id, context),
  },

  ...cartResolvers,

  ...myDataResolvers<OrdersTables, Loaders>('orders', personalData),
};

type OrderKey = Partial<Pick<OrderRow, 'id' | 'number'>>;

async function subtotalOf(order: OrderRow, loaders: Loaders): Promise<number> {
  const lines = await loaders.lines.load(order.id);
  return lines.reduce((sum, { unit_price, quantity }) => sum + unit_price * quantity, 0);
}
