// Owns the time that whoever asks has left, and telling its end from that of a subgraph's own.
import type { GraphQLError } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import type { RequestContext } from './subgraph-client.ts';

/** Why there is no answer: not because the subgraph took longer than it may. */
export class DeadlineOver extends Error {
  /** Milliseconds that the subgraph had. */
  readonly had: number;

  constructor(had: number) {
    super(`the request's own time was over, of which ${Math.floor(had)} ms were left`);
    this.had = had;
  }
}

/** Milliseconds; none or fewer when it is over. */
export function timeLeft({ deadline }: RequestContext): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : deadline - performance.now();
}

/** SUBGRAPH_TIMEOUT. */
export function deadlineOver(had = 0): GraphQLError {
  return clientError('SUBGRAPH_TIMEOUT', { cause: new DeadlineOver(had) });
}

/** Within less nothing comes back. */
export const leastTime = 1;
