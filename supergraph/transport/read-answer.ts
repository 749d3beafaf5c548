// Owns telling a usable answer of a subgraph from anything else that may come back over HTTP.

import { clientError, type ErrorCode } from '../foundation/errors.ts';
import { isRecord } from '../foundation/is-record.ts';
import { HttpFailure } from './http-failure.ts';
import type { SubgraphResponse } from './subgraph-client.ts';

/** Whoever says one of these, and no data, has not looked at the question; what is said beside it is not about the question. */
const notNow: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * `retryAfter` is the header of this name. Throws SUBGRAPH_UNAVAILABLE, SUBGRAPH_TIMEOUT, SUBGRAPH_BUSY, SUBGRAPH_MALFORMED,
 * UNAUTHENTICATED or FORBIDDEN when it is no answer in GraphQL.
 */
export function readAnswer(text: string, status: number, retryAfter?: string): SubgraphResponse {
  const answer = parseJson(text);
  // A failed request may still explain itself in GraphQL; success without that is only believed with status 200.
  const isUsable = isGraphQLAnswer(answer) && (answer.errors !== undefined || status === 200);
  if (isUsable && (answer.data || !notNow.has(status))) return answer;
  if (status === 401) throw clientError('UNAUTHENTICATED');
  if (status === 403) throw clientError('FORBIDDEN');
  throw clientError(codeFor(status), { cause: new HttpFailure(status, text, retryAfter) });
}

function codeFor(status: number): ErrorCode {
  if (status === 429) return 'SUBGRAPH_BUSY';
  if (status === 504) return 'SUBGRAPH_TIMEOUT';
  return status >= 500 ? 'SUBGRAPH_UNAVAILABLE' : 'SUBGRAPH_MALFORMED';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isGraphQLAnswer(answer: unknown): answer is SubgraphResponse {
  if (!isRecord(answer)) return false;
  const { data, errors } = answer;
  if (errors !== undefined && (!Array.isArray(errors) || errors.length === 0)) return false;
  if (data === undefined || data === null) return errors !== undefined;
  return isRecord(data);
}
