// Owns putting what a subgraph answered, or failed to answer, into the data.
import { Failure, isObject, type JsonObject, malformed, missing } from './failure.ts';
import type { FetchShape } from './fetch-shape.ts';
import type { TypeNames } from './type-names.ts';

/**
 * Takes over what the shape knows. What is there already is kept where the answer has nothing, lists of one length are
 * merged item by item; lists of different lengths cannot be told apart, so what they would have added has failed.
 */
export function mergeAnswer(
  target: JsonObject,
  answer: JsonObject,
  shape: FetchShape,
  types: TypeNames,
): void {
  for (const [key, inner] of shape) {
    const value = answer[key];
    const present = target[key];
    if (value === undefined || typeof value === 'function') {
      if (present === undefined || typeof present === 'function') continue;
      if (inner) failFields(target, new Map([[key, inner]]), missing, types);
    } else if (present === undefined || present === null || present instanceof Failure) {
      // A null that is answered is an answer, also where another road to it had failed.
      if (present === undefined || !(value instanceof Failure)) target[key] = value;
    } else if (value === null) {
      // Another subgraph knows it.
    } else if (inner === null) {
      if (key === '__typename' && types.isObjectType(present) && !types.isObjectType(value)) continue;
      if (!(value instanceof Failure)) target[key] = value;
    } else {
      mergeInner(present, value, inner, types);
    }
  }
}

function mergeInner(present: unknown, value: unknown, shape: FetchShape, types: TypeNames): void {
  if (value instanceof Failure) {
    failInside(present, shape, value, types);
  } else if (Array.isArray(present)) {
    if (!Array.isArray(value) || value.length !== present.length) {
      failInside(present, shape, malformed, types);
      return;
    }
    for (const [index, item] of value.entries()) {
      const there: unknown = present[index];
      if (there === null || there === undefined || there instanceof Failure) present[index] = item ?? there;
      else mergeInner(there, item, shape, types);
    }
  } else if (isObject(present) && isObject(value)) {
    if (present !== value) mergeAnswer(present, value, shape, types);
  } else if (value !== null) {
    failInside(present, shape, malformed, types);
  }
}

/** Puts a failure wherever the shape promises something and nothing is there. */
export function failFields(target: JsonObject, shape: FetchShape, failure: Failure, types: TypeNames): void {
  for (const [key, inner] of shape) {
    // An object that was to say what it is below an interface does not say it now.
    if (key === '__typename' && !types.isObjectType(target[key])) target[key] = failure;
    const present = target[key];
    if (present === undefined || typeof present === 'function') target[key] = failure;
    else if (inner) failInside(present, inner, failure, types);
  }
}

function failInside(present: unknown, shape: FetchShape, failure: Failure, types: TypeNames): void {
  if (Array.isArray(present)) {
    for (const item of present) failInside(item, shape, failure, types);
  } else if (isObject(present)) {
    failFields(present, shape, failure, types);
  }
}
