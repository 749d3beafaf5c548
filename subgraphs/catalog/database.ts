// Owns the shape of the catalog's tables; migrations/ makes them.
import type { Generated } from 'kysely';

export interface CategoryRow {
  id: string;
  slug: string;
  name: string;
  parent_id: string | null;
  /** Place among its siblings, from 1. */
  position: number;
}

export interface ProductRow {
  id: string;
  sku: string;
  name: string;
  brand: string;
  description: string;
  category_id: string;
  /** In the smallest unit of `currency`. */
  price: number;
  cost_price: number;
  currency: string;
  weight_grams: number;
  supplier_code: string;
  added_at: Date;
}

export interface ProductImageRow {
  id: Generated<number>;
  product_id: string;
  /** The most important is 1. */
  position: number;
  url: string;
  alt: string;
  width: number;
  height: number;
}

export interface CatalogTables {
  categories: CategoryRow;
  products: ProductRow;
  product_images: ProductImageRow;
  /** A view: every product once for its category and once for each category above it. */
  category_products: ProductRow & { listed_in: string };
}
