// Owns how single fields fared in an answer of a subgraph: in how many of their places they are, and in how many they failed.
import { isFaultOfSubgraph } from '../../foundation/is-fault-of-subgraph.ts';
import { isRecord } from '../../foundation/is-record.ts';
import type { SubgraphResponse } from '../../transport/subgraph-client.ts';
import type { AskedDocument, Located } from './asked-document.ts';

export interface FieldOutcome {
  /** Places where it failed by a fault of the subgraph. */
  failed: number;
  /** Places where it did not. */
  had: number;
}

/** By coordinate: of those that are asked after, and of all that failed. */
export function fieldOutcomes(
  asked: AskedDocument,
  { data, errors = [] }: SubgraphResponse,
  wanted: Iterable<string>,
): Map<string, FieldOutcome> {
  const outcomes = new Map<string, FieldOutcome>();
  for (const coordinate of wanted) outcomes.set(coordinate, { failed: 0, had: 0 });
  const places = new Set<string>();
  for (const error of errors) {
    const located = locatedFault(asked, error, data);
    if (located === undefined || places.has(located.place)) continue;
    places.add(located.place);
    const outcome = outcomes.get(located.coordinate) ?? { failed: 0, had: 0 };
    outcomes.set(located.coordinate, outcome);
    outcome.failed += 1;
    // It is counted with the places that are there.
    if (located.isThere) outcome.had -= 1;
  }
  if (data && outcomes.size > 0) {
    asked.visit(data, ({ coordinate }, _, value) => {
      const outcome = outcomes.get(coordinate);
      if (outcome && value !== undefined) outcome.had += 1;
      return true;
    });
  }
  return outcomes;
}

/** undefined for an error that speaks of the request, of who asks, or of no field at all. */
function locatedFault(asked: AskedDocument, error: unknown, data: unknown): Located | undefined {
  if (!isRecord(error) || !Array.isArray(error['path'])) return undefined;
  const { extensions } = error;
  if (!isFaultOfSubgraph(isRecord(extensions) ? extensions['code'] : undefined)) return undefined;
  return asked.locate(error['path'], data);
}
