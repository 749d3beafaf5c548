// Owns talking to one subgraph over HTTP, and the connections that are kept open between requests.
import { Agent, type Dispatcher } from 'undici';
import { type Connector, createConnector } from './create-connector.ts';
import { Deadlines } from './deadlines.ts';
import { exchange, type Target } from './http-exchange.ts';
import type { RequestContext, SubgraphClient } from './subgraph-client.ts';

interface HttpClientOptions {
  url: string;
  /** Milliseconds for the whole exchange: waiting for a connection, connecting, sending, and the last byte. */
  timeout: number;
  /** Headers of the client's request that are handed on, in lower case. */
  forward: readonly string[];
  /** Where calls are signed. */
  sign?: SignCall | undefined;
  /** Bytes; 32 MB unless it is said. */
  maxAnswerSize?: number;
  dispatcher: Dispatcher;
}

/** The value of `tributary-caller` for a body; with the client's address where the subgraph is to hear it. */
export type SignCall = (body: string, context: RequestContext, clientAddress: string | undefined) => string;

interface ConnectionOptions {
  /** Open at once to one origin; who comes later waits, and the wait counts as part of the exchange. */
  perOrigin?: number;
  /** Asked for each new connection, because certificates are replaced while a router runs. */
  connector?: () => Connector;
}

const defaultMaxAnswerSize = 32 * 1024 * 1024;
const defaultPerOrigin = 256;

/** Connections that are kept open between requests, for all subgraphs that are reached in the same way. */
export function createConnections(options: ConnectionOptions = {}): Agent {
  const usual = createConnector();
  const { perOrigin = defaultPerOrigin, connector = () => usual } = options;
  return new Agent({
    connections: perOrigin,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect: (target, callback) => connector()(target, callback),
  });
}

/**
 * See SubgraphClient for what it rejects with, and REQUEST_CANCELLED when the context's signal aborts. Redirects are not
 * followed: they would carry the token elsewhere.
 */
export function createHttpClient(options: HttpClientOptions): SubgraphClient {
  const { url, timeout, forward, sign, dispatcher, maxAnswerSize = defaultMaxAnswerSize } = options;
  const { origin, pathname, search } = new URL(url);
  const target: Target = {
    dispatcher,
    origin,
    path: pathname + search,
    timeout,
    deadlines: new Deadlines(timeout),
    maxAnswerSize,
    digitsOfSize: String(maxAnswerSize).length,
    forward,
    sign,
  };
  return (request, context) => exchange(target, request, context);
}
