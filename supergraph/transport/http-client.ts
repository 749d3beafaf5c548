// Owns talking to one subgraph over HTTP, and the connections that all subgraphs of a router share.
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { headersForSubgraph, tellAnswerHeaders } from './forwarded-headers.ts';
import { exchange } from './http-exchange.ts';
import { readAnswer } from './read-answer.ts';
import type { SubgraphClient, SubgraphResponse } from './subgraph-client.ts';

interface HttpClientOptions {
  url: string;
  /** Milliseconds for the whole exchange: waiting for a connection, connecting, sending, and the last byte. */
  timeout: number;
  /** Headers of the client's request that are handed on, in lower case. */
  forward: readonly string[];
  /** Bytes; 32 MB unless it is said. */
  maxAnswerSize?: number;
  dispatcher: Dispatcher;
}

interface ConnectionLimits {
  /** Open at once to one origin; who comes later waits, and the wait counts as part of the exchange. */
  perOrigin?: number;
}

const defaultMaxAnswerSize = 32 * 1024 * 1024;
const defaultPerOrigin = 256;

/** Connections that are kept open between requests; one for all subgraphs of a router, closed with it. */
export function createConnections({ perOrigin = defaultPerOrigin }: ConnectionLimits = {}): Agent {
  const connector = buildConnector({ timeout: 2000 });
  return new Agent({
    connections: perOrigin,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect(options, callback) {
      connector(options, (...[error, socket]) => {
        // An error of the system does not say whether the connection had been of use before it broke.
        socket?.on('error', (broken) => Object.assign(broken, { bytesRead: socket.bytesRead }));
        if (error === null) callback(error, socket as NonNullable<typeof socket>);
        else callback(error, null);
      });
    },
  });
}

/**
 * See SubgraphClient for what it rejects with, and REQUEST_CANCELLED when the context's signal aborts. Redirects are not
 * followed: they would carry the token elsewhere.
 */
export function createHttpClient(options: HttpClientOptions): SubgraphClient {
  const { url, timeout, forward, dispatcher, maxAnswerSize = defaultMaxAnswerSize } = options;
  const { origin, pathname, search } = new URL(url);
  const path = pathname + search;
  return async ({ operation, variables }, context) => {
    let headers = {};
    let answer: SubgraphResponse | undefined;
    try {
      const response = await exchange({
        dispatcher,
        request: {
          origin,
          path,
          method: 'POST',
          headers: headersForSubgraph(context, forward),
          body: `${operation.head}${variables}}`,
          // The exchange has a time limit of its own, which these would only double.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        timeout,
        maxAnswerSize,
        repeatable: operation.kind === 'query',
        signal: context.signal,
      });
      headers = response.headers;
      answer = readAnswer(response.text, response.status);
      return answer;
    } finally {
      tellAnswerHeaders(context, headers, answer);
    }
  };
}
