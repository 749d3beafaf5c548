// Owns the status of an answer of which nothing was run, where a gateway gives the reason to Apollo Server.
import type { GraphQLError } from 'graphql';
import { errorRow } from '../foundation/errors.ts';

/** Nothing was run, so the whole request has the status that the table gives the error. */
export function withStatus(error: GraphQLError): GraphQLError {
  const row = errorRow(error.extensions['code']);
  if (row) Object.assign(error.extensions, { http: { status: row.status } });
  return error;
}
