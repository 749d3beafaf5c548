// Owns the order in which what is said of a field is tried.
import type { Fallback } from '../declaration/fallback-words.ts';

/** Items are left out wherever it is said; that no item can be had is what is left when nothing else stands in for the list. */
export function triedInOrder(said: readonly Fallback[] = []): readonly Fallback[] {
  const isOmit = ({ kind }: Fallback): boolean => kind === 'omit';
  return [...said.filter((one) => !isOmit(one)), ...said.filter(isOmit)];
}
