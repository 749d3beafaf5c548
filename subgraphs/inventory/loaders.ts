// Owns how the inventory reads: one statement a table for everything a request asks for in one go.
import type { Kysely } from 'kysely';
import { rowLoader, rowsLoader } from '../kit/loaders.ts';
import type { InventoryTables } from './database.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<InventoryTables>) {
  return {
    products: rowLoader(db, 'stocked_products', ['sku']),
    warehouses: rowLoader(db, 'warehouses', ['id']),
    stock: rowsLoader(db, 'stock', 'sku', { orderBy: [['warehouse_id', 'asc']] }),
    rates: rowsLoader(db, 'delivery_rates', 'country', { orderBy: [['up_to_grams', 'asc']] }),
  };
}
