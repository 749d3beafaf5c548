// Owns turning a selection into a function that writes the client's answer as JSON straight from the data:
// in the client's order and names, with null propagation and an error wherever a value is missing.
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import type { CanonicalOperation } from '../../planner/canonical/canonical-operation.ts';
import type { Denials } from '../execution.ts';
import type { JsonObject } from '../failure.ts';
import type { SharedPlaces } from '../shared-places.ts';
import { type AnswerBytes, AnswerTooLarge } from './answer-bytes.ts';
import { ProjectionCode } from './projection-code.ts';
import { ProjectionRuntime } from './projection-runtime.ts';
import { write8, write16, write24 } from './write-constant.ts';
import { writeAgain, writeBoolean, writeInt, writeString, writeText } from './write-json.ts';

/** What generated code calls. */
const writers = {
  write8,
  write16,
  write24,
  writeAgain,
  writeBoolean,
  writeInt,
  writeString,
  writeText,
};

/** `json` is `null` when a missing value took the whole answer with it. */
export type Projection = (
  data: JsonObject,
  introspection: Readonly<Record<string, string>>,
  denials: Denials,
) => OperationAnswer;

export interface OperationAnswer {
  /** The client's answer, when there are no errors: `{"data":…}`. Bytes are UTF-8. */
  whole: string | Buffer;
  /** The data alone, as JSON. */
  data: string | Buffer;
  errors: GraphQLError[];
}

/** `schema` is what the client sees; at shared places the same object stands often, and its text is made once. */
export function compileProjection(
  schema: GraphQLSchema,
  { rootType, selections }: CanonicalOperation,
  places: SharedPlaces,
  answer: AnswerBytes,
): Projection {
  const runtime = new ProjectionRuntime();
  const code = new ProjectionCode(schema, runtime, places);
  const root = code.objectFunction(rootType, [selections], '');
  // The code holds names of the schema, response names and numbers, all quoted; no value of a request.
  const project: (data: JsonObject, at: number, depth: number) => number = new Function(
    'R',
    'A',
    ...Object.keys(writers),
    `'use strict';const P=R.path;${code.functions.join('')}return ${root};`,
  )(runtime, answer, ...Object.values(writers));
  return (data, introspection, denials) => {
    runtime.begin(introspection, denials);
    const start = answer.begin();
    try {
      const end = project(data, start, 0);
      const written = answer.end(end < 0 ? writeText(answer, 'null', start) : end);
      return { ...written, errors: runtime.errors };
    } catch (error) {
      if (!(error instanceof AnswerTooLarge)) throw error;
      // What was asked has been done, so this is an answer too, and not a refusal.
      const written = answer.end(writeText(answer, 'null', answer.begin()));
      return { ...written, errors: [clientError('ANSWER_TOO_LARGE')] };
    } finally {
      // Whatever happens, the next answer is another client's.
      runtime.errors = [];
      runtime.forget();
    }
  };
}
