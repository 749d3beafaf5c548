// Owns every failure that a client can see: its code, status and words; docs/errors.md explains the same rows.
import { GraphQLError } from 'graphql';

interface ErrorRow {
  /** HTTP status when the whole request fails because of it; an error beside data is answered with 200. */
  status: number;
  message: string;
  /** 'reason': the message says what was wrong with this very request; 'fixed': clients see the words below, nothing else. */
  says: 'reason' | 'fixed';
  /** Whether a subgraph may give this code to clients. */
  fromSubgraphs?: true;
}

export const errorTable = {
  BAD_REQUEST: { status: 400, says: 'reason', message: 'This is not a GraphQL request.' },
  BODY_TOO_LARGE: { status: 413, says: 'fixed', message: 'The body of the request is too large.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    says: 'reason',
    message: 'Send the request as "content-type: application/json".',
  },
  HEADERS_TOO_LARGE: { status: 431, says: 'fixed', message: 'The headers of the request are too large.' },
  REQUEST_TIMEOUT: { status: 408, says: 'fixed', message: 'The request did not come in time.' },
  ROUTE_NOT_FOUND: { status: 404, says: 'fixed', message: 'There is nothing at this address.' },
  GRAPHQL_PARSE_FAILED: { status: 400, says: 'reason', message: 'The operation is not valid GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    says: 'reason',
    message: 'The operation does not fit the schema.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    says: 'reason',
    message: 'It is not clear which operation to run.',
  },
  OPERATION_TOO_LARGE: {
    status: 400,
    says: 'reason',
    message: 'The operation selects more than can be planned.',
  },
  TOKEN_LIMIT_EXCEEDED: { status: 400, says: 'reason', message: 'The document is too long.' },
  DEPTH_LIMIT_EXCEEDED: { status: 400, says: 'reason', message: 'The operation is too deep.' },
  ALIAS_LIMIT_EXCEEDED: { status: 400, says: 'reason', message: 'The operation has too many aliases.' },
  ROOT_FIELD_LIMIT_EXCEEDED: {
    status: 400,
    says: 'reason',
    message: 'The operation asks for too much at once.',
  },
  DIRECTIVE_LIMIT_EXCEEDED: {
    status: 400,
    says: 'reason',
    message: 'The document has too many directives.',
  },
  LIST_LIMIT_EXCEEDED: { status: 400, says: 'reason', message: 'A list in the request is too long.' },
  VARIABLE_DEPTH_LIMIT_EXCEEDED: {
    status: 400,
    says: 'reason',
    message: 'A value in the request is nested too deeply.',
  },
  BATCH_LIMIT_EXCEEDED: {
    status: 400,
    says: 'reason',
    message: 'There are too many operations in this request.',
  },
  FETCH_LIMIT_EXCEEDED: {
    status: 400,
    says: 'reason',
    message: 'The operation needs too many questions to the services behind.',
  },
  COST_LIMIT_EXCEEDED: { status: 400, says: 'reason', message: 'The operation costs too much.' },
  INTROSPECTION_DISABLED: { status: 400, says: 'fixed', message: 'The schema cannot be read here.' },
  RATE_LIMITED: { status: 429, says: 'reason', message: 'There were too many requests.' },
  RATE_LIMITS_UNAVAILABLE: {
    status: 503,
    says: 'fixed',
    message: 'Whether there is room for this request cannot be found out now.',
  },
  PERSISTED_QUERY_NOT_FOUND: { status: 200, says: 'fixed', message: 'PersistedQueryNotFound' },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200, says: 'fixed', message: 'PersistedQueryNotSupported' },
  OPERATION_NOT_REGISTERED: {
    status: 400,
    says: 'fixed',
    message: 'Only registered operations are answered here.',
  },
  CLIENT_UPGRADE_REQUIRED: {
    status: 426,
    says: 'fixed',
    message: 'This version is too old to be answered: get a newer one.',
  },
  BAD_USER_INPUT: {
    status: 400,
    says: 'reason',
    message: 'A value in the request is not accepted.',
    fromSubgraphs: true,
  },
  UNAUTHENTICATED: { status: 401, says: 'reason', message: 'Sign in first.', fromSubgraphs: true },
  IDENTITY_UNAVAILABLE: {
    status: 503,
    says: 'fixed',
    message: 'Whether the token is good cannot be found out now.',
  },
  FORBIDDEN: { status: 403, says: 'reason', message: 'You may not do this.', fromSubgraphs: true },
  NOT_FOUND: { status: 404, says: 'reason', message: 'There is no such thing.', fromSubgraphs: true },
  CONFLICT: {
    status: 409,
    says: 'reason',
    message: 'Somebody else changed this meanwhile.',
    fromSubgraphs: true,
  },
  SUBGRAPH_UNAVAILABLE: {
    status: 502,
    says: 'fixed',
    message: 'The service behind this part of the answer cannot be reached.',
    fromSubgraphs: true,
  },
  SUBGRAPH_TIMEOUT: {
    status: 504,
    says: 'fixed',
    message: 'The service behind this part of the answer took too long.',
  },
  SUBGRAPH_BUSY: {
    status: 503,
    says: 'fixed',
    message: 'The service behind this part of the answer is asked too much at the moment.',
  },
  SUBGRAPH_SUSPENDED: {
    status: 503,
    says: 'fixed',
    message:
      'The service behind this part of the answer has failed too often, and is left alone for a moment.',
  },
  SUBGRAPH_MALFORMED: {
    status: 502,
    says: 'fixed',
    message: 'The service behind this part of the answer gave no usable answer.',
  },
  SUBGRAPH_VALUE_MISSING: {
    status: 502,
    says: 'fixed',
    message: 'The service behind this part of the answer left out what it must have.',
  },
  PLANNING_TIMEOUT: {
    status: 400,
    says: 'fixed',
    message: 'Working out how to answer this operation takes too long.',
  },
  PLANNING_FAILED: { status: 500, says: 'fixed', message: 'It could not be worked out how to answer this.' },
  PLANNER_OVERLOADED: {
    status: 503,
    says: 'fixed',
    message: 'Too many new operations have come at once.',
  },
  ANSWER_TOO_LARGE: { status: 400, says: 'fixed', message: 'The answer is larger than can be sent.' },
  REQUEST_CANCELLED: { status: 499, says: 'fixed', message: 'Nobody waits for the answer any more.' },
  INTERNAL_SERVER_ERROR: { status: 500, says: 'fixed', message: 'Something went wrong on our side.' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** The row of a code, or undefined when clients must not see that code. */
export function errorRow(code: unknown): ErrorRow | undefined {
  return typeof code === 'string' && Object.hasOwn(errorTable, code)
    ? errorTable[code as ErrorCode]
    : undefined;
}

/** An error that clients may see as it is. The cause is for the log only. */
export function clientError(
  code: ErrorCode,
  options: { reason?: string; cause?: unknown } = {},
): GraphQLError {
  const row: ErrorRow = errorTable[code];
  const error = new GraphQLError((row.says === 'reason' && options.reason) || row.message, {
    extensions: { code },
  });
  if (options.cause !== undefined) error.cause = options.cause;
  return error;
}

/** The body of a failure that happens outside of a GraphQL operation, in GraphQL's shape. */
export function errorBody(
  code: ErrorCode,
  reason?: string,
): { errors: [{ message: string; extensions: object }] } {
  const { message } = clientError(code, reason === undefined ? {} : { reason });
  return { errors: [{ message, extensions: { code } }] };
}
