// Owns the one line of a product's card that says whether it can be had, and what it takes to have it sent.
import type { Wording } from './formats.ts';
import { spokenLocale } from './languages.ts';
import { type Money, priceText } from './price-text.ts';
import { type Availability, stockLabel } from './stock-label.ts';

export interface DeliveryOption {
  /** Working days. */
  minDays: number;
  maxDays: number;
  price: Money;
}

export interface Sending {
  availability: Availability | null;
  /** The cheapest first. */
  deliveryOptions: readonly DeliveryOption[] | null;
}

/** `2–4 days, €3.90`, `2–4 days, €3.90 · Only a few left`, `Sold out`; null where nothing can be said. */
export function sendingText({ availability, deliveryOptions }: Sending, wording: Wording): string | null {
  const stock = stockLabel(availability, wording.locale);
  // What is not here is not sent.
  if (availability === 'BACKORDER' || availability === 'OUT_OF_STOCK') return stock;
  const [cheapest] = deliveryOptions ?? [];
  const parts = [cheapest === undefined ? null : way(cheapest, wording), stock];
  return parts.filter((part) => part !== null).join(' · ') || null;
}

function way({ minDays, maxDays, price }: DeliveryOption, wording: Wording): string {
  const days = wording.formats.number(spokenLocale(wording.locale), {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
  });
  const time = minDays === maxDays ? days.format(maxDays) : days.formatRange(minDays, maxDays);
  return `${time}, ${priceText(price, wording)}`;
}
