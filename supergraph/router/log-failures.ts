// Owns writing down what goes wrong between router and subgraphs: clients get codes, the log gets causes.
import { GraphQLError } from 'graphql';
import { maskSubgraphErrors } from '../foundation/mask-errors.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';

export interface FailureLog {
  warn: (message: string) => void;
  error: (message: string) => void;
}

/** Of one answer. */
const mostLogged = 20;

/** The same client, with a line in the log for each failed exchange and each error that clients do not get to read. */
export function logFailures(subgraph: string, client: SubgraphClient, log: FailureLog): SubgraphClient {
  return async (request, context) => {
    try {
      const response = await client(request, context);
      if (response.errors === undefined) return response;
      const errors = response.errors.slice(0, mostLogged);
      for (const [index, { extensions }] of maskSubgraphErrors(
        errors,
        request.operation.document,
      ).entries()) {
        if (extensions?.['code'] !== 'INTERNAL_SERVER_ERROR') continue;
        const error = errors[index];
        log.error(
          `${context.requestId}: subgraph ${subgraph} answered with an error: ${JSON.stringify(error)}`,
        );
      }
      return response;
    } catch (error) {
      const code = error instanceof GraphQLError ? error.extensions['code'] : 'no code';
      if (!context.signal?.aborted && !isNotAsked(error, code)) {
        const cause =
          error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
        log.warn(`${context.requestId}: subgraph ${subgraph} failed with ${code}${cause}`);
      }
      throw error;
    }
  };
}

/** There may be thousands a second of these: they are counted, and an opened breaker is told of once. */
function isNotAsked(error: unknown, code: unknown): boolean {
  const isRefusal = code === 'SUBGRAPH_BUSY' || code === 'SUBGRAPH_SUSPENDED';
  return isRefusal && error instanceof Error && error.cause === undefined;
}
