// Owns how repeated measurements become one figure: the median, with the least and the most beside it.

export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Undefined for no values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1
      ? (sorted[Math.floor(middle)] ?? min)
      : ((sorted[middle - 1] ?? min) + (sorted[middle] ?? max)) / 2;
  return { median, min, max };
}

/** Of one side to another, round by round, so that what disturbed a round disturbs both sides of its ratio. */
export function ratioOf(side: readonly number[], to: readonly number[]): Spread | undefined {
  return spreadOf(
    side.flatMap((value, round) => {
      const other = to[round];
      return other === undefined || other === 0 ? [] : [value / other];
    }),
  );
}
