// Owns asking a subgraph again when it could not be had: who may, how often, and after which pause.
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { GraphQLError } from 'graphql';
import { DeadlineOver, timeLeft } from '../transport/deadline-over.ts';
import { HttpFailure } from '../transport/http-failure.ts';
import type {
  RequestContext,
  SubgraphClient,
  SubgraphRequest,
  SubgraphResponse,
} from '../transport/subgraph-client.ts';
import { Attempt } from './attempt.ts';
import { Budget } from './budget.ts';
import type { SubgraphCounts } from './call-counts.ts';
import type { Decorate } from './guard-subgraph.ts';
import { Waiting } from './waiting.ts';

export interface RetryTerms {
  /** The first included. */
  attempts: number;
  /** Which share of the questions of late may be repetitions. */
  budget: number;
}

interface Surroundings {
  counts: SubgraphCounts;
  /** Whether the subgraph is left alone at the moment. */
  isSuspended: () => boolean;
}

/** Milliseconds; a subgraph that is asked now and then may be asked twice all the same. */
const budgetWindow = 10_000;
const budgetFloor = 1;
/** Pauses that differ, so that those who failed together do not come back together; about so many milliseconds at first. */
const pauses = new ExponentialBackoff<unknown>({ initialDelay: 25, maxDelay: 1000 });

/** Queries alone. Rejects with what came first when there is not enough time, or budget, for another attempt. */
export function withRetry(terms: RetryTerms | undefined, surroundings: Surroundings): Decorate {
  if (terms === undefined) return (client) => client;
  const budget = new Budget({ share: terms.budget, floor: budgetFloor, window: budgetWindow });
  return (client: SubgraphClient) => (request, context) => {
    // Who is turned away asks nothing, and earns nothing.
    if (!surroundings.isSuspended()) budget.note();
    if (request.operation.kind !== 'query') return client(request, context);
    return ask({ ...surroundings, client, attempts: terms.attempts, budget }, request, context);
  };
}

interface Asking extends Surroundings {
  client: SubgraphClient;
  attempts: number;
  budget: Budget;
}

async function ask(
  { client, attempts, budget, counts, isSuspended }: Asking,
  request: SubgraphRequest,
  context: RequestContext,
): Promise<SubgraphResponse> {
  let backoff: IBackoff<unknown> | undefined;
  for (let left = attempts - 1; ; left -= 1) {
    const attempt = new Attempt(context);
    try {
      const answer = await client(request, attempt.context);
      attempt.counts();
      return answer;
    } catch (error) {
      const isTooLate = left <= 0 || context.signal?.aborted === true || isSuspended();
      const told = isTooLate ? undefined : worthWaiting(error);
      if (told !== undefined) backoff = backoff ? backoff.next(undefined) : pauses.next();
      const pause = (told ?? 0) + (backoff?.duration ?? 0);
      if (told === undefined || pause >= timeLeft(context) || !budget.take()) {
        attempt.counts();
        throw error;
      }
      await paused(pause, context);
      // Others may have found out meanwhile that it is of no use.
      if (isSuspended()) {
        attempt.counts();
        throw error;
      }
      counts.retries += 1;
    }
  }
}

/** For how many milliseconds at least; undefined where another attempt would fare no better. */
function worthWaiting(error: unknown): number | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  const { extensions, cause } = error;
  const told = cause instanceof HttpFailure ? cause.retryAfter : undefined;
  switch (extensions['code']) {
    case 'SUBGRAPH_UNAVAILABLE':
      return told ?? 0;
    case 'SUBGRAPH_TIMEOUT':
      return cause instanceof DeadlineOver ? undefined : 0;
    // It was asked too much; only if it says when it may be asked more.
    case 'SUBGRAPH_BUSY':
      return told;
    default:
      return undefined;
  }
}

/** Rejects as Waiting does. */
async function paused(milliseconds: number, context: RequestContext): Promise<void> {
  const waiting = new Waiting(context);
  const timer = setTimeout(() => waiting.end(), milliseconds);
  try {
    await waiting.begin();
  } finally {
    clearTimeout(timer);
  }
}
