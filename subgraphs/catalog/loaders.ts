// Owns how the catalog reads: one statement a table for everything a request asks for in one go.
import type { Kysely } from 'kysely';
import { connectionLoader } from '../kit/connection.ts';
import { rowLoader, rowsLoader } from '../kit/loaders.ts';
import type { CatalogTables } from './database.ts';
import { productConditions, productOrders } from './product-list.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<CatalogTables>) {
  const listed = <Sort extends keyof typeof productOrders>(sort: Sort) =>
    connectionLoader(db, {
      table: 'category_products',
      by: 'listed_in',
      order: productOrders[sort],
      where: productConditions,
    });
  return {
    products: rowLoader(db, 'products', ['id', 'sku']),
    categories: rowLoader(db, 'categories', ['id', 'slug']),
    children: rowsLoader(db, 'categories', 'parent_id', { orderBy: [['position', 'asc']] }),
    images: rowsLoader(db, 'product_images', 'product_id', { orderBy: [['position', 'asc']] }),
    listings: {
      NEWEST: listed('NEWEST'),
      PRICE_ASCENDING: listed('PRICE_ASCENDING'),
      PRICE_DESCENDING: listed('PRICE_DESCENDING'),
      NAME: listed('NAME'),
    },
  };
}
