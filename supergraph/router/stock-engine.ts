// Owns running operations on @apollo/gateway, which plans and joins; how a subgraph is reached is handed in.
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { type GraphQLSchema, getOperationAST, parse, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RuleOf } from '../auth/rules/guarded-operation.ts';
import type { Bounds } from '../clients/bound-arguments.ts';
import type { Client } from '../foundation/client-version.ts';
import { clientError } from '../foundation/errors.ts';
import { maskSubgraphErrors } from '../foundation/mask-errors.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import type { BffCosts } from '../limits/cost/create-costs.ts';
import type { OperationLimits } from '../limits/operation/operation-limits.ts';
import type { MayReadSchema } from '../limits/operation/schema-readers.ts';
import {
  type RequestContext,
  type SubgraphClient,
  type SubgraphOperation,
  type SubgraphResponse,
  subgraphOperation,
} from '../transport/subgraph-client.ts';
import type { Gateway } from './engine-gateway.ts';
import { guardGateway } from './guard-gateway.ts';
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
  rules: (apiSchema: GraphQLSchema) => RuleOf;
  boundsOf: (client: Client) => Bounds | undefined;
  limits: OperationLimits;
  costs: BffCosts;
  mayReadSchema: MayReadSchema;
  log: EngineLog;
}

const rememberedOperations = 1000;

/** The gateway for Apollo Server; it loads the supergraph when the server starts, and asks no subgraph for that. */
export function createStockEngine(options: StockEngineOptions): Gateway {
  const { supergraph, clients, log, ...guards } = options;
  const { document } = stripAuthLinks(supergraph.document);
  const gateway = new ApolloGateway({
    supergraphSdl: print(document),
    logger: log,
    buildService: ({ name }) => dataSource(name, clients),
  });
  return guardGateway(gateway, { ...guards, document: supergraph.document });
}

function dataSource(name: string, clients: ReadonlyMap<string, SubgraphClient>): GraphQLDataSource {
  const operations = new LRUCache<string, SubgraphOperation, unknown>({
    max: rememberedOperations,
    memoMethod: (query) => subgraphOperation(getOperationAST(parse(query))?.operation ?? 'query', query),
  });
  return {
    async process({ request, context }) {
      const client = clients.get(name);
      if (client === undefined || request.query === undefined) throw clientError('INTERNAL_SERVER_ERROR');
      // Apollo Server hands our own context through; the gateway's types only know it as a record.
      const requestContext = context as RequestContext;
      // The gateway's texts hold one operation each, so that its name need not be sent.
      const { query, variables = {} } = request;
      const { data = null, errors } = await client(
        { operation: operations.memo(query), variables: JSON.stringify(variables) },
        requestContext,
      );
      checkEntities(data, variables);
      return errors === undefined ? { data } : { data, errors: maskSubgraphErrors(errors, query) };
    },
  };
}

// Entities are matched to what was asked for by position alone: a list of another length would mix them up.
function checkEntities(data: SubgraphResponse['data'], variables: Record<string, unknown>): void {
  const asked = variables['representations'];
  const entities = data?.['_entities'];
  if (!Array.isArray(asked) || entities === undefined || entities === null) return;
  if (Array.isArray(entities) && entities.length === asked.length) return;
  throw clientError('SUBGRAPH_MALFORMED', {
    cause: new Error(`it was asked for ${asked.length} entities and answered another list`),
  });
}
