// Owns that everybody has exactly one cart: how it is named, and how it is made when it is first needed.
import DataLoader from 'dataloader';
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { CartTable, OrdersTables } from './database.ts';

export type CartRow = Selectable<CartTable>;

export function cartIdOf(userId: string): string {
  return `cart-${userId}`;
}

/**
 * The carts of these people, made where there are none; one statement. It locks their rows until the end of the
 * transaction, also those that were there, so that changes of one cart go one after the other.
 */
export function storeCarts(db: Kysely<OrdersTables>, userIds: readonly string[]): Promise<CartRow[]> {
  return db
    .insertInto('carts')
    .values(userIds.map((userId): Insertable<CartTable> => ({ id: cartIdOf(userId), user_id: userId })))
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ user_id: sql<string>`excluded.user_id` }))
    .returningAll()
    .execute();
}

/** Makes the carts that a request found missing, each once. */
export function cartMaker(db: Kysely<OrdersTables>): { load(userId: string): Promise<CartRow> } {
  return new DataLoader<string, CartRow>(async (userIds) => {
    const made = await storeCarts(db, userIds);
    return userIds.map(
      (userId) =>
        made.find(({ user_id }) => user_id === userId) ?? new Error(`No cart was made for ${userId}.`),
    );
  });
}
