// Owns how the domain reads: one statement a table for everything a request asks for in one go.
import type { Kysely } from 'kysely';
import { connectionLoader } from '../kit/connection.ts';
import { rowLoader, rowsLoader } from '../kit/loaders.ts';
import { cartMaker } from './carts.ts';
import type { OrdersTables } from './database.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<OrdersTables>) {
  return {
    orders: rowLoader(db, 'orders', ['id', 'number']),
    lines: rowsLoader(db, 'order_lines', 'order_id', { orderBy: [['position', 'asc']] }),
    events: rowsLoader(db, 'order_events', 'order_id', {
      orderBy: [
        ['at', 'asc'],
        ['id', 'asc'],
      ],
    }),
    ordersOfUser: connectionLoader(db, {
      table: 'orders',
      by: 'user_id',
      order: [
        ['placed_at', 'desc'],
        ['id', 'desc'],
      ],
    }),
    carts: rowLoader(db, 'carts', ['id']),
    newCarts: cartMaker(db),
    cartLines: rowsLoader(db, 'cart_lines', 'cart_id', {
      orderBy: [
        ['added_at', 'asc'],
        ['product_id', 'asc'],
      ],
    }),
  };
}
