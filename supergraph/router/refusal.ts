// Owns the answer to a request that is refused before anything of it is run, in a form that the client takes for GraphQL's.
import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLError } from 'graphql';
import { clientError, errorRow } from '../foundation/errors.ts';
import type { HttpAnswer } from './handle-request.ts';

/** The error is one of the table, and its status is that of the answer. */
export function refusal(
  { message, extensions: { http: _, ...extensions } }: GraphQLError,
  { headers: { accept } }: { headers: IncomingHttpHeaders },
  headers: readonly (readonly [name: string, value: string])[] = [],
): HttpAnswer {
  // Clients take JSON with an error's status for GraphQL only under the type that says so.
  const isKnown = accept?.includes('application/graphql-response+json') ?? false;
  const type = isKnown ? 'application/graphql-response+json' : 'application/json';
  return {
    status: errorRow(extensions['code'])?.status ?? 500,
    headers: [['content-type', `${type}; charset=utf-8`], ['cache-control', 'no-store'], ...headers],
    body: JSON.stringify({ errors: [{ message, extensions }] }),
  };
}

/** Of somebody of whom it is not known who it is. */
export function refusalOfStranger(
  error: GraphQLError,
  request: { headers: IncomingHttpHeaders },
): HttpAnswer {
  if (error.extensions['code'] !== 'UNAUTHENTICATED')
    return refusal(clientError('IDENTITY_UNAVAILABLE'), request);
  return refusal(error, request, [['www-authenticate', 'Bearer error="invalid_token"']]);
}
