// Owns which of this domain's data is about people: none, column by column, so that a new one must be thought about.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { CatalogTables } from './database.ts';

export const personalData = definePersonalData<CatalogTables>({
  categories: { others: ['id', 'slug', 'name', 'parent_id', 'position'] },
  products: {
    others: [
      'id',
      'sku',
      'name',
      'brand',
      'description',
      'category_id',
      'price',
      'cost_price',
      'currency',
      'weight_grams',
      'supplier_code',
      'added_at',
    ],
  },
  product_images: { others: ['id', 'product_id', 'position', 'url', 'alt', 'width', 'height'] },
  category_products: { viewOf: 'products' },
});
