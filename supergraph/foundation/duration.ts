// Owns durations as they are written in declarations ('800ms', '5s') and their meaning in milliseconds.

const unitsInMilliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsInMilliseconds;

export type Duration = `${number}${Unit}`;

/** Milliseconds of a duration, or undefined when the text is none. Zero is no duration: nothing can be done in it. */
export function parseDuration(text: unknown): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(text)) ?? [];
  if (amount === undefined) return undefined;
  const milliseconds = Number(amount) * unitsInMilliseconds[unit as Unit];
  return milliseconds >= 1 ? Math.round(milliseconds) : undefined;
}

/** Says so of a value, with an example of each unit; without a full stop. */
export function noDuration(value: unknown): string {
  return `${JSON.stringify(value)} is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'`;
}

/** Milliseconds of a duration; throws a RangeError when the text is none. */
export function milliseconds(duration: Duration): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new RangeError(`${noDuration(duration)}.`);
  return parsed;
}
