// Owns running operations on @apollo/gateway, which plans and joins; how a subgraph is reached is handed in.
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, type GraphQLFormattedError, print } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import { maskSubgraphError } from '../foundation/mask-errors.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import { stripAuthLinks } from './strip-auth-links.ts';

export interface EngineLog {
  debug: (message: string) => void;
  info: (message: string) => void;
  warn: (message: string) => void;
  error: (message: string) => void;
}

interface StockEngineOptions {
  supergraph: SupergraphFacts;
  clients: ReadonlyMap<string, SubgraphClient>;
  log: EngineLog;
}

/** The gateway for Apollo Server; it loads the supergraph when the server starts, and asks no subgraph for that. */
export function createStockEngine({ supergraph, clients, log }: StockEngineOptions): ApolloGateway {
  const { document, stripped } = stripAuthLinks(supergraph.document);
  if (stripped.length > 0) {
    const directives = stripped.map((spec) => `@${spec}`).join(', ');
    log.info(
      `This router leaves ${directives} to the subgraphs: it hands tokens on and enforces nothing itself.`,
    );
  }
  return new ApolloGateway({
    supergraphSdl: print(document),
    logger: log,
    buildService: ({ name }) => dataSource(name, clients, log),
  });
}

function dataSource(
  name: string,
  clients: ReadonlyMap<string, SubgraphClient>,
  log: EngineLog,
): GraphQLDataSource {
  return {
    async process({ request, context }) {
      const client = clients.get(name);
      if (client === undefined || request.query === undefined) throw clientError('INTERNAL_SERVER_ERROR');
      // Apollo Server hands our own context through; the gateway's types only know it as a record.
      const requestContext = context as RequestContext;
      const { query, variables, operationName } = request;
      try {
        const { data = null, errors } = await client({ query, variables, operationName }, requestContext);
        if (errors === undefined) return { data };
        return {
          data,
          errors: errors.map((error) => {
            const forClient = maskSubgraphError(error, query);
            logUnexpected(forClient, error, name, requestContext, log);
            return forClient;
          }),
        };
      } catch (error) {
        logFailure(error, name, requestContext, log);
        throw error;
      }
    },
  };
}

function logUnexpected(
  forClient: GraphQLFormattedError,
  error: unknown,
  name: string,
  { requestId }: RequestContext,
  log: EngineLog,
): void {
  if (forClient.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR') return;
  log.error(`${requestId}: subgraph ${name} answered with an error: ${JSON.stringify(error)}`);
}

function logFailure(error: unknown, name: string, { requestId }: RequestContext, log: EngineLog): void {
  const code = error instanceof GraphQLError ? error.extensions['code'] : 'no code';
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  log.warn(`${requestId}: subgraph ${name} failed with ${code}${cause}`);
}
