// Owns asking a subgraph for what is not kept: what came for each place, and whether it can be kept.
import { GraphQLError } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import { isFaultOfSubgraph } from '../foundation/is-fault-of-subgraph.ts';
import { isRecord } from '../foundation/is-record.ts';
import { maskSubgraphErrors } from '../foundation/mask-errors.ts';
import type {
  RequestContext,
  SubgraphClient,
  SubgraphRequest,
  SubgraphResponse,
} from '../transport/subgraph-client.ts';
import { errorAt, type Place, type Sheet } from './sheet.ts';
import { readTerms, type SubgraphTerms } from './subgraph-terms.ts';

/** What came of asking. */
export interface Asked {
  outcomes: Map<Place, Outcome>;
  /** What the subgraph says of keeping it. */
  terms: SubgraphTerms;
  /** That belong to no place, as the subgraph wrote them. */
  unplaced: readonly unknown[];
  /** The answer as it came, where there is no data in it. */
  empty?: SubgraphResponse;
}

export type Outcome =
  | { kind: 'answered'; value: unknown }
  /** With errors in it or instead of it, which are as the subgraph wrote them but for their paths; or with failures of ours. */
  | {
      kind: 'flawed';
      value: unknown;
      errors: readonly unknown[];
      failures: readonly GraphQLError[];
      isSubgraphsFault: boolean;
    }
  /** In words for clients. */
  | { kind: 'failed'; error: GraphQLError; isSubgraphsFault: boolean };

/** Rejects only when the request was given up. */
export async function askSubgraph(
  client: SubgraphClient,
  { sheet, places, whole }: { sheet: Sheet; places: readonly Place[]; whole: SubgraphRequest },
  given: RequestContext,
): Promise<Asked> {
  const headers = new Map<string, string>();
  const context: RequestContext = {
    ...given,
    answerHeader(name, value) {
      const key = name.toLowerCase();
      const before = headers.get(key);
      headers.set(key, before === undefined ? value : `${before}, ${value}`);
      given.answerHeader?.(name, value);
    },
  };
  const outcomes = new Map<Place, Outcome>();
  const failAll = (error: GraphQLError, isSubgraphsFault: boolean): Asked => {
    for (const place of places) outcomes.set(place, { kind: 'failed', error, isSubgraphsFault });
    return { outcomes, terms: readTerms(headers), unplaced: [] };
  };
  try {
    const empty = await client(sheet.requestFor(places, whole), context);
    const { data, errors = [], failures = [] } = empty;
    if (isRecord(data)) {
      return { terms: readTerms(headers), ...read(sheet, places, { data, errors, failures }, outcomes) };
    }
    const [first] = maskSubgraphErrors(errors.slice(0, 1), whole.operation.document);
    const { message, extensions = {} } = first ?? clientError('SUBGRAPH_MALFORMED').toJSON();
    const isSubgraphsFault = errors.length === 0 || errors.some((error) => isFaultOfSubgraph(codeOf(error)));
    return { ...failAll(new GraphQLError(message, { extensions }), isSubgraphsFault), empty };
  } catch (error) {
    if (given.signal?.aborted) throw error;
    const known =
      error instanceof GraphQLError ? error : clientError('INTERNAL_SERVER_ERROR', { cause: error });
    return failAll(known, isFaultOfSubgraph(known.extensions['code']));
  }
}

interface UsableAnswer {
  data: Record<string, unknown>;
  errors: readonly unknown[];
  failures: readonly GraphQLError[];
}

function read(
  sheet: Sheet,
  places: readonly Place[],
  { data, errors, failures }: UsableAnswer,
  outcomes: Map<Place, Outcome>,
): Pick<Asked, 'outcomes' | 'unplaced'> {
  const unplaced: unknown[] = [];
  const flaws = new Map<Place, unknown[]>();
  const own = new Map<Place, GraphQLError[]>();
  /** By response name, in the order in which they were asked for. */
  const asked = new Map<string, Place[]>();
  for (const place of places) {
    const name = String(sheet.pathOf(place)[0]);
    asked.set(name, [...(asked.get(name) ?? []), place]);
  }
  /** The places that an answer's path speaks of, and what it says of each; a list that is missing is all of its places. */
  function placed(path: readonly unknown[]): { among: readonly Place[]; below: readonly unknown[] } {
    const [name, row, ...rest] = path;
    const inList = asked.get(String(name)) ?? [];
    const isList = inList[0] !== undefined && sheet.pathOf(inList[0]).length === 2;
    if (!isList) return { among: inList.slice(0, 1), below: path.slice(1) };
    if (path.length === 1) return { among: inList, below: [] };
    return { among: typeof row === 'number' ? inList.slice(row, row + 1) : [], below: rest };
  }
  for (const error of errors) {
    const path = isRecord(error) && Array.isArray(error['path']) ? error['path'] : [];
    const { among, below } = placed(path);
    const [place] = among;
    // Whoever says of entities that all of them failed does not say which.
    if (place === undefined || (sheet.isOfEntities && path.length === 1)) {
      unplaced.push(error);
      continue;
    }
    const moved = { ...(error as object), path: [...sheet.pathOf(place), ...below] };
    flaws.set(place, [...(flaws.get(place) ?? []), moved]);
  }
  for (const failure of failures) {
    const { among, below } = placed(failure.path ?? []);
    for (const place of among) {
      const path = [...sheet.pathOf(place), ...(below as (string | number)[])];
      own.set(place, [...(own.get(place) ?? []), errorAt(failure, path)]);
    }
  }
  const malformed = clientError('SUBGRAPH_MALFORMED');
  for (const [name, inOrder] of asked) {
    const answered = data[name];
    for (const [index, place] of inOrder.entries()) {
      const isList = sheet.pathOf(place).length === 2;
      const isUsable = !isList || (Array.isArray(answered) && answered.length === inOrder.length);
      const value: unknown = isList && isUsable ? (answered as unknown[])[index] : answered;
      const flawed = flaws.get(place);
      const failed = own.get(place) ?? [];
      const [missing] = failed;
      if (missing && !isUsable) {
        outcomes.set(place, { kind: 'failed', error: missing, isSubgraphsFault: true });
      } else if (!isUsable && !flawed && unplaced.length === 0) {
        outcomes.set(place, { kind: 'failed', error: malformed, isSubgraphsFault: true });
      } else if (flawed || missing || unplaced.length > 0) {
        const told = [...(flawed ?? unplaced), ...failed];
        const isSubgraphsFault = told.some((error) => isFaultOfSubgraph(codeOf(error)));
        outcomes.set(place, {
          kind: 'flawed',
          value: isUsable ? value : null,
          errors: flawed ?? [],
          failures: failed,
          isSubgraphsFault,
        });
      } else {
        outcomes.set(place, { kind: 'answered', value });
      }
    }
  }
  return { outcomes, unplaced };
}

function codeOf(error: unknown): unknown {
  const extensions = isRecord(error) ? error['extensions'] : undefined;
  return isRecord(extensions) ? extensions['code'] : undefined;
}
