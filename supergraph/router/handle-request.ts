// Owns the way of a GraphQL request, from what came over HTTP to what goes back.
import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Authenticate } from '../auth/authenticate.ts';
import type { ClientGate } from '../clients/client-gate.ts';
import type { OperationAnswer } from '../executor/projection/compile-projection.ts';
import { Cancellation } from '../foundation/cancellation.ts';
import { type Client, readClient } from '../foundation/client-version.ts';
import { clientError } from '../foundation/errors.ts';
import { maskError } from '../foundation/mask-errors.ts';
import { createShareInFlight } from '../foundation/share-in-flight.ts';
import type { Viewer } from '../foundation/viewer.ts';
import { collectAnswerHeaders } from '../transport/collect-answer-headers.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import type { AdmittedOperation, Engine } from './engine.ts';
import type { JsonBody } from './json-bodies.ts';
import { createKnownRequests, type KnownRequest, type ResolvedOperation } from './known-requests.ts';
import { refusal } from './refusal.ts';
import { type ResolveDocument, resolveRequest } from './resolve-request.ts';

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
  /** Left out of an answer that has none. */
  body?: string | Buffer;
  /** Whether it is all of what a query asked for: nothing failed. */
  isWhole?: boolean;
}

export type HandleRequest = (request: GraphQLHttpRequest) => Promise<HttpAnswer>;

/** What Apollo Server hands from the request to our gateway. */
export interface ServerContext extends RequestContext {
  /** Hears of the operation when it has been run, and whether something in it failed. */
  ran?: (resolved: ResolvedOperation, failed: boolean) => void;
  /** Hears that a mutation is over, however it ended. */
  changed?: () => void;
}

export interface RequestHandlerOptions {
  server: ApolloServer<ServerContext>;
  /** Answers known requests without the server; without it the server is asked each time. */
  engine: Pick<Engine, 'admit'> | undefined;
  /** Says which clients are answered, before anything else is done. */
  gate: ClientGate;
  /** Says who asks. */
  authenticate: Authenticate;
  /** Says which text a request stands for, of one that is new. */
  resolve: ResolveDocument;
  /** Calls back when the same ids may stand for other texts. */
  whenReplaced: (listener: () => void) => void;
  /** Hears of each operation that is run. */
  used: (client: Client, operation: ResolvedOperation) => void;
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
  const { server, engine, gate, authenticate, resolve, used, forwarded, passing, log } = options;
  const known = createKnownRequests();
  options.whenReplaced(known.forget);
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
    asking: Asking,
    admit: Engine['admit'],
  ): Promise<HttpAnswer | undefined> {
    const context = contextOf(request, asking);
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
    // Whoever is joined to another's request has asked all the same.
    if (answer) used(asking.client, found);
    return answer;
  }

  function contextOf({ id, headers, clientAddress }: GraphQLHttpRequest, { viewer, client }: Asking) {
    return {
      requestId: id,
      headers,
      ...(clientAddress !== undefined && { clientAddress }),
      viewer,
      client,
    } satisfies RequestContext;
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

  async function askServer(request: GraphQLHttpRequest, asking: Asking): Promise<HttpAnswer> {
    const remember = known.rememberer(request);
    const asked = resolveRequest(request, resolve);
    if (asked instanceof GraphQLError) return refusal(asked, request);
    const { method, headers, whenGone } = request;
    const { search, body } = asked;
    const told = passing.size > 0 ? collectAnswerHeaders(passing) : undefined;
    const signal = new Cancellation();
    whenGone(() => signal.abort(clientError('REQUEST_CANCELLED')));
    let resolved: ResolvedOperation | undefined;
    let isWhole = false;
    const { status = 200, ...answer } = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: headerMap(headers), search, body },
      context: async () => ({
        ...contextOf(request, asking),
        signal,
        ran(operation, failed) {
          resolved = operation;
          isWhole = !failed && operation.operation.operation === 'query';
          used(asking.client, operation);
        },
        changed() {
          changes += 1;
        },
        ...(told && { answerHeader: told.take }),
      }),
    });
    // The gateway gives whole answers only; the parts of incremental delivery never come this way.
    if (answer.body.kind !== 'complete') return refusal(clientError('INTERNAL_SERVER_ERROR'), request);
    const contentType = answer.headers.get('content-type');
    // What has run may still be refused, with 406, because the client accepts no JSON.
    if (engine && status === 200 && resolved && contentType !== undefined) remember(resolved, contentType);
    const answerHeaders = [...answer.headers, ...(told?.lines() ?? [])];
    return { status, headers: answerHeaders, body: answer.body.string, isWhole: isWhole && status === 200 };
  }

  async function answer(request: GraphQLHttpRequest, client: Client): Promise<HttpAnswer> {
    const authenticating = authenticate(request.headers, request.rawHeaders);
    const viewer =
      authenticating instanceof Promise ? await unlessGone(request, authenticating) : authenticating;
    if (viewer instanceof GraphQLError) {
      log.debug(`${request.id}: the token was not accepted: ${viewer.cause}`);
      return refusalOf(viewer, request);
    }
    const asking = { viewer, client };
    const found = engine && known.find(request);
    const knownAnswer = found && (await answerKnown(request, found, asking, engine.admit));
    if (knownAnswer) return knownAnswer;
    return askServer(request, asking);
  }

  return async (request) => {
    const client = readClient(request.headers);
    const { refusal: tooOld, headers } = gate(client);
    if (tooOld) return refusal(tooOld, request);
    const answered = await answer(request, client);
    return headers.length === 0 ? answered : { ...answered, headers: [...answered.headers, ...headers] };
  };
}

/** Who asks, with what. */
interface Asking {
  viewer: Viewer;
  client: Client;
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
function refusalOf(error: GraphQLError, request: GraphQLHttpRequest): HttpAnswer {
  if (error.extensions['code'] !== 'UNAUTHENTICATED')
    return refusal(clientError('IDENTITY_UNAVAILABLE'), request);
  return refusal(error, request, [['www-authenticate', 'Bearer error="invalid_token"']]);
}

function bodyOf({ whole, data, errors }: OperationAnswer): string | Buffer {
  if (errors.length === 0) return whole;
  const masked = errors.map((error) => maskError(error.toJSON(), error));
  const start = `{"errors":${JSON.stringify(masked)},"data":`;
  if (typeof data === 'string') return `${start}${data}}`;
  return Buffer.concat([Buffer.from(start), data, Buffer.from('}')]);
}

function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
