// Owns leaving a subgraph alone that keeps failing: which ends of an exchange speak against it, and who is turned away.
import { GraphQLError } from 'graphql';
import { DeadlineOver } from '../transport/deadline-over.ts';
import { AnswerTooLarge, HttpFailure } from '../transport/http-failure.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import type { Breaker, Verdict } from './breaker.ts';
import type { SubgraphCounts } from './call-counts.ts';
import type { Decorate } from './guard-subgraph.ts';
import { refused } from './refused.ts';

/** `timeout` is what the subgraph has for an exchange, in milliseconds. Who is turned away is told SUBGRAPH_SUSPENDED. */
export function withBreaker(
  breaker: Breaker | undefined,
  { timeout, counts }: { timeout: number; counts: SubgraphCounts },
): Decorate {
  if (breaker === undefined) return (client) => client;
  counts.breaker = () => breaker.state;
  return (client: SubgraphClient) => async (request, context) => {
    const round = breaker.enter();
    if (round === undefined) {
      counts.refused.suspended += 1;
      throw refused(context, 'SUBGRAPH_SUSPENDED');
    }
    try {
      const answer = await client(request, context);
      breaker.leave(round, 'good');
      return answer;
    } catch (error) {
      breaker.leave(round, verdictOn(error, timeout, context));
      throw error;
    }
  };
}

const failures: ReadonlySet<unknown> = new Set([
  'SUBGRAPH_UNAVAILABLE',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_MALFORMED',
]);
/** What is said of a question that is too long, or makes no sense: another one may be answered. */
const aboutQuestion: ReadonlySet<number> = new Set([400, 413, 414, 422, 431]);
/** Whoever is asked with less of their time than this cannot be blamed. */
const fairShare = 0.5;

/** `timeout` is the whole of their time, in milliseconds. */
export function hadFairShare({ had }: DeadlineOver, timeout: number): boolean {
  return had >= timeout * fairShare;
}

function verdictOn(error: unknown, timeout: number, { isFieldsTime }: RequestContext): Verdict {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  if (code === 'REQUEST_CANCELLED' || code === undefined) return 'unknown';
  // A refusal is an answer.
  if (!failures.has(code)) return 'good';
  const cause = error instanceof Error ? error.cause : undefined;
  // Clients choose what they ask for and how they put it: nobody may shut a subgraph for all others by that.
  if (isAboutQuestion(cause)) return 'unknown';
  if (!(cause instanceof DeadlineOver)) return 'bad';
  return isFieldsTime || !hadFairShare(cause, timeout) ? 'unknown' : 'bad';
}

function isAboutQuestion(cause: unknown): boolean {
  if (cause instanceof HttpFailure) return aboutQuestion.has(cause.status);
  return cause instanceof AnswerTooLarge;
}
