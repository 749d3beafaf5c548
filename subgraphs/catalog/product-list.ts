// Owns how lists of products are filtered and sorted, in the schema's words and in SQL's.
import { type Expression, type SqlBool, sql } from 'kysely';
import type { PageOrder } from '../kit/cursor.ts';
import { containing, refuseLongText } from '../kit/text-search.ts';
import type { ProductRow } from './database.ts';

export interface ProductFilter {
  brand?: string | null;
  minPrice?: number | null;
  maxPrice?: number | null;
  text?: string | null;
}

export type ProductSort = 'NEWEST' | 'PRICE_ASCENDING' | 'PRICE_DESCENDING' | 'NAME';

/** Every order ends with the id, so that equal prices and names still have one order. */
export const productOrders: Record<ProductSort, PageOrder<keyof ProductRow>> = {
  NEWEST: [
    ['added_at', 'desc'],
    ['id', 'desc'],
  ],
  PRICE_ASCENDING: [
    ['price', 'asc'],
    ['id', 'asc'],
  ],
  PRICE_DESCENDING: [
    ['price', 'desc'],
    ['id', 'desc'],
  ],
  NAME: [
    ['name', 'asc'],
    ['id', 'asc'],
  ],
};

/** What must hold of a product's row, whichever table or view it comes from. Throws GraphQLError BAD_USER_INPUT. */
export function productConditions(filter: ProductFilter): Expression<SqlBool>[] {
  const { brand, minPrice, maxPrice, text } = filter;
  refuseLongText('filter.text', text ?? '');
  refuseLongText('filter.brand', brand ?? '');
  return [
    ...(brand != null ? [sql<boolean>`brand = ${brand}`] : []),
    ...(minPrice != null ? [sql<boolean>`price >= ${minPrice}`] : []),
    ...(maxPrice != null ? [sql<boolean>`price <= ${maxPrice}`] : []),
    ...(text != null
      ? [sql<boolean>`(name ilike ${containing(text)} or brand ilike ${containing(text)})`]
      : []),
  ];
}
