// Owns what is known of cards alone: their names, and until when they can be used.
import type { CardBrand } from './database.ts';

const brandNames: Record<CardBrand, string> = {
  VISA: 'Visa',
  MASTERCARD: 'Mastercard',
  AMEX: 'American Express',
};

/** `Visa •••• 4242`. */
export function cardLabel(brand: CardBrand, last4: string): string {
  return `${brandNames[brand]} •••• ${last4}`;
}

export interface Expiry {
  /** 1 to 12. */
  month: number;
  /** Four digits. */
  year: number;
}

/** A card is good until the last day of its month, in UTC. */
export function hasExpired(expiry: Expiry, today: Date): boolean {
  return monthsLeft(expiry, today) < 0;
}

/** Whole months until the month of expiry; below zero when it is over. */
export function monthsLeft({ month, year }: Expiry, today: Date): number {
  return (year - today.getUTCFullYear()) * 12 + (month - 1 - today.getUTCMonth());
}
