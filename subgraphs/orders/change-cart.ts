// Owns the changes of a cart: what may be wrong with the input, and one short transaction for what is right.

import { sql, type Transaction } from 'kysely';
import { inTransaction } from '../kit/database/in-transaction.ts';
import { signedIn } from '../kit/rules/ownership.ts';
import { type CartRow, storeCarts } from './carts.ts';
import type { Context } from './context.ts';
import type { OrdersTables } from './database.ts';

export interface CartLineInput {
  productId: string;
  quantity: number;
}

export interface CartError {
  code: 'TOO_MANY_PIECES' | 'TOO_MANY_LINES' | 'NOT_IN_CART' | 'INVALID_PRODUCT';
  message: string;
  field: string[];
}

export interface CartPayload {
  cart: CartRow | null;
  userErrors: CartError[];
}

const MOST_PIECES = 99;
const MOST_LINES = 100;

/** Adds to the pieces that are already there, so two calls at once add up. */
export function addToCart(context: Context, input: CartLineInput): Promise<CartPayload> {
  const { productId, quantity } = input;
  return changeCart(context, problemsOf(input), async (cart) => {
    const lines = await cart.transaction
      .selectFrom('cart_lines')
      .select(['product_id', 'quantity'])
      .where('cart_id', '=', cart.id)
      .execute();
    const held = lines.find((line) => line.product_id === productId);
    if (!held && lines.length >= MOST_LINES) return tooManyLines;
    const pieces = (held?.quantity ?? 0) + quantity;
    if (pieces > MOST_PIECES) return tooManyPieces;
    await cart.transaction
      .insertInto('cart_lines')
      .values({ cart_id: cart.id, product_id: productId, quantity: pieces })
      .onConflict((conflict) => conflict.columns(['cart_id', 'product_id']).doUpdateSet({ quantity: pieces }))
      .execute();
    return null;
  });
}

export function updateCartLine(context: Context, input: CartLineInput): Promise<CartPayload> {
  const { productId, quantity } = input;
  return changeCart(context, problemsOf(input), async (cart) => {
    const { numUpdatedRows } = await cart.transaction
      .updateTable('cart_lines')
      .set({ quantity })
      .where('cart_id', '=', cart.id)
      .where('product_id', '=', productId)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n ? null : notInCart(['input', 'productId']);
  });
}

export function removeFromCart(context: Context, productId: string): Promise<CartPayload> {
  return changeCart(context, problemsOfProduct(productId, ['productId']), async (cart) => {
    const { numDeletedRows } = await cart.transaction
      .deleteFrom('cart_lines')
      .where('cart_id', '=', cart.id)
      .where('product_id', '=', productId)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n ? null : notInCart(['productId']);
  });
}

export function clearCart(context: Context): Promise<CartPayload> {
  return changeCart(context, [], async (cart) => {
    await cart.transaction.deleteFrom('cart_lines').where('cart_id', '=', cart.id).execute();
    return null;
  });
}

/** The caller's cart, locked: nobody else changes it before the transaction ends. */
interface LockedCart {
  transaction: Transaction<OrdersTables>;
  id: string;
}

/** Runs a change that either happens whole and answers null, or answers what is wrong and has changed nothing. */
async function changeCart(
  context: Context,
  problems: CartError[],
  change: (cart: LockedCart) => Promise<CartError | null>,
): Promise<CartPayload> {
  const { db, caller, changed } = context;
  const userId = signedIn(caller);
  if (problems.length > 0) return { cart: null, userErrors: problems };
  const payload = await inTransaction(db, async (transaction): Promise<CartPayload> => {
    const [cart] = await storeCarts(transaction, [userId]);
    if (!cart) throw new Error(`No cart was made for ${userId}.`);
    const problem = await change({ transaction, id: cart.id });
    if (problem) return { cart: null, userErrors: [problem] };
    const stored = await transaction
      .updateTable('carts')
      // Not now(): that is when the transaction began, before it waited for the lock.
      .set({ updated_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', cart.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { cart: stored, userErrors: [] };
  });
  if (payload.cart) changed({ Cart: payload.cart.id, User: userId });
  return payload;
}

function problemsOf({ productId, quantity }: CartLineInput): CartError[] {
  const problems = problemsOfProduct(productId, ['input', 'productId']);
  return quantity > MOST_PIECES ? [...problems, tooManyPieces] : problems;
}

function problemsOfProduct(productId: string, field: string[]): CartError[] {
  if (/^product-[a-z0-9-]{1,100}$/.test(productId)) return [];
  return [{ code: 'INVALID_PRODUCT', message: 'This cannot be the id of a product.', field }];
}

const tooManyPieces: CartError = {
  code: 'TOO_MANY_PIECES',
  message: `A cart holds at most ${MOST_PIECES} pieces of a product.`,
  field: ['input', 'quantity'],
};

const tooManyLines: CartError = {
  code: 'TOO_MANY_LINES',
  message: `A cart holds at most ${MOST_LINES} products.`,
  field: ['input', 'productId'],
};

function notInCart(field: string[]): CartError {
  return { code: 'NOT_IN_CART', message: 'The cart does not hold this product.', field };
}
