// Owns the order in which a subgraph's policies stand around the client that asks it.
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { Breaker } from './breaker.ts';
import { type CallCounts, counted } from './call-counts.ts';
import type { ResilienceTerms } from './resilience-terms.ts';
import { withBreaker } from './with-breaker.ts';
import { withBulkhead } from './with-bulkhead.ts';
import { withHedge } from './with-hedge.ts';
import { withRetry } from './with-retry.ts';

/** The same client with something around it. */
export type Decorate = (client: SubgraphClient) => SubgraphClient;

interface GuardOptions {
  subgraph: string;
  terms: ResilienceTerms;
  counts: CallCounts;
  log: { warn: (message: string) => void };
}

/** `timedOut` makes the client within, which takes no longer than so many milliseconds for a whole exchange. */
export function guardSubgraph(
  timedOut: (milliseconds: number) => SubgraphClient,
  { subgraph, terms, counts: allCounts, log }: GuardOptions,
): SubgraphClient {
  const { timeout } = terms;
  const counts = allCounts.of(subgraph);
  const breaks =
    terms.breaker && new Breaker(terms.breaker, { changed: (state) => log.warn(sayings[state](subgraph)) });
  const isSuspended = () => breaks?.refuses ?? false;
  const bulkhead = withBulkhead(terms.bulkhead, counts);
  const retry = withRetry(terms.retry, { counts, isSuspended });
  const hedge = withHedge(terms.hedge, { counts, isSuspended });
  const breaker = withBreaker(breaks, { timeout, counts });
  // What is kept stands before all of it (cache/): what is not asked for is not held against anybody.
  return bulkhead(retry(hedge(breaker(counted(timedOut(timeout), counts)))));
}

const sayings = {
  open: (subgraph: string) =>
    `subgraph ${subgraph} has failed too often, and is left alone until it answers again`,
  closed: (subgraph: string) => `subgraph ${subgraph} answers again`,
};
