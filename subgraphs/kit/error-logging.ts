// Owns what a subgraph logs of an error: of the database's, all but the values they carry.
import { GraphQLError } from 'graphql';
import { type DatabaseError, errorSentence, isDatabaseError } from './error-sentence.ts';

const deepestCause = 5;

interface DescribedError {
  /** Log lines may hold anything. */
  [detail: string]: unknown;
  /** The class. */
  type: string;
  message: string;
  /** Of errors that are not the database's with the message, of the others the frames alone. */
  stack: string;
  code?: unknown;
  table?: string | undefined;
  column?: string | undefined;
  constraint?: string | undefined;
  routine?: string | undefined;
  cause?: DescribedError | undefined;
  errors?: DescribedError[] | undefined;
}

/** For a log line: pino's serializer of errors. What is thrown and no Error is told by its type. */
function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'something was thrown that is no Error', stack: '' };
  // Its message is that of what a resolver threw.
  if (error instanceof GraphQLError && error.originalError) return describeError(error.originalError, depth);
  const described = isDatabaseError(error) ? describeDatabaseError(error) : describeOther(error);
  if (depth === deepestCause) return described;
  const { cause } = error;
  const errors = error instanceof AggregateError ? error.errors : [];
  return {
    ...described,
    ...(cause instanceof Error && { cause: describeError(cause, depth + 1) }),
    ...(errors.length > 0 && { errors: errors.map((one) => describeError(one, depth + 1)) }),
  };
}

function describeOther(error: Error): DescribedError {
  return {
    type: error.constructor.name,
    message: error.message,
    stack: error.stack ?? '',
    ...('code' in error && { code: error.code }),
  };
}

function describeDatabaseError(error: DatabaseError): DescribedError {
  const { code, table, column, constraint, routine } = error;
  const frames = framesOf(error);
  return {
    type: error.constructor.name,
    message: errorSentence(error),
    stack: frames,
    code,
    table,
    column,
    constraint,
    routine,
  };
}

/** The message comes first in a stack, and may itself have lines that look like frames. */
function framesOf({ message, stack = '' }: Error): string {
  const at = stack.indexOf(message);
  if (at < 0) return '';
  const lines = stack.slice(at + message.length).split('\n');
  return lines.filter((line) => /^\s+at /.test(line)).join('\n');
}

interface LogHooks {
  serializers: { err: (error: unknown) => DescribedError };
  hooks: { logMethod: (args: unknown[], log: (...args: unknown[]) => void) => void };
}

/** Options of pino: without the hook it would take an error's message for that of the line. */
export const errorLogging: LogHooks = {
  serializers: { err: describeError },
  hooks: {
    logMethod(args, log) {
      const [first, ...others] = args;
      if (first instanceof Error)
        log.call(this, { err: first }, ...(others.length > 0 ? others : [errorSentence(first)]));
      else log.apply(this, args);
    },
  },
};
