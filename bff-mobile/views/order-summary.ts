// Owns how what was bought is said in one line.

export interface Line {
  /** As the product was called when it was bought. */
  productName: string;
}

/** `Enamel Saucepan +2`: the first product, and how many others; null for an order of nothing. */
export function orderSummary([first, ...others]: readonly Line[]): string | null {
  if (first === undefined) return null;
  return others.length === 0 ? first.productName : `${first.productName} +${others.length}`;
}
