// Owns running what views ask: on our engine directly, on the stock one through the server that knows it.
import type { ApolloServer } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import { maskError } from '../foundation/mask-errors.ts';
import type { BffViews, RunOperation } from '../views/create-views.ts';
import type { Engine } from './engine.ts';
import type { ServerContext } from './handle-request.ts';

export interface ViewsSurroundings {
  /** It has started. */
  server: ApolloServer<ServerContext>;
  /** What clients see. */
  schema: GraphQLSchema;
  engine: Pick<Engine, 'run' | 'warm'> | undefined;
  log: {
    warn: (details: object, message: string) => void;
    error: (details: object, message: string) => void;
  };
}

/** From now on views can ask. Throws a StartupProblem when what they would ask does not fit what clients see. */
export async function connectViews(views: BffViews, surroundings: ViewsSurroundings): Promise<void> {
  const { schema, engine, server, log } = surroundings;
  const texts = views.connect(schema, engine ? onEngine(engine, log) : onServer(server));
  for (const { operation, error } of (await engine?.warm(texts)) ?? []) {
    log.warn({ err: error }, `there is no plan for the operation ${operation} of the views`);
  }
}

function onEngine(engine: Pick<Engine, 'run'>, log: ViewsSurroundings['log']): RunOperation {
  return async ({ document, definition, variables }, context) => {
    try {
      const answer = await engine.run({
        ...{ document, operation: definition, variables, context },
        isWithin: true,
      });
      // Where it stands in what the view makes of it, nobody can tell.
      for (const { path: _, error: __, ...one } of answer.degraded ?? []) context.stoodIn?.push(one);
      const errors = answer.errors.map((error) => maskError(error.toJSON(), error));
      return { data: JSON.parse(answer.data.toString()), errors };
    } catch (error) {
      if (!(error instanceof GraphQLError) || context.signal?.aborted) throw error;
      if (error.cause !== undefined)
        log.error({ err: error.cause }, `${context.requestId}: ${error.message}`);
      return { data: null, errors: [maskError(error.toJSON(), error)] };
    }
  };
}

function onServer(server: ApolloServer<ServerContext>): RunOperation {
  return async ({ document, variables }, context) => {
    const { body } = await server.executeOperation({ query: document, variables }, { contextValue: context });
    context.signal?.throwIfAborted();
    if (body.kind !== 'single') throw clientError('INTERNAL_SERVER_ERROR');
    const { data, errors = [] } = body.singleResult;
    return { data, errors };
  };
}
