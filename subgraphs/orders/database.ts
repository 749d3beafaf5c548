// Owns the shape of the orders domain's tables; migrations/ makes them.
import type { Generated } from 'kysely';

export type OrderStatus = 'PLACED' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'RETURNED';

export interface OrderRow {
  id: string;
  /** As printed on the invoice, for example `T-100042`. */
  number: string;
  user_id: string;
  status: OrderStatus;
  placed_at: Date;
  currency: string;
  /** In the smallest unit of `currency`, as are all amounts of the order. */
  shipping_cost: number;
  recipient: string;
  street: string;
  postal_code: string;
  city: string;
  country: string;
  support_note: string | null;
}

export interface OrderLineRow {
  id: string;
  order_id: string;
  /** Place in the order, from 1. */
  position: number;
  product_id: string;
  product_name: string;
  quantity: number;
  unit_price: number;
}

export interface OrderEventRow {
  id: Generated<number>;
  order_id: string;
  status: OrderStatus;
  at: Date;
  note: string | null;
}

export interface CartTable {
  /** Always `cart-` and the id of its owner. */
  id: string;
  user_id: string;
  updated_at: Generated<Date>;
}

export interface CartLineTable {
  cart_id: string;
  product_id: string;
  quantity: number;
  added_at: Generated<Date>;
}

export interface OrdersTables {
  orders: OrderRow;
  order_lines: OrderLineRow;
  order_events: OrderEventRow;
  carts: CartTable;
  cart_lines: CartLineTable;
}
