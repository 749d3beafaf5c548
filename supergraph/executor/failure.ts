// Owns failures as values of the data: where something could not be had, the data holds why, until projection tells it.
import type { GraphQLFormattedError } from 'graphql';
import { clientError } from '../foundation/errors.ts';

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

  /** Errors that say the same are one reason, and a few reasons are enough: every field that failed repeats them. */
  static ofAll(errors: readonly GraphQLFormattedError[]): Failure {
    const distinct = new Map(
      errors.map((error) => [`${error.extensions?.['code']} ${error.message}`, { error, below: [] }]),
    );
    return new Failure([...distinct.values()].slice(0, mostReasons));
  }

  /** Where one stands within a custom scalar, whose value is written as it is. */
  toJSON(): null {
    return null;
  }

  and(error: GraphQLFormattedError, below: Reason['below']): Failure {
    return this.reasons.length < mostReasons ? new Failure([...this.reasons, { error, below }]) : this;
  }
}

const mostReasons = 10;

/** For an answer that is not what was asked for. */
export const malformed = Failure.of(clientError('SUBGRAPH_MALFORMED').toJSON());

/** For what an answer leaves out. */
export const missing = Failure.of(clientError('SUBGRAPH_VALUE_MISSING').toJSON());

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
  const copy: JsonObject = { ...value };
  for (const key of Object.keys(copy)) {
    const inner = copy[key];
    // Not where it is not needed: a key may be called __proto__, which is its own here, and so is what is put there.
    if (typeof inner === 'object') copy[key] = copyOf(inner);
  }
  return copy as Value;
}
