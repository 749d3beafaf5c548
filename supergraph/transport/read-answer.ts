// Owns telling a usable answer of a subgraph from anything else that may come back over HTTP.

import { clientError } from '../foundation/errors.ts';
import { isRecord } from '../foundation/is-record.ts';
import type { SubgraphResponse } from './subgraph-client.ts';

/** Throws SUBGRAPH_UNAVAILABLE, SUBGRAPH_MALFORMED, UNAUTHENTICATED or FORBIDDEN when it is no answer in GraphQL. */
export function readAnswer(text: string, status: number): SubgraphResponse {
  const answer = parseJson(text);
  // A failed request may still explain itself in GraphQL; success without that is only believed with status 200.
  if (isGraphQLAnswer(answer) && (answer.errors !== undefined || status === 200)) return answer;
  if (status === 401) throw clientError('UNAUTHENTICATED');
  if (status === 403) throw clientError('FORBIDDEN');
  const code = status >= 500 ? 'SUBGRAPH_UNAVAILABLE' : 'SUBGRAPH_MALFORMED';
  throw clientError(code, { cause: new Error(`HTTP ${status}: ${text.slice(0, 200)}`) });
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
