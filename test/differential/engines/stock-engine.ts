// Owns answering operations by @apollo/gateway, planning and joining as it comes, over the world's subgraphs.
import { ApolloGateway } from '@apollo/gateway';
import { type GraphQLFormattedError, Kind, parse } from 'graphql';
import { subgraphOperation } from '../../../supergraph/transport/subgraph-client.ts';
import type { PreparedWorld } from '../graph/prepare-world.ts';
import { subgraphClients } from '../graph/subgraph-clients.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

type Executor = Awaited<ReturnType<ApolloGateway['load']>>['executor'];

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function stockEngine(prepared: PreparedWorld): Promise<EngineUnderTest> {
  const { clients, runs } = subgraphClients(prepared);
  const plans = new Map<string, unknown>();
  const gateway = new ApolloGateway({
    supergraphSdl: prepared.supergraphSdl,
    logger: silent,
    buildService: ({ name = '' }) => ({
      async process({ request, context }) {
        const { query = '', variables = {} } = request;
        const operation = subgraphOperation('query', query);
        const answer = await clients.get(name)?.(
          { operation, variables: JSON.stringify(variables) },
          context as { requestId: string; headers: Record<string, string> },
        );
        return (answer ?? { data: null }) as Awaited<
          ReturnType<import('@apollo/gateway').GraphQLDataSource['process']>
        >;
      },
    }),
    experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) => {
      plans.set((requestContext.context as { requestId: string }).requestId, queryPlan);
    },
  });
  const { executor } = await gateway.load({});
  let count = 0;
  return {
    name: 'stock',
    async run({ source, variables, run }) {
      count += 1;
      const requestId = `stock-${count}`;
      const exchanges: Parameters<typeof runs.set>[1]['exchanges'] = [];
      runs.set(requestId, { run, exchanges });
      try {
        const document = parse(source);
        const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
        const result = await executor({
          request: { query: source, variables, http: undefined },
          document,
          operation,
          operationName: null,
          source,
          queryHash: source,
          context: { requestId, headers: {} },
          metrics: {},
          logger: silent,
          overallCachePolicy: {},
        } as unknown as Parameters<Executor>[0]);
        const { data = null, errors = [], extensions } = JSON.parse(JSON.stringify(result));
        const completion = (extensions?.valueCompletion ?? []) as GraphQLFormattedError[];
        return { data, errors: [...errors, ...completion], exchanges, plan: plans.get(requestId) };
      } finally {
        runs.delete(requestId);
        plans.delete(requestId);
      }
    },
    close: () => gateway.stop(),
  };
}
