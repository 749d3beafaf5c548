// Owns what of an error may reach a client: the code and words of a table row, never traces, addresses or our own queries.
import { GraphQLError, type GraphQLFormattedError, Kind, parse, visit } from 'graphql';
import { clientError, type ErrorCode, errorRow } from './errors.ts';
import { speaksOfSchema } from './speaks-of-schema.ts';

/**
 * The last net before the client: an error without a known code becomes INTERNAL_SERVER_ERROR, extensions shrink to the
 * code, and messages to 1,000 characters. Apollo Server gives some of its refusals no code but HTTP status 400: those are
 * BAD_REQUEST. `original` is the error that `error` was made from.
 */
export function maskError(error: GraphQLFormattedError, original?: unknown): GraphQLFormattedError {
  const code = isRefusal(original) ? 'BAD_REQUEST' : error.extensions?.['code'];
  const row = errorRow(code);
  return {
    message:
      row?.says === 'reason'
        ? shortened(error.message)
        : clientError(row ? (code as ErrorCode) : 'INTERNAL_SERVER_ERROR').message,
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
    extensions: { code: row ? code : 'INTERNAL_SERVER_ERROR' },
  };
}

/** Names and values that a client sends can be as long as a body, and each of many errors may hold them. */
function shortened(message: string): string {
  if (message.length <= longestMessage) return message;
  // Half a character is none.
  return `${message.slice(0, longestMessage).replace(/[\uD800-\uDBFF]$/, '')} …`;
}

function isRefusal(original: unknown): boolean {
  if (!(original instanceof GraphQLError) || errorRow(original.extensions['code'])) return false;
  const http = original.extensions['http'];
  return isRecord(http) && http['status'] === 400;
}

/** Errors that a subgraph answered a query with, as clients may see them. */
export function maskSubgraphErrors(errors: readonly unknown[], query: string): GraphQLFormattedError[] {
  if (errors.length === 0) return [];
  let places: ReadonlySet<string> | undefined;
  const literals = () => {
    places ??= literalPlaces(query);
    return places;
  };
  return errors.map((error) => maskSubgraphError(error, literals));
}

/**
 * An error of a subgraph as clients may see it. Codes that the table allows subgraphs keep code and message; all
 * others become INTERNAL_SERVER_ERROR, because they speak about a query that we wrote and the client never saw.
 */
function maskSubgraphError(error: unknown, literals: () => ReadonlySet<string>): GraphQLFormattedError {
  const given = (isRecord(error) ? error : {}) as Partial<GraphQLFormattedError>;
  const text = typeof given.message === 'string' ? given.message : '';
  const code = codeForClient(given, text, literals);
  return {
    message: clientError(code, isPresentable(text) ? { reason: text } : {}).message,
    ...(Array.isArray(given.path) && { path: given.path }),
    extensions: { code },
  };
}

function codeForClient(
  error: Partial<GraphQLFormattedError>,
  message: string,
  literals: () => ReadonlySet<string>,
): ErrorCode {
  const code = error.extensions?.['code'];
  // The router hands values of custom scalars through unread, so only the subgraph notices a bad one: it is the client's.
  if (code === 'GRAPHQL_VALIDATION_FAILED' && isAbout(error.locations, literals)) return 'BAD_USER_INPUT';
  // Variables of this name are ours: a complaint about them is no mistake of the client's.
  if (message.includes('$representations')) return 'INTERNAL_SERVER_ERROR';
  return errorRow(code)?.fromSubgraphs ? (code as ErrorCode) : 'INTERNAL_SERVER_ERROR';
}

function isAbout(locations: unknown, literals: () => ReadonlySet<string>): boolean {
  return (
    Array.isArray(locations) &&
    locations.some((at: unknown) => isRecord(at) && literals().has(`${at['line']}:${at['column']}`))
  );
}

function literalPlaces(query: string): Set<string> {
  const places = new Set<string>();
  visit(parse(query), {
    enter({ kind, loc }) {
      const start = loc?.startToken;
      if (start && literalKinds.has(kind)) places.add(`${start.line}:${start.column}`);
    },
  });
  return places;
}

const literalKinds = new Set<string>([
  Kind.STRING,
  Kind.INT,
  Kind.FLOAT,
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);

const leaks = [
  /\w+:\/\//, // an address
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/, // an IPv4 address
  /\b[a-z][\w-]*(?:\.[\w-]+)*:\d{2,5}\b/i, // a host and its port
  /\n\s*at |\bnode_modules\b|(?:^|\s)\/(?:[\w.-]+\/)+[\w.-]+/, // a stack trace or a path of the machine
  /\b(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE)\w*/,
];

const longestMessage = 1000;

/** A subgraph's schema is more than a client may see, so what speaks of it instead of the request is not for clients. */
function isPresentable(message: string): boolean {
  if (message === '' || message.length > longestMessage || speaksOfSchema(message)) return false;
  return !leaks.some((leak) => leak.test(message));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
