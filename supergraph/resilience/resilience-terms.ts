// Owns what a declaration's policy means in numbers, and what holds where it says nothing.
import type { BreakerPolicy, ResiliencePolicy, Share } from '../declaration/resilience-declaration.ts';
import { type Duration, milliseconds } from '../foundation/duration.ts';
import type { BreakerTerms } from './breaker.ts';
import type { BulkheadTerms } from './with-bulkhead.ts';
import type { HedgeTerms } from './with-hedge.ts';
import type { RetryTerms } from './with-retry.ts';

export interface ResilienceTerms {
  /** Milliseconds for a whole exchange. */
  timeout: number;
  retry?: RetryTerms | undefined;
  breaker?: BreakerTerms | undefined;
  bulkhead?: BulkheadTerms | undefined;
  hedge?: HedgeTerms | undefined;
}

/** What a policy that is declared leaves unsaid. Nobody has a policy that is not declared, but for the timeouts. */
export const policyDefaults = {
  requestTimeout: '30s',
  timeout: '5s',
  retry: { attempts: 2, budget: '20%' },
  breaker: { opensAt: '50%', of: 20, for: '2s' },
  hedge: { budget: '5%' },
} as const;

/** Of a declaration that was checked. `most` is how many milliseconds a whole request may take. */
export function resilienceTerms(policy: ResiliencePolicy, most: number): ResilienceTerms {
  const { timeout, retry, breaker, concurrency, hedge } = policy;
  return {
    timeout: Math.min(milliseconds(timeout ?? policyDefaults.timeout), most),
    retry: retry === undefined || retry === 'never' ? undefined : retryTerms(retry),
    breaker: breakerTerms(breaker),
    bulkhead: bulkheadTerms(concurrency),
    hedge: hedge === undefined || hedge === 'never' ? undefined : hedgeTerms(hedge),
  };
}

/** Milliseconds that a whole request may take. */
export function requestTimeout({ timeout }: { timeout?: Duration }): number {
  return milliseconds(timeout ?? policyDefaults.requestTimeout);
}

/** undefined where nothing is ever left alone. */
export function breakerTerms(policy: BreakerPolicy | 'never' | undefined): BreakerTerms | undefined {
  if (policy === undefined || policy === 'never') return undefined;
  const all = { ...policyDefaults.breaker, ...policy };
  return { opensAt: shareOf(all.opensAt), of: all.of, for: milliseconds(all.for) };
}

function retryTerms(policy: Exclude<ResiliencePolicy['retry'], 'never' | undefined>): RetryTerms {
  const { attempts, budget } = { ...policyDefaults.retry, ...policy };
  return { attempts, budget: shareOf(budget) };
}

function bulkheadTerms(policy: ResiliencePolicy['concurrency']): BulkheadTerms | undefined {
  if (policy === undefined) return undefined;
  const { most, waiting = most } = typeof policy === 'number' ? { most: policy } : policy;
  return { most, waiting };
}

function hedgeTerms(policy: Exclude<ResiliencePolicy['hedge'], 'never' | undefined>): HedgeTerms {
  const { after, budget } = { ...policyDefaults.hedge, ...policy };
  return { after: milliseconds(after), budget: shareOf(budget) };
}

function shareOf(share: Share): number {
  return Number.parseFloat(share) / 100;
}
