// Owns telling which keys of a declaration there are not, with the one that was probably meant.
import { didYouMean } from '../foundation/suggest.ts';

/** Sentences; `at` is where the value stands, `identity.` or empty. */
export function unknownKeys(value: unknown, known: readonly string[], at: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${at.slice(0, -1)}: must be an object.`];
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${at}${key}: there is no such key.${didYouMean(key, known)}`);
}
