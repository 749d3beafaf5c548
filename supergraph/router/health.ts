// Owns what a router says about itself to whoever runs it: alive, and ready to answer for every subgraph.
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { type SubgraphClient, subgraphOperation } from '../transport/subgraph-client.ts';

interface Waiting {
  subgraph: string;
  /** A code of the error table. */
  because: string;
}

/**
 * Serves `/health/live` (200 as long as the process answers) and `/health/ready` (503 with the subgraphs that do not
 * answer `{ __typename }`). It takes as long as the slowest client's time limit.
 */
export function serveHealth(app: FastifyInstance, clients: ReadonlyMap<string, SubgraphClient>): void {
  // Whoever asks meanwhile gets the same answer: many probes must not become many times nine requests.
  let asking: Promise<Waiting[]> | undefined;

  async function waitingFor(): Promise<Waiting[]> {
    asking ??= askAll(clients).finally(() => {
      asking = undefined;
    });
    return asking;
  }

  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const waiting = await waitingFor();
    reply.header('cache-control', 'no-store');
    if (waiting.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', waitingFor: waiting });
  });
}

async function askAll(clients: ReadonlyMap<string, SubgraphClient>): Promise<Waiting[]> {
  const answers = await Promise.all([...clients].map(([subgraph, client]) => ask(subgraph, client)));
  return answers.filter((answer) => answer !== undefined);
}

const operation = subgraphOperation('query', '{__typename}');

async function ask(subgraph: string, client: SubgraphClient): Promise<Waiting | undefined> {
  try {
    const { data } = await client({ operation, variables: '{}' }, { requestId: 'health', headers: {} });
    return typeof data?.['__typename'] === 'string' ? undefined : { subgraph, because: 'SUBGRAPH_MALFORMED' };
  } catch (error) {
    const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
    return { subgraph, because: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR' };
  }
}
