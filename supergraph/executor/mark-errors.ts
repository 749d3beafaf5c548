// Owns finding the place of each error in a subgraph's answer: there the data shall hold the failure, not an empty null.
import type { GraphQLFormattedError } from 'graphql';
import { Failure, isObject, type JsonObject } from './failure.ts';
import type { FetchShape } from './fetch-shape.ts';

/**
 * Replaces each null that an error explains by that failure. Gives back the errors that explain nothing: those without
 * a path, with a path that leads nowhere, or to something that is there after all.
 */
export function markErrors(
  data: JsonObject,
  errors: readonly GraphQLFormattedError[],
  shape: FetchShape,
): GraphQLFormattedError[] {
  return errors.filter((error) => !mark(data, error, shape));
}

function mark(data: JsonObject, error: GraphQLFormattedError, root: FetchShape): boolean {
  const { path } = error;
  if (!Array.isArray(path)) return false;
  let place: unknown = data;
  let shape: FetchShape | null | undefined = root;
  for (const [depth, step] of path.entries()) {
    if (Array.isArray(place)) {
      if (typeof step !== 'number' || !(step in place)) return false;
    } else {
      if (typeof step !== 'string' || !isObject(place) || !shape?.has(step)) return false;
      shape = shape.get(step);
    }
    const holder = place as Record<string | number, unknown>;
    const value = Object.hasOwn(holder, step) ? holder[step] : undefined;
    if (value === null || value === undefined || value instanceof Failure) {
      const before = value instanceof Failure ? value : new Failure();
      holder[step] = before.and(error, path.slice(depth + 1));
      return true;
    }
    place = value;
  }
  return false;
}

/** Puts errors without a place where the answer has nothing at all; false when everything that was asked for is there. */
export function markWhereEmpty(
  data: JsonObject,
  errors: readonly GraphQLFormattedError[],
  shape: FetchShape,
): boolean {
  const failure = Failure.ofAll(errors);
  let found = false;
  for (const key of shape.keys()) {
    const value = Object.hasOwn(data, key) ? data[key] : undefined;
    if (value === null || value === undefined) {
      data[key] = failure;
      found = true;
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (item !== null) continue;
        value[index] = failure;
        found = true;
      }
    }
  }
  return found;
}
