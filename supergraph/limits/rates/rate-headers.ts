// Owns what clients are told about rates: the fields of the IETF's draft (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After.
import type { RateTerms } from './rate-terms.ts';

/** What has become of a request under one rate. */
export interface RateState {
  rate: Pick<RateTerms, 'name' | 'most' | 'window'>;
  isAllowed: boolean;
  remaining: number;
  /** Milliseconds; see Taken. */
  wait: number;
}

/** Several states of the same rate are told as the worst of them. Nothing without any. */
export function rateHeaders(states: readonly RateState[]): (readonly [name: string, value: string])[] {
  if (states.length === 0) return [];
  const worst = new Map<string, RateState>();
  for (const state of states) {
    const known = worst.get(state.rate.name);
    if (known === undefined || isWorse(state, known)) worst.set(state.rate.name, state);
  }
  const all = [...worst.values()];
  const refused = all.filter(({ isAllowed }) => !isAllowed);
  const lines: [string, string][] = [
    [
      'ratelimit-policy',
      all.map(({ rate }) => `"${rate.name}";q=${rate.most};w=${rate.window / 1000}`).join(', '),
    ],
    [
      'ratelimit',
      all.map(({ rate, remaining, wait }) => `"${rate.name}";r=${remaining};t=${seconds(wait)}`).join(', '),
    ],
  ];
  // Who comes back before the last of them has room is refused again.
  if (refused.length > 0) lines.push(['retry-after', String(Math.max(...refused.map(secondsUntil)))]);
  return lines;
}

/** From 1 on: what is less than a second is one to clients, who would ask again at once. */
function secondsUntil({ wait }: Pick<RateState, 'wait'>): number {
  return Math.max(1, seconds(wait));
}

function seconds(wait: number): number {
  return Math.ceil(wait / 1000);
}

function isWorse(one: RateState, other: RateState): boolean {
  if (one.isAllowed !== other.isAllowed) return !one.isAllowed;
  if (one.remaining !== other.remaining) return one.remaining < other.remaining;
  return one.wait > other.wait;
}
