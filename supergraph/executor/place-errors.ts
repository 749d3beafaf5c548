// Owns an answer's errors on their way into the data: each where it belongs, or kept for the end when it has no place.
import { type Answer, type Execution, mostUnplaced } from './execution.ts';
import { Failure, type JsonObject } from './failure.ts';
import type { FetchShape } from './fetch-shape.ts';
import { markErrors, markWhereEmpty } from './mark-errors.ts';

/** The data with each failure in its place, or the one failure of everything. */
export function placeErrors(answer: Answer, shape: FetchShape, execution: Execution): JsonObject | Failure {
  if (answer instanceof Failure) return answer;
  const { data, errors } = answer;
  if (data === null) return Failure.ofAll(errors);
  if (errors.length === 0) return data;
  const unplaced = markErrors(data, errors, shape);
  if (unplaced.length > 0 && !markWhereEmpty(data, unplaced, shape)) {
    // A path that led nowhere in our own fetch means nothing to a client.
    execution.unplaced.push(...unplaced.slice(0, mostUnplaced).map(({ path: _, ...error }) => error));
  }
  return data;
}
