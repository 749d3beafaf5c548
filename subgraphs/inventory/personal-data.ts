// Owns which of this domain's data is about people: none, column by column, so that a new one must be thought about.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { InventoryTables } from './database.ts';

export const personalData = definePersonalData<InventoryTables>({
  warehouses: { others: ['id', 'name', 'country'] },
  stocked_products: { others: ['sku', 'expected_at'] },
  stock: { others: ['sku', 'warehouse_id', 'on_hand', 'reserved'] },
  delivery_rates: { others: ['country', 'up_to_grams', 'amount', 'currency'] },
});
