// Owns the way of a GraphQL request, from what came over HTTP to what goes back.
import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Authenticate } from '../auth/authenticate.ts';
import type { OperationAnswer } from '../executor/projection/compile-projection.ts';
import { Cancellation } from '../foundation/cancellation.ts';
import { clientError, type ErrorCode, errorBody, errorTable } from '../foundation/errors.ts';
import { maskError } from '../foundation/mask-errors.ts';
import { createShareInFlight } from '../foundation/share-in-flight.ts';
import type { Viewer } from '../foundation/viewer.ts';
import { collectAnswerHeaders } from '../transport/collect-answer-headers.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import type { AdmittedOperation, Engine } from './engine.ts';
import type { JsonBody } from './json-bodies.ts';
import { createKnownRequests, type KnownRequest, type ResolvedOperation } from './known-requests.ts';

export interface GraphQLHttpRequest {
  id: string;
  method: string;
  headers: IncomingHttpHeaders;
  /** Names and values by turns, as they came. */
  rawHeaders: readonly string[];
  /** The client's network address, where subgraphs are to hear it. */
  clientAddress?: string | undefined;
  /** From the `?` on, or empty. */
  search: string;
  /** The body, where it is JSON. */
  json: JsonBody | undefined;
  /** Calls back if the client goes before it has its answer. */
  whenGone: (listener: () => void) => void;
}

export interface HttpAnswer {
  status: number;
  headers: Iterable<readonly [name: string, value: string]>;
  body: string | Buffer;
}

export type HandleRequest = (request: GraphQLHttpRequest) => Promise<HttpAnswer>;

/** What Apollo Server hands from the request to our gateway. */
export interface ServerContext extends RequestContext {
  /** Hears of the operation when it has been run. */
  ran?: (resolved: ResolvedOperation) => void;
  /** Hears that a mutation is over, however it ended. */
  changed?: () => void;
}

export interface RequestHandlerOptions {
  server: ApolloServer<ServerContext>;
  /** Answers known requests without the server; without it the server is asked each time. */
  engine: Pick<Engine, 'admit'> | undefined;
  /** Says who asks, before anything else is done. */
  authenticate: Authenticate;
  /** Names of the client's headers that subgraphs get, in lower case. */
  forwarded: readonly string[];
  /** Names of headers of subgraphs' answers that clients get, in lower case. */
  passing: ReadonlySet<string>;
  log: { debug: (message: string) => void };
}

/**
 * Apollo Server reads each request that is new in some way, and says all that is to be said about one that cannot be
 * run. What it has let through once runs without it, and identical queries that are under way at once run once.
 */
export function createRequestHandler(options: RequestHandlerOptions): HandleRequest {
  const { server, engine, authenticate, forwarded, passing, log } = options;
  const known = createKnownRequests();
  const share = createShareInFlight<HttpAnswer | undefined>();
  // What a viewer may see depends on the token, whether subgraphs get it or not.
  const identifying = new Set([
    'authorization',
    ...forwarded,
    'apollographql-client-name',
    'apollographql-client-version',
  ]);
  /** Whoever has changed something must not join a query that began before that. */
  let changes = 0;

  /** All that an answer can depend on beside what was denied; undefined for what has effects. */
  function sharingKey({ headers, json }: GraphQLHttpRequest, { operation, contentType }: KnownRequest) {
    if (json === undefined || operation.operation !== 'query') return undefined;
    // Two strangers who say nothing about themselves look alike, and each must get a cookie of their own.
    if (passing.has('set-cookie')) return undefined;
    // No header holds this character.
    let key = `${changes}\0${json.number}\0${contentType}`;
    for (const name of identifying) {
      const value = headers[name];
      key += value === undefined ? '\0' : `\0:${value}`;
    }
    return key;
  }

  /** undefined where nothing could be run: Apollo Server says why. */
  async function answerKnown(
    request: GraphQLHttpRequest,
    found: KnownRequest,
    viewer: Viewer,
    admit: Engine['admit'],
  ): Promise<HttpAnswer | undefined> {
    const context = contextOf(request, viewer);
    let admitted: AdmittedOperation;
    try {
      const admitting = admit({ ...found, context });
      admitted = admitting instanceof Promise ? await unlessGone(request, admitting) : admitting;
    } catch (error) {
      if (error instanceof GraphQLError && error.extensions['code'] !== 'REQUEST_CANCELLED') return undefined;
      throw error;
    }
    const key = sharingKey(request, found);
    // A rule may say something else by now than it did to whoever asked first.
    const flight = share(key && `${key}\0${admitted.denials}`, (signal) =>
      runKnown(found, context, admitted, signal),
    );
    let isGone = false;
    request.whenGone(() => {
      isGone = true;
      flight.leave(clientError('REQUEST_CANCELLED'));
    });
    const answer = await flight.answer;
    if (answer === undefined && isGone) throw clientError('REQUEST_CANCELLED');
    return answer;
  }

  function contextOf({ id, headers, clientAddress }: GraphQLHttpRequest, viewer: Viewer): RequestContext {
    return {
      requestId: id,
      headers,
      ...(clientAddress !== undefined && { clientAddress }),
      viewer,
    };
  }

  /** undefined when nothing could be run. */
  async function runKnown(
    { contentType, operation }: KnownRequest,
    known: RequestContext,
    admitted: AdmittedOperation,
    signal: Cancellation,
  ): Promise<HttpAnswer | undefined> {
    const told = passing.size > 0 ? collectAnswerHeaders(passing) : undefined;
    const context = { ...known, signal, ...(told && { answerHeader: told.take }) };
    try {
      const answer = await admitted.run(context);
      const answerHeaders = [
        ['content-type', contentType],
        ['cache-control', 'no-store'],
        ...(told?.lines() ?? []),
      ] as const;
      return { status: 200, headers: answerHeaders, body: bodyOf(answer) };
    } catch (error) {
      if (error instanceof GraphQLError && !signal.aborted) return undefined;
      throw error;
    } finally {
      if (operation.operation === 'mutation') changes += 1;
    }
  }

  async function askServer(request: GraphQLHttpRequest, viewer: Viewer): Promise<HttpAnswer> {
    const { id, method, headers, clientAddress, search, json, whenGone } = request;
    const told = passing.size > 0 ? collectAnswerHeaders(passing) : undefined;
    const signal = new Cancellation();
    whenGone(() => signal.abort(clientError('REQUEST_CANCELLED')));
    let resolved: ResolvedOperation | undefined;
    const { status = 200, ...answer } = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: headerMap(headers), search, body: json?.read() },
      context: async () => ({
        requestId: id,
        headers,
        ...(clientAddress !== undefined && { clientAddress }),
        viewer,
        signal,
        ran(operation) {
          resolved = operation;
        },
        changed() {
          changes += 1;
        },
        ...(told && { answerHeader: told.take }),
      }),
    });
    // The gateway gives whole answers only; the parts of incremental delivery never come this way.
    if (answer.body.kind !== 'complete') return refusal('INTERNAL_SERVER_ERROR');
    const contentType = answer.headers.get('content-type');
    // What has run may still be refused, with 406, because the client accepts no JSON.
    if (engine && status === 200 && resolved && contentType !== undefined)
      known.remember(request, resolved, contentType);
    return { status, headers: [...answer.headers, ...(told?.lines() ?? [])], body: answer.body.string };
  }

  return async (request) => {
    const asking = authenticate(request.headers, request.rawHeaders);
    const viewer = asking instanceof Promise ? await unlessGone(request, asking) : asking;
    if (viewer instanceof GraphQLError) {
      log.debug(`${request.id}: the token was not accepted: ${viewer.cause}`);
      return refusalOf(viewer);
    }
    const found = engine && known.find(request);
    const answer = found && (await answerKnown(request, found, viewer, engine.admit));
    if (answer) return answer;
    return askServer(request, viewer);
  };
}

/** Who listens for the client's end only after it has gone never hears of it. */
async function unlessGone<Result>({ whenGone }: GraphQLHttpRequest, work: Promise<Result>): Promise<Result> {
  let isGone = false;
  whenGone(() => {
    isGone = true;
  });
  const result = await work;
  if (isGone) throw clientError('REQUEST_CANCELLED');
  return result;
}

/** Of somebody of whom it is not known who it is. */
function refusalOf({ message, extensions: { code } }: GraphQLError): HttpAnswer {
  if (code !== 'UNAUTHENTICATED') return refusal('IDENTITY_UNAVAILABLE');
  return refusal(code, message, [['www-authenticate', 'Bearer error="invalid_token"']]);
}

function bodyOf({ whole, data, errors }: OperationAnswer): string | Buffer {
  if (errors.length === 0) return whole;
  const masked = errors.map((error) => maskError(error.toJSON(), error));
  const start = `{"errors":${JSON.stringify(masked)},"data":`;
  if (typeof data === 'string') return `${start}${data}}`;
  return Buffer.concat([Buffer.from(start), data, Buffer.from('}')]);
}

function refusal(
  code: ErrorCode,
  reason?: string,
  headers: readonly (readonly [name: string, value: string])[] = [],
): HttpAnswer {
  return {
    status: errorTable[code].status,
    headers: [['content-type', 'application/json; charset=utf-8'], ['cache-control', 'no-store'], ...headers],
    body: JSON.stringify(errorBody(code, reason)),
  };
}

function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
