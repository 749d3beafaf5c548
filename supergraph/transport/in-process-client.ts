// Owns asking a subgraph that runs inside this process: question and answer are those of HTTP, the way between is not.
import { type DocumentNode, execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Cancellation } from '../foundation/cancellation.ts';
import { clientError } from '../foundation/errors.ts';
import { deadlineOver, leastTime, timeLeft } from './deadline-over.ts';
import { tellAnswerHeaders } from './forwarded-headers.ts';
import type { RequestContext, SubgraphClient, SubgraphRequest, SubgraphResponse } from './subgraph-client.ts';

interface InProcessClientOptions {
  schema: GraphQLSchema;
  /** Milliseconds until the answer is given up, if the request's own time is not over before; resolvers that never yield are waited for all the same. */
  timeout: number;
  /** Makes what resolvers get as their context, or a promise of it. */
  contextValue?: (context: ResolverContext) => unknown;
  /** Documents whose parsed form is kept, the latest used. */
  remembered?: number;
}

/** `signal` aborts when nobody waits for the resolvers any more, in time or not. */
export type ResolverContext = Omit<RequestContext, 'signal'> & { signal: AbortSignal };

type Prepared = { document: DocumentNode } | { refusal: SubgraphResponse };

/**
 * Rejects with SUBGRAPH_TIMEOUT, REQUEST_CANCELLED or, when the subgraph cannot be run at all, INTERNAL_SERVER_ERROR;
 * failures of resolvers are in the answer. An answer shares nothing with what resolvers returned.
 */
export function createInProcessClient(options: InProcessClientOptions): SubgraphClient {
  const { schema, timeout, contextValue, remembered = 500 } = options;
  const documents = new LRUCache<string, Prepared, unknown>({
    max: remembered,
    memoMethod: (text) => prepare(schema, text),
  });

  async function run(
    { operation, variables }: SubgraphRequest,
    context: RequestContext,
    signal: AbortSignal,
  ) {
    const prepared = documents.memo(operation.document);
    if ('refusal' in prepared) return prepared.refusal;
    const result = await execute({
      schema,
      document: prepared.document,
      variableValues: JSON.parse(variables),
      contextValue: await contextValue?.({ ...context, signal }),
    });
    // Without data nothing ran: a variable was not what it should be, and that is for the client to know.
    const code = result.data === undefined ? 'BAD_USER_INPUT' : undefined;
    const { data, errors } = result;
    return asOverHttp({
      ...(data !== undefined && { data }),
      ...(errors !== undefined && { errors: withCode(errors, code) }),
    });
  }

  return async (request, context) => {
    let answer: SubgraphResponse | undefined;
    try {
      const left = timeLeft(context);
      if (left < leastTime) throw deadlineOver();
      const patience = Math.min(timeout, left);
      // What resolvers ask for in turn must be there before.
      const inner = { ...context, deadline: performance.now() + patience };
      answer = await inTime(patience, context.signal, (signal) => run(request, inner, signal));
      return answer;
    } finally {
      tellAnswerHeaders(context, {}, answer);
    }
  };
}

function prepare(schema: GraphQLSchema, text: string): Prepared {
  try {
    const document = parse(text);
    const errors = validate(schema, document);
    if (errors.length === 0) return { document };
    return { refusal: asOverHttp({ errors: withCode(errors, 'GRAPHQL_VALIDATION_FAILED') }) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { refusal: asOverHttp({ errors: withCode([error], 'GRAPHQL_PARSE_FAILED') }) };
  }
}

function withCode(errors: readonly GraphQLError[], code: string | undefined): object[] {
  return errors.map((error) => {
    const formatted = error.toJSON();
    if (code === undefined) return formatted;
    return { ...formatted, extensions: { code, ...formatted.extensions } };
  });
}

// Dates and the like become what a client could have read, and values that resolvers keep are not ours to change.
function asOverHttp(answer: object): SubgraphResponse {
  return JSON.parse(JSON.stringify(answer));
}

async function inTime(
  timeout: number,
  outer: Cancellation | undefined,
  run: (signal: AbortSignal) => Promise<SubgraphResponse>,
): Promise<SubgraphResponse> {
  if (outer?.aborted) throw clientError('REQUEST_CANCELLED');
  const inner = new AbortController();
  let end = (): void => {};
  const givenUp = new Promise<never>((_, reject) => {
    const giveUp = (code: 'SUBGRAPH_TIMEOUT' | 'REQUEST_CANCELLED'): void => {
      const error = clientError(code);
      reject(error);
      inner.abort(error);
    };
    const timer = setTimeout(giveUp, timeout, 'SUBGRAPH_TIMEOUT');
    const waiting = { cancel: () => giveUp('REQUEST_CANCELLED') };
    outer?.add(waiting);
    end = () => {
      clearTimeout(timer);
      outer?.delete(waiting);
    };
  });
  const running = run(inner.signal).catch((cause: unknown) => {
    throw clientError('INTERNAL_SERVER_ERROR', { cause });
  });
  try {
    return await Promise.race([running, givenUp]);
  } finally {
    end();
  }
}
