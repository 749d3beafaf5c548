// Owns the shape of the payments domain's tables; migrations/ makes them.
import type { ColumnType, Generated } from 'kysely';

export type CardBrand = 'VISA' | 'MASTERCARD' | 'AMEX';
export type PaymentStatus = 'PENDING' | 'AUTHORIZED' | 'CAPTURED' | 'FAILED' | 'CANCELLED' | 'REFUNDED';

/** Only some kinds have this column; the table's check says which. */
type OfSomeKinds<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;

export interface PaymentMethodTable {
  id: string;
  user_id: string;
  /** As the schema names the type. */
  kind: 'Card' | 'BankAccount' | 'Wallet';
  /** For example `Visa •••• 4242`. */
  label: string;
  /** True for exactly one of a person's methods, while there is any. */
  is_default: boolean;
  added_at: Generated<Date>;
  /** Of cards, as are the next five. */
  brand: OfSomeKinds<CardBrand>;
  last4: OfSomeKinds<string>;
  expiry_month: OfSomeKinds<number>;
  expiry_year: OfSomeKinds<number>;
  /** What the provider charges the card by; each is good for one card. Never shown. */
  provider_token: OfSomeKinds<string>;
  /** The token's SHA-256, by which it is known again. */
  token_hash: OfSomeKinds<string>;
  /** Of bank accounts, as is the next one. */
  bank_name: OfSomeKinds<string>;
  iban_last4: OfSomeKinds<string>;
  /** Of wallets. */
  provider: OfSomeKinds<string>;
}

export interface PaymentRow {
  id: string;
  order_id: string;
  /** Who pays: the order's customer. */
  user_id: string;
  status: PaymentStatus;
  /** In the smallest unit of `currency`. */
  amount: number;
  currency: string;
  /** Null when the person has removed it. */
  method_id: string | null;
  /** What the method was called then. */
  method_label: string;
  created_at: Date;
  captured_at: Date | null;
  provider_reference: string | null;
}

export interface RefundRow {
  id: string;
  payment_id: string;
  /** In the smallest unit of the payment's currency. */
  amount: number;
  reason: string;
  at: Date;
}

export interface PaymentsTables {
  payment_methods: PaymentMethodTable;
  payments: PaymentRow;
  refunds: RefundRow;
}
