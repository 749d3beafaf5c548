// Owns how all the stars of a product are written in one glance.

export interface Rating {
  /** 1 to 5. */
  average: number;
  count: number;
}

/** `4.2 (12)`; null while nobody has rated. */
export function ratingText(rating: Rating | null, locale: string): string | null {
  if (rating === null || rating.count === 0) return null;
  const average = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${average.format(rating.average)} (${new Intl.NumberFormat(locale).format(rating.count)})`;
}
