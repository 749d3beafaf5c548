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
import type { Place, Sheet } from './sheet.ts';
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
  /** With errors in it or instead of it, which are as the subgraph wrote them but for their paths. */
  | { kind: 'flawed'; value: unknown; errors: readonly unknown[]; isSubgraphsFault: boolean }
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
    const { data, errors = [] } = empty;
    if (isRecord(data)) return { terms: readTerms(headers), ...read(sheet, places, data, errors, outcomes) };
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

function read(
  sheet: Sheet,
  places: readonly Place[],
  data: Record<string, unknown>,
  errors: readonly unknown[],
  outcomes: Map<Place, Outcome>,
): Pick<Asked, 'outcomes' | 'unplaced'> {
  const unplaced: unknown[] = [];
  const flaws = new Map<Place, unknown[]>();
  /** By response name, in the order in which they were asked for. */
  const asked = new Map<string, Place[]>();
  for (const place of places) {
    const name = String(sheet.pathOf(place)[0]);
    asked.set(name, [...(asked.get(name) ?? []), place]);
  }
  for (const error of errors) {
    const path = isRecord(error) && Array.isArray(error['path']) ? error['path'] : [];
    const [name, row, ...rest] = path as unknown[];
    const inList = asked.get(String(name)) ?? [];
    const isList = inList[0] !== undefined && sheet.pathOf(inList[0]).length === 2;
    const place = isList ? (typeof row === 'number' ? inList[row] : undefined) : inList[0];
    if (place === undefined) {
      unplaced.push(error);
      continue;
    }
    const below = isList ? rest : path.slice(1);
    const moved = { ...(error as object), path: [...sheet.pathOf(place), ...below] };
    flaws.set(place, [...(flaws.get(place) ?? []), moved]);
  }
  const malformed = clientError('SUBGRAPH_MALFORMED');
  for (const [name, inOrder] of asked) {
    const answered = data[name];
    for (const [index, place] of inOrder.entries()) {
      const isList = sheet.pathOf(place).length === 2;
      const isUsable = !isList || (Array.isArray(answered) && answered.length === inOrder.length);
      const value: unknown = isList && isUsable ? (answered as unknown[])[index] : answered;
      const flawed = flaws.get(place);
      if (!isUsable && !flawed && unplaced.length === 0) {
        outcomes.set(place, { kind: 'failed', error: malformed, isSubgraphsFault: true });
      } else if (flawed || unplaced.length > 0) {
        const told = flawed ?? unplaced;
        const isSubgraphsFault = told.some((error) => isFaultOfSubgraph(codeOf(error)));
        outcomes.set(place, {
          kind: 'flawed',
          value: isUsable ? value : null,
          errors: flawed ?? [],
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
