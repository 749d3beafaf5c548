// Owns how pieces on shelves become words for a shop window.
import type { StockRow } from './database.ts';

export type Availability = 'IN_STOCK' | 'LOW_STOCK' | 'BACKORDER' | 'OUT_OF_STOCK';

const PLENTY = 10;

/** Pieces in all warehouses, less what is reserved for orders. */
export function piecesFree(stock: readonly StockRow[]): number {
  return stock.reduce((sum, { on_hand, reserved }) => sum + on_hand - reserved, 0);
}

/** `expectedAt` is when more pieces arrive, null when none are on the way. */
export function availabilityOf(pieces: number, expectedAt: Date | null): Availability {
  if (pieces >= PLENTY) return 'IN_STOCK';
  if (pieces > 0) return 'LOW_STOCK';
  return expectedAt === null ? 'OUT_OF_STOCK' : 'BACKORDER';
}
