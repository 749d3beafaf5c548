// Owns the mutation `setStock`: what was counted replaces what was believed to lie in a warehouse.
import type { Kysely } from 'kysely';
import { badInput } from '../kit/cursor.ts';
import type { SubgraphContext } from '../kit/define-subgraph.ts';
import type { InventoryTables, StockedProductRow, StockRow } from './database.ts';
import { loaders as freshLoaders, type Loaders } from './loaders.ts';

export interface SetStockInput {
  sku: string;
  warehouseId: string;
  /** Pieces on the shelf, 0 to 1,000,000. */
  onHand: number;
}

export interface InventoryError {
  code: 'NOT_FOUND' | 'BELOW_RESERVED';
  message: string;
  field: string[];
}

export interface SetStockPayload {
  product: (StockedProductRow & { stock: StockRow[] }) | null;
  userErrors: InventoryError[];
}

/** Keeps the sum over all warehouses within GraphQL's Int. */
const MOST_PIECES = 1_000_000;

/**
 * Sets what lies in one warehouse; a product's first count there makes its row. An unknown product, an unknown warehouse
 * and a count below what is reserved are user errors. Throws GraphQLError BAD_USER_INPUT when `onHand` is above 1,000,000.
 */
export async function setStock(
  { sku, warehouseId, onHand }: SetStockInput,
  { db, loaders, changed }: Pick<SubgraphContext<InventoryTables, Loaders>, 'db' | 'loaders' | 'changed'>,
): Promise<SetStockPayload> {
  if (onHand > MOST_PIECES) throw badInput('onHand', `must be at most ${MOST_PIECES}, but is ${onHand}`);
  const [product, warehouse] = await Promise.all([
    loaders.products.load({ sku }),
    loaders.warehouses.load({ id: warehouseId }),
  ]);
  if (!product || !warehouse) {
    const userErrors = [
      ...(product ? [] : [notFound('product with this SKU', 'sku')]),
      ...(warehouse ? [] : [notFound('warehouse with this id', 'warehouseId')]),
    ];
    return { product: null, userErrors };
  }
  const wasSet = await replaceOnHand(db, { sku, warehouseId, onHand });
  if (!wasSet) {
    const message = 'More pieces than that are promised to orders.';
    return {
      product: null,
      userErrors: [{ code: 'BELOW_RESERVED', message, field: ['input', 'onHand'] }],
    };
  }
  changed({ Product: sku });
  // The request's own loaders may remember the stock from before, when one operation sets it several times.
  return { product: { ...product, stock: await freshLoaders(db).stock.load(sku) }, userErrors: [] };
}

/**
 * False when more is reserved. One statement, because it locks the row and compares with what is reserved at that very
 * moment: an order that reserves meanwhile waits, or is seen.
 */
async function replaceOnHand(
  db: Kysely<InventoryTables>,
  { sku, warehouseId, onHand }: SetStockInput,
): Promise<boolean> {
  const row = await db
    .insertInto('stock')
    .values({ sku, warehouse_id: warehouseId, on_hand: onHand, reserved: 0 })
    .onConflict((conflict) =>
      conflict
        .columns(['sku', 'warehouse_id'])
        .doUpdateSet({ on_hand: onHand })
        .where('stock.reserved', '<=', onHand),
    )
    .returning('sku')
    .executeTakeFirst();
  return row !== undefined;
}

function notFound(what: string, field: string): InventoryError {
  return { code: 'NOT_FOUND', message: `There is no ${what}.`, field: ['input', field] };
}
