// Owns talking to one subgraph over HTTP: headers, time limit, and telling a usable answer from anything else.
import { Agent, type Dispatcher } from 'undici';
import { clientError } from '../foundation/errors.ts';
import type { RequestContext, SubgraphClient, SubgraphRequest, SubgraphResponse } from './subgraph-client.ts';

interface HttpClientOptions {
  url: string;
  /** Milliseconds for the whole exchange: connecting, sending, and the last byte of the answer. */
  timeout: number;
  /** Headers of the client's request that are handed on, in lower case. */
  forward: readonly string[];
  dispatcher: Dispatcher;
}

const maxAnswerBytes = 32 * 1024 * 1024;

/** Connections that are kept open between requests; one for all subgraphs of a router, closed with it. */
export function createConnections(): Agent {
  return new Agent({ connect: { timeout: 2000 }, keepAliveTimeout: 10_000, maxResponseSize: maxAnswerBytes });
}

/** See SubgraphClient for what it rejects with. Redirects are not followed: they would carry the token elsewhere. */
export function createHttpClient({ url, timeout, forward, dispatcher }: HttpClientOptions): SubgraphClient {
  const target = new URL(url);
  return async (request, context) => {
    const signal = AbortSignal.timeout(timeout);
    let text: string;
    let status: number;
    try {
      const response = await dispatcher.request({
        origin: target.origin,
        path: target.pathname + target.search,
        method: 'POST',
        headers: headersFor(context, forward),
        body: JSON.stringify(request),
        signal,
      });
      status = response.statusCode;
      text = await response.body.text();
    } catch (cause) {
      throw clientError(signal.aborted ? 'SUBGRAPH_TIMEOUT' : 'SUBGRAPH_UNAVAILABLE', { cause });
    }
    return readAnswer(text, status, request);
  };
}

function headersFor(context: RequestContext, forward: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
    'x-request-id': context.requestId,
  };
  for (const name of forward) {
    const value = context.headers[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function readAnswer(text: string, status: number, request: SubgraphRequest): SubgraphResponse {
  const answer = parseJson(text);
  if (isGraphQLAnswer(answer) && fitsRepresentations(answer, request)) {
    // A failed request may still explain itself in GraphQL; success without that is only believed with status 200.
    if (answer.errors !== undefined || status === 200) return answer;
  }
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

// Entities are matched to what was asked for by position alone: a list of another length would mix them up.
function fitsRepresentations({ data }: SubgraphResponse, { variables }: SubgraphRequest): boolean {
  const asked = variables?.['representations'];
  const entities = data?.['_entities'];
  if (!Array.isArray(asked) || entities === undefined || entities === null) return true;
  return Array.isArray(entities) && entities.length === asked.length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
