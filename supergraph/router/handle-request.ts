// Owns the way of a GraphQL request, from what came over HTTP to what goes back.
import type { IncomingHttpHeaders } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Cache } from '../cache/create-cache.ts';
import type { ClientGate } from '../clients/client-gate.ts';
import type { ResponseCache } from '../declaration/cache-declaration.ts';
import { Cancellation } from '../foundation/cancellation.ts';
import { type Client, readClient } from '../foundation/client-version.ts';
import { clientError } from '../foundation/errors.ts';
import { createShareInFlight } from '../foundation/share-in-flight.ts';
import type { OperationLimits } from '../limits/operation/operation-limits.ts';
import type { MayReadSchema } from '../limits/operation/schema-readers.ts';
import { type Charge, isFree } from '../limits/rates/charge.ts';
import type { Rates } from '../limits/rates/create-rates.ts';
import type { RateState } from '../limits/rates/rate-headers.ts';
import type { RatedRequest, Verdict } from '../limits/rates/rated-request.ts';
import { collectAnswerHeaders } from '../transport/collect-answer-headers.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import type { UseCounter } from '../usage/create-usage.ts';
import type { AnswerAtOnce } from './answer-at-once.ts';
import type { AdmittedOperation, Engine } from './engine.ts';
import { headerMap } from './header-map.ts';
import type { JsonBody } from './json-bodies.ts';
import { KeptAnswers, writeHeader } from './kept-answers.ts';
import { createKnownRequests, type KnownRequest, type ResolvedOperation } from './known-requests.ts';
import { operationBody } from './operation-body.ts';
import { refusal, refusalOfStranger } from './refusal.ts';
import { type Asking, requestContext } from './request-context.ts';
import type { ResolveDocument } from './resolve-request.ts';
import { resolveWithin } from './resolve-within.ts';
import { type MakeKeepable, unlessKnown } from './revalidate.ts';
import { unlessGone } from './unless-gone.ts';
import { withHeaders, withRates } from './with-headers.ts';

export interface GraphQLHttpRequest {
  id: string;
  method: string;
  headers: IncomingHttpHeaders;
  /** Names and values by turns, as they came. */
  rawHeaders: readonly string[];
  /** The client's network address, where subgraphs are to hear it. */
  clientAddress?: string | undefined;
  /** The same for ourselves. */
  address: () => string;
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
  /** What caches on the way are told, where it is the same for everybody and may be kept. */
  keeping?: { control: string; keys: string };
  /** Where it is known already. */
  etag?: string;
  /** Whether the same Buffer will be sent again. */
  isKept?: boolean;
  /** Under the rates that the request falls under; its headers say the same. */
  rates?: readonly RateState[];
}

export type HandleRequest = (request: GraphQLHttpRequest) => Promise<HttpAnswer>;

export interface RequestHandler {
  handle: HandleRequest;
  atOnce: AnswerAtOnce;
}

/** What Apollo Server hands from the request to our gateway. */
export interface ServerContext extends RequestContext {
  /** Hears of the operation when it has been run. */
  ran?: (resolved: ResolvedOperation, outcome: Outcome) => void;
  /** Hears that a mutation is over, however it ended. */
  changed?: () => void;
  /** Counts an operation that can be run, and what it is estimated to cost, before anything of it is: an error where there is no room. */
  charge?: (resolved: ResolvedOperation, cost: number | undefined) => Verdict;
}

interface Outcome {
  /** Whether something in it failed. */
  failed: boolean;
  /** See EngineAnswer. */
  isForAll: boolean;
}

export interface RequestHandlerOptions {
  server: ApolloServer<ServerContext>;
  /** Answers known requests without the server; without it the server is asked each time. */
  engine: Pick<Engine, 'admit'> | undefined;
  /** Says which clients are answered, before anything else is done. */
  gate: ClientGate;
  /** Says who asks. */
  authenticate: Authenticate;
  /** How often they may, where anything is said of that. */
  rates: Rates | undefined;
  /** Says which text a request stands for, of one that is new. */
  resolve: ResolveDocument;
  /** Calls back when the same ids may stand for other texts. */
  whenReplaced: (listener: () => void) => void;
  /** Hears of each operation that is run. */
  used: (client: Client, operation: ResolvedOperation) => void;
  /** For those of which nothing is at hand any more when they are counted. */
  counterOf: (operation: ResolvedOperation) => UseCounter;
  /** What is kept, if anything is, and whose whole answers. */
  cache: (Pick<Cache, 'responses' | 'tokens' | 'moment'> & { keeps: ResponseCache }) | undefined;
  limits: OperationLimits;
  mayReadSchema: MayReadSchema;
  /** What the BFF is called. */
  name: string;
  makeKeepable: MakeKeepable;
  /** Names of the client's headers that subgraphs get, in lower case. */
  forwarded: readonly string[];
  /** Milliseconds for a request, with all that it asks of subgraphs. */
  timeout: number;
  /** Names of headers of subgraphs' answers that clients get, in lower case. */
  passing: ReadonlySet<string>;
  log: { debug: (message: string) => void };
}

/**
 * Apollo Server reads each request that is new in some way, and says all that is to be said about one that cannot be
 * run. What it has let through once runs without it, and identical queries that are under way at once run once.
 */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { server, engine, gate, authenticate, rates, resolve, used, counterOf } = options;
  const { cache, name, makeKeepable, forwarded, limits, mayReadSchema, log } = options;
  // Of what was kept nobody knows what was said with it; what the whole says is said here.
  const passing = cache ? without(options.passing, 'cache-control') : options.passing;
  const known = createKnownRequests();
  const share = createShareInFlight<HttpAnswer | undefined>();
  // What a viewer may see depends on the token, whether subgraphs get it or not.
  const identifying = new Set([
    'authorization',
    ...forwarded,
    'apollographql-client-name',
    'apollographql-client-version',
  ]);
  const readHeaders = [...without(identifying, 'authorization'), 'accept'];
  const answers =
    cache && new KeptAnswers({ cache, keeps: cache.keeps, name, makeKeepable, counterOf, readHeaders });
  options.whenReplaced(() => {
    known.forget();
    answers?.forget();
  });
  /** Whoever has changed something must not join a query that began before that. */
  let changes = 0;

  /** All that an answer can depend on beside what was denied; undefined for what has effects. */
  function sharingKey({ headers, json }: GraphQLHttpRequest, { operation, contentType }: KnownRequest) {
    if (json === undefined || operation.operation !== 'query') return undefined;
    // Two strangers who say nothing about themselves look alike, and each must get a cookie of their own.
    if (passing.has('set-cookie')) return undefined;
    // Who began before a change must not be joined after it. No header holds this character.
    let key = `${changes}\0${cache?.moment() ?? 0}\0${json.number}\0${contentType}`;
    // What was written elsewhere may be asked for with it; what is no token is nobody's reason to be asked alone.
    const token = headers[writeHeader];
    if (typeof token === 'string' && cache?.tokens.read(token).isReadThrough) key += `\0${token}`;
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
    const context = requestContext(request, asking);
    let admitted: AdmittedOperation;
    try {
      const admitting = admit({ ...found, context });
      admitted = admitting instanceof Promise ? await unlessGone(request, admitting) : admitting;
    } catch (error) {
      if (error instanceof GraphQLError && error.extensions['code'] !== 'REQUEST_CANCELLED') return undefined;
      throw error;
    }
    const { rated } = asking;
    const charge = rates?.chargeOf(found, admitted.cost);
    const refused = rated && charge && (await unlessGone(request, rated.charge(charge)));
    if (refused) return refusal(refused, request);
    // A rule may say something else by now than it did to whoever asked first.
    const identity = `${request.headers.authorization ?? ''}\0${admitted.denials}`;
    const kept = answers?.find(request, identity);
    if (kept) {
      kept.used(asking.client);
      return kept.answer;
    }
    const key = sharingKey(request, found);
    const flight = share(key && `${key}\0${admitted.denials}`, (signal) =>
      runKnown(request, found, { ...context, signal }, { admitted, identity, charge }),
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

  /** undefined when nothing could be run. */
  async function runKnown(
    request: GraphQLHttpRequest,
    { contentType, ...found }: KnownRequest,
    known: RequestContext & { signal: Cancellation },
    { admitted, identity, charge }: Admitted,
  ): Promise<HttpAnswer | undefined> {
    const { operation } = found;
    const { signal } = known;
    const told = passing.size > 0 ? collectAnswerHeaders(passing) : undefined;
    const begun = answers?.begin(request);
    const context = {
      ...known,
      ...(told && { answerHeader: told.take }),
      ...(begun && { freshness: begun.freshness }),
    };
    try {
      const answer = await admitted.run(context);
      const lines = told?.lines() ?? [];
      const answerHeaders = [['content-type', contentType], ['cache-control', 'no-store'], ...lines] as const;
      const body = operationBody(answer, () => mayReadSchema(known.client ?? {}));
      const isComplete = answer.errors.length === 0 && answer.degraded === undefined;
      const isWhole = isComplete && operation.operation === 'query';
      const whole: HttpAnswer = { status: 200, headers: answerHeaders, body, isWhole };
      if (answers === undefined || begun === undefined) return whole;
      if (operation.operation === 'mutation') return answers.written(whole);
      const { isForAll } = answer;
      const isPersonal = lines.length > 0;
      const run = { answer: whole, resolved: found, isForAll, isPersonal, charge };
      return answers.end(request, begun, run, identity);
    } catch (error) {
      if (error instanceof GraphQLError && !signal.aborted) return undefined;
      throw error;
    } finally {
      if (operation.operation === 'mutation') changes += 1;
    }
  }

  async function askServer(request: GraphQLHttpRequest, asking: Asking): Promise<HttpAnswer> {
    const remember = known.rememberer(request);
    const asked = resolveWithin(limits, request, resolve);
    if (asked instanceof GraphQLError) return refusal(asked, request);
    const { method, headers, whenGone } = request;
    const { search, body } = asked;
    const told = passing.size > 0 ? collectAnswerHeaders(passing) : undefined;
    const signal = new Cancellation();
    whenGone(() => signal.abort(clientError('REQUEST_CANCELLED')));
    const begun = answers?.begin(request);
    let resolved: ResolvedOperation | undefined;
    let isWhole = false;
    let isForAll = false;
    let isChanged = false;
    let charge: Charge | undefined;
    const { rated } = asking;
    const { status = 200, ...answer } = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: headerMap(headers), search, body },
      context: async () => ({
        ...requestContext(request, asking),
        signal,
        ...(begun && { freshness: begun.freshness }),
        ran(operation, outcome) {
          resolved = operation;
          isForAll = outcome.isForAll;
          isWhole = !outcome.failed && operation.operation.operation === 'query';
          used(asking.client, operation);
        },
        changed() {
          changes += 1;
          isChanged = true;
        },
        ...(rated && {
          charge(operation, cost) {
            charge = rates?.chargeOf(operation, cost);
            return charge && rated.charge(charge);
          },
        }),
        ...(told && { answerHeader: told.take }),
      }),
    });
    // The gateway gives whole answers only; the parts of incremental delivery never come this way.
    if (answer.body.kind !== 'complete') return refusal(clientError('INTERNAL_SERVER_ERROR'), request);
    const contentType = answer.headers.get('content-type');
    // What has run may still be refused, with 406, because the client accepts no JSON.
    if (engine && status === 200 && resolved && contentType !== undefined) remember(resolved, contentType);
    const lines = told?.lines() ?? [];
    const whole: HttpAnswer = {
      status,
      headers: [...answer.headers, ...lines],
      body: answer.body.string,
      isWhole: isWhole && status === 200,
    };
    if (answers === undefined || begun === undefined) return whole;
    if (isChanged) return answers.written(whole);
    const isPersonal = lines.length > 0;
    return answers.end(request, begun, { answer: whole, resolved, isForAll, isPersonal, charge });
  }

  async function answer(
    request: GraphQLHttpRequest,
    client: Client,
    rated: RatedRequest | undefined,
  ): Promise<HttpAnswer> {
    const deadline = performance.now() + options.timeout;
    const knocked = rated && (await unlessGone(request, rated.knock()));
    if (knocked) return refusal(knocked, request);
    const authenticating = authenticate(request.headers, request.rawHeaders);
    const viewer =
      authenticating instanceof Promise ? await unlessGone(request, authenticating) : authenticating;
    if (viewer instanceof GraphQLError) {
      log.debug(`${request.id}: the token was not accepted: ${viewer.cause}`);
      return refusalOfStranger(viewer, request);
    }
    const entered = rated && (await unlessGone(request, rated.enter(viewer)));
    if (entered) return refusal(entered, request);
    const asking = { viewer, client, deadline, rated };
    const kept = answers?.find(request);
    if (kept) {
      const refused = rated && (await unlessGone(request, rated.charge(kept.charge)));
      if (refused) return refusal(refused, request);
      kept.used(client);
      return kept.answer;
    }
    const found = engine && known.find(request);
    const knownAnswer = found && (await answerKnown(request, found, asking, engine.admit));
    if (knownAnswer) return knownAnswer;
    return askServer(request, asking);
  }

  return {
    async handle(request) {
      const client = readClient(request.headers);
      const { refusal: tooOld, headers } = gate(client);
      if (tooOld) return refusal(tooOld, request);
      const rated = rates?.begin(client, request.address);
      const told = withRates(await answer(request, client, rated), rated?.states);
      return withHeaders(told, headers);
    },
    atOnce(request) {
      // Counting may take its time, and whom an address stands for is known later.
      if (rates?.isOfAll) return undefined;
      const kept = answers?.find(request);
      if (kept === undefined || !isFree(kept.charge)) return undefined;
      const client = readClient(request.headers);
      const { refusal: tooOld, headers } = gate(client);
      if (tooOld) return undefined;
      const viewer = authenticate(request.headers, request.rawHeaders);
      if (viewer instanceof Promise || viewer instanceof GraphQLError) return undefined;
      kept.used(client);
      const { etag } = kept.answer;
      const told = etag === undefined ? kept.answer : unlessKnown(request, { ...kept.answer, etag });
      return withHeaders(told, headers);
    },
  };
}

function without(names: ReadonlySet<string>, name: string): Set<string> {
  return new Set([...names].filter((one) => one !== name));
}

interface Admitted {
  admitted: AdmittedOperation;
  identity: string;
  charge: Charge | undefined;
}
