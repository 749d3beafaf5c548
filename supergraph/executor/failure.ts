// Owns failures as values of the data: where something could not be had, the data holds why, until projection tells it.
import type { GraphQLFormattedError } from 'graphql';
import { clientError, type ErrorCode } from '../foundation/errors.ts';

/** One thing that went wrong at some place, or below it. */
export interface Reason {
  error: GraphQLFormattedError;
  /** From the place of the failure to where it happened, in response names of the data; often empty. */
  below: readonly (string | number)[];
}

/** Stands in the data where a value should be. Without reasons: nothing is there, and nobody is to blame. */
export class Failure {
  readonly reasons: readonly Reason[];

  constructor(reasons: readonly Reason[] = []) {
    this.reasons = reasons;
  }

  static of(error: GraphQLFormattedError): Failure {
    return new Failure([{ error, below: [] }]);
  }

  static withCode(code: ErrorCode): Failure {
    return Failure.of(clientError(code).toJSON());
  }

  and(error: GraphQLFormattedError, below: Reason['below']): Failure {
    return new Failure([...this.reasons, { error, below }]);
  }
}

/** For an entity that its subgraph does not know. */
export const absent = new Failure();

export type JsonObject = Record<string, unknown>;

/** Objects of the data that fields can be read from: no lists, no failures. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Failure);
}

/** A value with objects and lists of its own; failures stay the same. */
export function copyOf<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (!isObject(value)) return value;
  // Not by assignment: a key may be called __proto__.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)])) as Value;
}
