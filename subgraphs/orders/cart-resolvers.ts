// Owns how carts are answered from their rows; permissions.ts says to whom, change-cart.ts changes them.
import type { Selectable } from 'kysely';
import type { TypeResolvers } from '../kit/define-subgraph.ts';
import { type CartRow, cartIdOf } from './carts.ts';
import { addToCart, type CartLineInput, clearCart, removeFromCart, updateCartLine } from './change-cart.ts';
import type { Context } from './context.ts';
import type { CartLineTable } from './database.ts';

type CartLineRow = Selectable<CartLineTable>;

export const cartMutations: TypeResolvers<Context> = {
  addToCart: (_, { input }: { input: CartLineInput }, context) => addToCart(context, input),
  updateCartLine: (_, { input }: { input: CartLineInput }, context) => updateCartLine(context, input),
  removeFromCart: (_, { productId }: { productId: string }, context) => removeFromCart(context, productId),
  clearCart: (_, __, context) => clearCart(context),
};

export const cartResolvers: Record<'Cart' | 'CartLine', TypeResolvers<Context>> = {
  Cart: {
    __resolveReference: ({ id }: { id: string }, context) => {
      const { userId } = context.caller;
      const isOwn = userId !== null && id === cartIdOf(userId);
      return isOwn ? cartOf(userId, context) : context.loaders.carts.load({ id });
    },
    lines: (cart: CartRow, _, { loaders }) => loaders.cartLines.load(cart.id),
    itemCount: async (cart: CartRow, _, { loaders }) => {
      const lines = await loaders.cartLines.load(cart.id);
      return lines.reduce((sum, { quantity }) => sum + quantity, 0);
    },
    updatedAt: (cart: CartRow) => cart.updated_at,
  },
  CartLine: {
    product: (line: CartLineRow) => ({ id: line.product_id }),
    addedAt: (line: CartLineRow) => line.added_at,
  },
};

/** The cart of the person; made now if the person asks for it the first time, while others just find none. */
export async function cartOf(userId: string, context: Context): Promise<CartRow | null> {
  const { loaders, caller, changed } = context;
  const cart = await loaders.carts.load({ id: cartIdOf(userId) });
  if (cart || caller.userId !== userId) return cart;
  const made = await loaders.newCarts.load(userId);
  changed({ Cart: made.id, User: userId });
  return made;
}
