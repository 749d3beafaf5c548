// Owns how long something is believed while no changes are heard.
import { longestSilence } from '../store/bus.ts';

/**
 * When something must have been read to be true still: it may have changed since without our hearing of it. All are
 * milliseconds since 1970; `heardUntil` is the last moment up to which all changes were heard.
 */
export function horizonAt(now: number, heardUntil: number): number {
  return now - heardUntil < longestSilence ? Number.NEGATIVE_INFINITY : now - longestSilence;
}

/** Whoever asks after one moment must not join whoever began in another; see Cache. `changes` is how many there were. */
export function momentOf(changes: number, now: number, heardUntil: number): number | string {
  if (horizonAt(now, heardUntil) === Number.NEGATIVE_INFINITY) return changes;
  return `${changes} ${Math.floor((now * 2) / longestSilence)}`;
}
