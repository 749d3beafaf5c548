// Owns the chance of a mock: a number for each text, another for each seed.
import { createHash } from 'node:crypto';

/** A whole number of 32 bits; the same for the same seed and text, in every process. */
export function numberFrom(seed: number, text: string): number {
  return createHash('sha256').update(`${seed} ${text}`).digest().readUInt32BE();
}
