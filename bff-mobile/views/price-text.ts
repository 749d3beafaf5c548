// Owns how an amount of money is written where there is little room.
import type { Wording } from './formats.ts';

export interface Money {
  /** In the smallest unit of the currency. */
  amount: number;
  /** ISO 4217. */
  currency: string;
}

/** `€19.99`, `€20`, `20 €`, `¥1,500`: the unit's own number of digits, none where all of them are zero. */
export function priceText({ amount, currency }: Money, { locale, formats }: Wording): string {
  const format = formats.number(locale, {
    style: 'currency',
    currency,
    trailingZeroDisplay: 'stripIfInteger',
  });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return format.format(amount / 10 ** digits);
}
