// Owns which headers travel with a fetch: from the client to a subgraph, and from its answer back towards the client.
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestContext, SubgraphResponse } from './subgraph-client.ts';

const ownHeaders = [
  'content-type',
  'application/json',
  'accept',
  'application/graphql-response+json, application/json',
  // Saying nothing would allow every encoding; between neighbours unpacking costs more than it saves.
  'accept-encoding',
  'identity',
  'x-request-id',
];

/**
 * Headers of a request to a subgraph, as names and values by turns: our own, and of the client's those that `forward`
 * names in lower case.
 */
export function headersForSubgraph(context: RequestContext, forward: readonly string[]): string[] {
  const headers = [...ownHeaders, context.requestId];
  for (const name of forward) {
    const value = context.headers[name];
    if (value !== undefined) headers.push(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/**
 * Tells the context what a subgraph said in headers, for each subgraph that was asked. One that failed, or said nothing
 * about keeping its answer (an empty value), counts as having said that it must not be kept: the whole lives no longer than
 * its parts.
 */
export function tellAnswerHeaders(
  context: RequestContext,
  headers: IncomingHttpHeaders,
  answer: SubgraphResponse | undefined,
): void {
  const tell = context.answerHeader;
  if (tell === undefined) return;
  for (const [name, value = ''] of Object.entries(headers)) {
    if (name === 'cache-control') continue;
    for (const line of Array.isArray(value) ? value : [value]) tell(name, line);
  }
  const keep = headers['cache-control'];
  const failed = answer === undefined || answer.errors !== undefined;
  tell('cache-control', failed ? 'no-store' : String(keep ?? ''));
}
