// Owns the rates of one BFF: what each request falls under, and what there is to tell about all of them.
import type { GraphQLSchema } from 'graphql';
import type { LimitsDeclaration } from '../../declaration/limits-declaration.ts';
import type { Client } from '../../foundation/client-version.ts';
import type { Counters } from '../../store/counters.ts';
import { createMemoryCounters } from '../../store/memory-counters.ts';
import { type ChargeOf, createChargeOf } from './charge.ts';
import { RateCounts, type RateLog } from './rate-counts.ts';
import { createKeyOf } from './rate-key.ts';
import { isOfRequests, isOfStrangers, type RateTerms, rateTerms } from './rate-terms.ts';
import { type Due, type RatedBy, RatedRequest } from './rated-request.ts';

export interface RatesOptions {
  bff: string;
  declared: LimitsDeclaration['rates'];
  /** Those of all replicas, where there are others. */
  counters: Counters | undefined;
  /** Of all replicas: keys cannot be tried out without it. */
  secret: string | undefined;
  /** What clients see; asked when the first operation comes. */
  schema: () => GraphQLSchema;
  log: RateLog;
}

export interface Rates {
  /** For one that has just come. */
  begin: (client: Client, address: () => string) => RatedRequest;
  chargeOf: ChargeOf;
  /** Whether each request may count, whatever it asks for. */
  isOfAll: boolean;
  /** In Prometheus' text format. */
  metrics: () => string;
}

/** undefined where nothing is declared: then nothing is counted. */
export function createRates(options: RatesOptions): Rates | undefined {
  const { bff, declared = {}, counters, secret, schema, log } = options;
  const terms = rateTerms(declared);
  if (terms.length === 0) return undefined;
  const names = terms.map(({ name }) => name);
  const counts = new RateCounts(bff, names, { log, now: () => performance.now() });
  const by: RatedBy = {
    terms,
    ofStrangers: terms.filter(isOfStrangers).map(once),
    ofRequests: terms.filter(isOfRequests).map(once),
    keyOf: createKeyOf(bff, secret),
    shared: counters,
    own: createMemoryCounters(),
    counts,
  };
  return {
    begin: (client, address) => new RatedRequest(by, client, address),
    chargeOf: createChargeOf(terms, schema),
    isOfAll: terms.some(({ of }) => of === 'operations' || of === 'cost'),
    metrics: () => counts.text(),
  };
}

function once(rate: RateTerms): Due {
  return { rate, points: 1 };
}
