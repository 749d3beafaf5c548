// Owns turning a selection into a function that writes the client's answer as JSON straight from the data:
// in the client's order and names, with null propagation and an error wherever a value is missing.
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import type { CanonicalOperation } from '../../planner/canonical/canonical-operation.ts';
import type { Denials } from '../execution.ts';
import type { JsonObject } from '../failure.ts';
import type { SharedPlaces } from '../shared-places.ts';
import { type AnswerBytes, AnswerTooLarge } from './answer-bytes.ts';
import type { Demand, FallbackRun, GoodValue, OperationFallbacks } from './fallbacks.ts';
import { ProjectionCode } from './projection-code.ts';
import { ProjectionRuntime } from './projection-runtime.ts';
import { CriticalFailure, type Findings, type StoodIn } from './stand-ins.ts';
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
export type Projection = (data: JsonObject, around: ProjectionInput) => ProjectedAnswer;

export interface ProjectionInput {
  /** JSON texts of `__schema` and `__type`, by response name. */
  introspection: Readonly<Record<string, string>>;
  /** Why fields were not asked for, by the numbers that the operation gives them. */
  denials: Denials;
  /** Where anything may stand in for fields. */
  run?: FallbackRun | undefined;
  findings?: Findings;
}

export interface OperationAnswer {
  /** The client's answer, when there are no errors and nothing stood in: `{"data":…}`. Bytes are UTF-8. */
  whole: string | Buffer;
  /** The data alone, as JSON. */
  data: string | Buffer;
  errors: GraphQLError[];
  /** What is not what was asked for, and what went wrong there. */
  degraded?: readonly StoodIn[];
}

export interface ProjectedAnswer extends OperationAnswer {
  /** What is to be found out before this is an answer. */
  demands: readonly Demand[];
  /** What is to be remembered. */
  good: readonly GoodValue[];
}

const noFindings: Findings = new Map();
const nothing = { demands: [], good: [] } as const;
const noTexts: ProjectionRuntime['introspection'] = Object.freeze({});

/** `schema` is what the client sees; at shared places the same object stands often, and its text is made once. */
export function compileProjection(
  schema: GraphQLSchema,
  { rootType, selections }: CanonicalOperation,
  places: SharedPlaces,
  answer: AnswerBytes,
  fallbacksOf?: OperationFallbacks['of'],
): Projection {
  const runtime = new ProjectionRuntime(answer);
  const { standIns } = runtime;
  const code = new ProjectionCode(schema, runtime, places, fallbacksOf);
  const root = code.objectFunction(rootType, [selections], '');
  // The code holds names of the schema, response names and numbers, all quoted; no value of a request.
  const project: (data: JsonObject, at: number, depth: number) => number = new Function(
    'R',
    'A',
    'S',
    ...Object.keys(writers),
    `'use strict';const P=R.path;${code.functions.join('')}return ${root};`,
  )(runtime, answer, standIns, ...Object.values(writers));
  return (data, { introspection, denials, run, findings = noFindings }) => {
    runtime.begin(introspection, denials);
    if (fallbacksOf) standIns.begin(run, findings);
    const start = answer.begin();
    try {
      const end = project(data, start, 0);
      const written = answer.end(end < 0 ? writeText(answer, 'null', start) : end);
      const { errors } = runtime;
      if (fallbacksOf === undefined) return { ...written, errors, ...nothing };
      const { demands, good } = standIns;
      // Null has taken everything with it.
      const degraded = end < 0 ? [] : standIns.degraded;
      return { ...written, errors, demands, good, ...(degraded.length > 0 && { degraded }) };
    } catch (error) {
      const told = fatal(error);
      if (told === undefined) throw error;
      // What was asked has been done, so this is an answer too, and not a refusal.
      const written = answer.end(writeText(answer, 'null', answer.begin()));
      return { ...written, errors: [told], ...nothing };
    } finally {
      // Whatever happens, the next answer is another client's.
      runtime.errors = [];
      // What the schema says of itself is long, and kept elsewhere or not at all.
      runtime.introspection = noTexts;
      runtime.forget();
    }
  };
}

/** Why there is no data at all. */
function fatal(error: unknown): GraphQLError | undefined {
  if (error instanceof CriticalFailure) return error.error;
  return error instanceof AnswerTooLarge ? clientError('ANSWER_TOO_LARGE') : undefined;
}
