// Owns the part of a BFF's declaration that says how subgraphs are asked when they are slow or fail; check-resilience.ts says what is wrong with one.
import type { Duration } from '../foundation/duration.ts';

/** `'20%'` */
export type Share = `${number}%`;

export interface ResiliencePolicy {
  /** For a whole exchange with the subgraph, and never longer than what is left of the request's own time; '5s' where nothing is said. */
  timeout?: Duration;
  /** Whether a query that failed is asked again; 'never' unless told. A mutation never is. */
  retry?: RetryPolicy | 'never';
  /** When a subgraph that keeps failing is left alone for a while; 'never' unless told. */
  breaker?: BreakerPolicy | 'never';
  /** How many questions it is asked at the same time; as many as there are unless told. */
  concurrency?: number | ConcurrencyPolicy;
  /** Whether a query that takes long is asked a second time beside the first; 'never' unless told. A mutation never is. */
  hedge?: HedgePolicy | 'never';
}

export interface RetryPolicy {
  /** How often it is asked at most, the first time included; 2 unless told. */
  attempts?: number;
  /** Of all that it was asked of late: how many questions may be such repetitions; '20%' unless told. */
  budget?: Share;
}

export interface BreakerPolicy {
  /** From which share of failures on it is left alone; '50%' unless told. */
  opensAt?: Share;
  /** Of how many of the last questions; 20 unless told. */
  of?: number;
  /** For how long, until one question finds out whether it answers again; '2s' unless told. */
  for?: Duration;
}

export interface ConcurrencyPolicy {
  most: number;
  /** How many may wait for their turn; as many as `most` unless told. Who comes then is told SUBGRAPH_BUSY. */
  waiting?: number;
}

export interface HedgePolicy {
  /** How long the first may take until the second is sent. */
  after: Duration;
  /** Of all that it was asked of late: how many questions may be such; '5%' unless told. */
  budget?: Share;
}

/** What is said of one field, by coordinate: it is asked for by itself then, and costs no other field anything. */
export interface FieldPolicy {
  /** Within the subgraph's own. */
  timeout?: Duration;
  /** When a field that keeps failing is no longer asked for, while others of its subgraph are; as for its subgraph unless told. */
  breaker?: BreakerPolicy | 'never';
}
