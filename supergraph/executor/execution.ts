// Owns what one execution of an operation carries from fetch to fetch.
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import { maskSubgraphErrors } from '../foundation/mask-errors.ts';
import type { RawAnswer } from '../transport/raw-answer.ts';
import type {
  RequestContext,
  SubgraphClient,
  SubgraphOperation,
  SubgraphRequest,
  SubgraphResponse,
} from '../transport/subgraph-client.ts';
import { Failure, type JsonObject } from './failure.ts';

export interface Execution {
  /** Filled by the fetches, under canonical names. */
  data: JsonObject;
  /** JSON texts by canonical name; a variable that the client left out is not there. */
  variables: ReadonlyMap<string, string>;
  /** The client's names of variables by canonical name. */
  variableNames: ReadonlyMap<string, string>;
  context: RequestContext;
  /** Where equal entities are one object: all of them, by path. */
  shared: Map<string, readonly JsonObject[]>;
  /** Errors that no place in the data could be found for. */
  unplaced: GraphQLFormattedError[];
  /** The client's whole answer, where it may be a subgraph's as it came, and is. */
  raw?: RawAnswer;
}

/** Why fields of an operation were not asked for, by the numbers that it gives them. */
export type Denials = readonly (Denial | undefined)[];

/** In words that clients may see. */
export interface Denial {
  code: string;
  message: string;
}

/** Of those that have no place in the data: how many of them an answer tells is declared, and is no more than this. */
export const mostUnplaced = 10_000;

/** Of one answer of a subgraph: each has its place in the data, whether the client is told of it or not. */
const mostPlaced = 20_000;

/** One step of a compiled plan. Rejects only when the whole execution is over, because its request was given up. */
export type Step = (execution: Execution) => Promise<void>;

export type Answer = AnsweredData | Failure;

interface AnsweredData {
  data: JsonObject | null;
  errors: readonly GraphQLFormattedError[];
  /** See SubgraphResponse. */
  isShared: boolean;
}

/** Asks a subgraph; errors come in the words that clients may see, and a failed exchange comes as a Failure. */
export async function ask(
  client: SubgraphClient,
  request: SubgraphRequest,
  execution: Execution,
): Promise<Answer> {
  const { context } = execution;
  let response: SubgraphResponse;
  try {
    response = await client(request, context);
  } catch (error) {
    if (context.signal?.aborted) throw error;
    return Failure.of(
      (error instanceof GraphQLError
        ? error
        : clientError('INTERNAL_SERVER_ERROR', { cause: error })
      ).toJSON(),
    );
  }
  const { data = null, errors, failures, raw, isShared = false } = response;
  if (raw) execution.raw = raw;
  const told = errors ? errorsForClient(errors, request.operation, execution) : [];
  return { data, errors: failures ? [...told, ...failures.map((error) => error.toJSON())] : told, isShared };
}

function errorsForClient(
  errors: readonly unknown[],
  { document }: SubgraphOperation,
  execution: Execution,
): GraphQLFormattedError[] {
  return maskSubgraphErrors(errors.slice(0, mostPlaced), document).map((error) => ({
    ...error,
    message: inClientsWords(error.message, execution),
  }));
}

/** Variables have names of ours in what subgraphs are asked. */
function inClientsWords(message: string, { variableNames }: Execution): string {
  return message.replace(/\$(v\d+)\b/g, (all, name: string) => {
    const client = variableNames.get(name);
    return client === undefined ? all : `$${client}`;
  });
}

/** The JSON text of the variables object: those that the operation uses, after what comes first. */
export function variablesText(first: string, names: readonly string[], execution: Execution): string {
  let text = first;
  for (const name of names) {
    const value = execution.variables.get(name);
    if (value !== undefined) text += `${text === '' ? '' : ','}"${name}":${value}`;
  }
  return `{${text}}`;
}
