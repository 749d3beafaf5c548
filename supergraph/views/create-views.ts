// Owns the subgraph that a BFF's views are: made of their schema and resolvers, run inside the router, asking through it.
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { Cancellation } from '../foundation/cancellation.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { anonymous } from '../foundation/viewer.ts';
import { viewsSubgraph } from '../foundation/views-subgraph.ts';
import { createInProcessClient, type ResolverContext } from '../transport/in-process-client.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import { acceptedLocale } from './accepted-locale.ts';
import type { Ask } from './define-views.ts';
import type { LoadedViews } from './load-views.ts';
import { ownFields } from './own-fields.ts';
import { type ViewOperation, viewOperations } from './view-documents.ts';
import { type Surroundings, type ViewLog, viewsSchema } from './views-schema.ts';

export interface ViewsOptions {
  bff: string;
  views: LoadedViews;
  supergraph: SupergraphFacts;
  /** Milliseconds since 1970. */
  now: () => number;
  log: ViewLog;
}

/** Runs an operation as whoever the context is of had sent it; `errors` are fit for clients. Rejects when it was given up. */
export type RunOperation = (
  operation: ViewOperation & { variables: Readonly<Record<string, unknown>> },
  context: RequestContext,
) => Promise<{ data: unknown; errors: readonly GraphQLFormattedError[] }>;

export interface BffViews {
  /** The name of the subgraph. */
  subgraph: string;
  /** Asks them as any other subgraph is asked; milliseconds for an answer. */
  client: (timeout: number) => SubgraphClient;
  /**
   * What they ask must fit what clients see, and is run by the router. Gives the texts of what they may ask; throws a
   * StartupProblem with all that does not fit.
   */
  connect: (clientSchema: GraphQLSchema, run: RunOperation) => readonly string[];
}

/** Throws a StartupProblem with everything in which schema, resolvers and supergraph do not agree. */
export async function createViews(options: ViewsOptions): Promise<BffViews> {
  const { bff, views, supergraph, now, log } = options;
  const subgraph = viewsSubgraph(bff);
  if (!supergraph.subgraphs.has(subgraph)) {
    throw new StartupProblem(
      `The supergraph of the BFF "${bff}" knows nothing of the views in ${views.from}: run "npm run compose".`,
    );
  }
  const own = ownFields(supergraph, subgraph);
  const schema = await viewsSchema(views, own, log);
  const ownRoots = new Set(own.flatMap(({ type, field }) => (type === 'Query' ? [field] : [])));
  let operations: ReadonlyMap<string, ViewOperation> = new Map();
  let runOperation: RunOperation | undefined;

  function askFor(context: ResolverContext): Ask {
    return async <Data>(name: string, variables: Readonly<Record<string, unknown>> = {}) => {
      const operation = operations.get(name);
      if (operation === undefined || runOperation === undefined) {
        const known = [...operations.keys()].join(', ') || 'nothing';
        throw new Error(`Views asked for "${name}", but ${views.from}/documents has ${known}.`);
      }
      const signal = new Cancellation();
      const give = (): void => signal.abort(context.signal.reason);
      if (context.signal.aborted) give();
      signal.throwIfAborted();
      context.signal.addEventListener('abort', give);
      try {
        const { data, errors } = await runOperation({ ...operation, variables }, { ...context, signal });
        return { data: (data ?? null) as Data | null, errors };
      } finally {
        context.signal.removeEventListener('abort', give);
      }
    };
  }

  function contextValue(context: ResolverContext): Surroundings {
    const { viewer = anonymous, headers, signal, requestId } = context;
    const locale = acceptedLocale(headers['accept-language']);
    const field = { viewer, locale, now: new Date(now()), signal, requestId };
    return { field, root: { ...field, ask: askFor(context) } };
  }

  return {
    subgraph,
    client: (timeout) => createInProcessClient({ schema, timeout, contextValue }),
    connect(clientSchema, run) {
      operations = viewOperations(views.documents, clientSchema, ownRoots);
      runOperation = run;
      return views.documents.map(({ text }) => text);
    },
  };
}
