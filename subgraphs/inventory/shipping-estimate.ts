// Owns what standard delivery of one piece costs; the rates are rows, the threshold of free delivery is here.
import type { DeliveryRateRow } from './database.ts';

export interface Money {
  /** In the smallest unit of `currency`. */
  amount: number;
  currency: string;
}

const FREE_FROM: Money = { amount: 100_00, currency: 'EUR' };

/**
 * `rates` are those of one country, the lightest band first. Null when there is none for this weight: the shop does not
 * deliver there, or nothing so heavy.
 */
export function estimateShipping(
  rates: readonly DeliveryRateRow[],
  { weightGrams, price }: { weightGrams: number; price: Money },
): Money | null {
  const rate = rates.find(({ up_to_grams }) => weightGrams <= up_to_grams);
  if (!rate) return null;
  const isFree = price.currency === FREE_FROM.currency && price.amount >= FREE_FROM.amount;
  return { amount: isFree ? 0 : rate.amount, currency: rate.currency };
}
