// Owns the shape of the inventory's tables; migrations/ makes them.

export interface WarehouseRow {
  /** A short code such as `VIE`. */
  id: string;
  name: string;
  country: string;
}

export interface StockedProductRow {
  sku: string;
  /** When more pieces arrive; null when none are on the way. */
  expected_at: Date | null;
}

export interface StockRow {
  sku: string;
  warehouse_id: string;
  on_hand: number;
  /** Promised to orders, never more than `on_hand`. */
  reserved: number;
}

/** What standard delivery costs for a parcel of at most `up_to_grams` that no lighter band covers. */
export interface DeliveryRateRow {
  country: string;
  up_to_grams: number;
  /** In the smallest unit of `currency`. */
  amount: number;
  currency: string;
}

export interface InventoryTables {
  warehouses: WarehouseRow;
  stocked_products: StockedProductRow;
  stock: StockRow;
  delivery_rates: DeliveryRateRow;
}
