// Owns how long something is believed while no changes are heard.

/** Milliseconds: who has not heard of changes for longer does not know any more what is true. */
const longestSilence = 900;

/**
 * When something must have been read to be true still: it may have changed since without our hearing of it. All are
 * milliseconds since 1970; `heardUntil` is the last moment up to which all changes were heard.
 */
export function horizonAt(now: number, heardUntil: number): number {
  return now - heardUntil < longestSilence ? Number.NEGATIVE_INFINITY : now - longestSilence;
}
