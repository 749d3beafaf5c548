// Owns declared rates as they are used: every word that was left out put in, times in milliseconds.
import type { RateLimit } from '../../declaration/limits-declaration.ts';
import { milliseconds } from '../../foundation/duration.ts';

export interface RateTerms {
  name: string;
  per: RateLimit['per'];
  of: NonNullable<RateLimit['of']>;
  for: RateLimit['for'];
  most: number;
  /** As it is declared. */
  in: RateLimit['in'];
  /** The same in milliseconds, whole seconds. */
  window: number;
  kind: 'window' | 'bucket';
  away: 'open' | 'closed';
}

/** In the order of their declaration, which must be right. */
export function rateTerms(rates: { readonly [name: string]: RateLimit }): RateTerms[] {
  return Object.entries(rates).map(([name, rate]) => {
    const { per, of = 'operations', most, kind = 'window', away = 'open' } = rate;
    return { name, per, of, for: rate.for, most, in: rate.in, window: milliseconds(rate.in), kind, away };
  });
}

/** Whether each request counts, whatever it asks for. */
export function isOfRequests({ of }: Pick<RateTerms, 'of'>): boolean {
  return of === 'operations';
}

/** Whether it is known before it is known who asks. */
export function isOfStrangers(rate: Pick<RateTerms, 'of' | 'per' | 'for'>): boolean {
  const isForClaim = rate.for !== undefined && 'claim' in rate.for;
  return rate.per === 'address' && isOfRequests(rate) && !isForClaim;
}
