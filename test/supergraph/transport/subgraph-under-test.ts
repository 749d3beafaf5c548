// Asks a raw server as a subgraph, over connections of its own, for tests of the HTTP client.
import { GraphQLError } from 'graphql';
import { createConnections, createHttpClient } from '../../../supergraph/transport/http-client.ts';
import {
  type RequestContext,
  type SubgraphOperation,
  type SubgraphResponse,
  subgraphOperation,
} from '../../../supergraph/transport/subgraph-client.ts';

interface Options {
  url: string;
  timeout?: number;
  maxAnswerSize?: number;
  forward?: readonly string[];
  perOrigin?: number;
}

export interface SubgraphUnderTest {
  ask: (options?: {
    kind?: SubgraphOperation['kind'];
    variables?: string;
    raw?: boolean;
    context?: Partial<RequestContext>;
  }) => Promise<SubgraphResponse>;
  stop: () => Promise<void>;
}

export function subgraphAt({ perOrigin, ...options }: Options): SubgraphUnderTest {
  const connections = createConnections(perOrigin === undefined ? {} : { perOrigin });
  const client = createHttpClient({ timeout: 5000, forward: [], dispatcher: connections, ...options });
  return {
    ask: ({ kind = 'query', variables = '{}', raw, context = {} } = {}) =>
      client(
        {
          operation: subgraphOperation(kind, kind === 'query' ? '{ a }' : `${kind} { a }`),
          variables,
          ...(raw !== undefined && { raw }),
        },
        { requestId: 'r', headers: {}, ...context },
      ),
    stop: () => connections.destroy(),
  };
}

/** The code with which it is refused; 'answered' when it is not. */
export async function codeOf(asking: Promise<unknown>): Promise<unknown> {
  try {
    await asking;
    return 'answered';
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions['code'] : error;
  }
}
