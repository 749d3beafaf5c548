// Owns how all the stars of a product are written in one glance.
import type { Wording } from './formats.ts';

export interface Rating {
  /** 1 to 5. */
  average: number;
  count: number;
}

/** `4.2 (12)`; null while nobody has rated. */
export function ratingText(rating: Rating | null, { locale, formats }: Wording): string | null {
  if (rating === null || rating.count === 0) return null;
  const average = formats.number(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${average.format(rating.average)} (${formats.number(locale).format(rating.count)})`;
}
