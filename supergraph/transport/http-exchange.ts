// Owns one question to a subgraph over HTTP, from its place in the queue to the last byte of the answer, or its end before.
import { type Dispatcher, errors, util } from 'undici';
import type { Cancellable } from '../foundation/cancellation.ts';
import { clientError, type ErrorCode } from '../foundation/errors.ts';
import { AnswerBody, textOf } from './answer-body.ts';
import { DeadlineOver, deadlineOver, leastTime, timeLeft } from './deadline-over.ts';
import type { Deadlines, Timed } from './deadlines.ts';
import { headersForSubgraph, tellAnswerHeaders } from './forwarded-headers.ts';
import { AnswerTooLarge } from './http-failure.ts';
import { rawAnswerIn } from './raw-answer.ts';
import { readAnswer } from './read-answer.ts';
import type { RequestContext, SubgraphRequest, SubgraphResponse } from './subgraph-client.ts';

/** Who is asked, and with what patience. */
export interface Target {
  dispatcher: Dispatcher;
  origin: string;
  path: string;
  /** Milliseconds for the whole exchange: waiting for a connection, connecting, sending, and the last byte. */
  timeout: number;
  /** Of that time, for all exchanges with this target. */
  deadlines: Deadlines;
  /** Bytes. */
  maxAnswerSize: number;
  /** A size with fewer digits than this is not too large. */
  digitsOfSize: number;
  /** Headers of the client's request that are handed on, in lower case. */
  forward: readonly string[];
  sign: ((body: string, context: RequestContext, clientAddress: string | undefined) => string) | undefined;
}

/** Of two ends that are no further apart than this the cheaper one is awaited. */
const nearEnough = 5;
const contentEncoding = 'content-encoding';
const contentLength = 'content-length';

/**
 * Rejects with SUBGRAPH_TIMEOUT, SUBGRAPH_UNAVAILABLE, SUBGRAPH_MALFORMED, REQUEST_CANCELLED, or as readAnswer says. The
 * subgraph is told how long is waited for it, in `tributary-timeout`, whole milliseconds.
 */
export function exchange(
  target: Target,
  request: SubgraphRequest,
  context: RequestContext,
): Promise<SubgraphResponse> {
  return new Promise((resolve, reject) => new Exchange(target, request, context, resolve, reject).start());
}

// Undici has a newer form of handlers, which it wraps in the older one: 0.8 µs of the 20 that a fetch costs. Where it
// leaves the older one out, onConnect to onError are to be renamed.
class Exchange implements Dispatcher.DispatchHandler, Timed, Cancellable {
  deadline = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #target: Target;
  readonly #request: SubgraphRequest;
  readonly #context: RequestContext;
  readonly #resolve: (answer: SubgraphResponse) => void;
  readonly #reject: (error: unknown) => void;
  #hangUp: ((error: Error) => void) | undefined;
  /** Milliseconds. */
  #patience = 0;
  /** Where the client's patience ends before ours. */
  #timer: NodeJS.Timeout | undefined;
  #settled = false;
  #answering = false;
  #repeated = false;
  #status = 0;
  #headers: Buffer[] = [];
  readonly #body = new AnswerBody();

  constructor(
    target: Target,
    request: SubgraphRequest,
    context: RequestContext,
    resolve: (answer: SubgraphResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#target = target;
    this.#request = request;
    this.#context = context;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    if (this.#context.signal?.aborted) {
      this.#end(undefined, clientError('REQUEST_CANCELLED'));
      return;
    }
    const { timeout, deadlines } = this.#target;
    const left = timeLeft(this.#context);
    if (left < leastTime) {
      this.#end(undefined, deadlineOver());
      return;
    }
    this.#patience = Math.min(left, timeout);
    if (left > timeout - nearEnough) deadlines.add(this);
    else this.#timer = setTimeout(() => this.expire(), left).unref();
    this.#context.signal?.add(this);
    this.#send();
  }

  expire(): void {
    const { timeout } = this.#target;
    // Of equal times that of the fields comes first, by what has passed since it began.
    const isFields = this.#context.isFieldsTime === true && this.#patience < timeout;
    const isOurs = this.#timer === undefined && !isFields;
    this.#fail(
      'SUBGRAPH_TIMEOUT',
      isOurs ? new Error(`no whole answer within ${timeout} ms`) : new DeadlineOver(this.#patience),
    );
  }

  cancel(): void {
    this.#fail('REQUEST_CANCELLED');
  }

  onConnect(hangUp: (error?: Error) => void): void {
    // Whoever gave up while waiting for a connection must not cost that connection: thrown here, it stays open.
    if (this.#settled) throw new Error('nobody waits for this any more');
    this.#hangUp = hangUp;
  }

  onResponseStarted(): void {
    this.#answering = true;
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    this.#status = status;
    this.#headers = headers;
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index];
      const value = headers[index + 1];
      // Their lengths alone tell nearly all others apart, without strings for each.
      if (name?.length === contentEncoding.length) this.#checkEncoding(String(name), String(value));
      else if (name?.length === contentLength.length && Number(value?.length) >= this.#target.digitsOfSize) {
        this.#checkLength(String(name), Number(value));
      }
    }
    return true;
  }

  #checkEncoding(name: string, value: string): void {
    if (name.toLowerCase() !== contentEncoding || value === 'identity') return;
    this.#fail('SUBGRAPH_MALFORMED', new Error(`an answer in ${value}, which it was not asked for`));
  }

  #checkLength(name: string, value: number): void {
    if (name.toLowerCase() === contentLength && value > this.#target.maxAnswerSize) this.#failAsTooLarge();
  }

  onData(piece: Buffer): boolean {
    if (this.#settled) return true;
    this.#body.add(piece);
    if (this.#body.size > this.#target.maxAnswerSize) this.#failAsTooLarge();
    return true;
  }

  onComplete(): void {
    if (this.#settled) return;
    this.#settle();
    let answer: SubgraphResponse | undefined;
    let failure: unknown;
    try {
      answer = this.#read();
    } catch (error) {
      failure = error;
    }
    this.#end(answer, failure);
  }

  onError(error: Error): void {
    if (this.#settled) return;
    if (this.#isWorthRepeating(error)) {
      this.#repeated = true;
      // Other connections may have been closed with this one; after a turn of the loop that is known, and they are gone.
      setImmediate(() => {
        if (!this.#settled) this.#send();
      });
      return;
    }
    this.#fail(isNoHttp(error) ? 'SUBGRAPH_MALFORMED' : 'SUBGRAPH_UNAVAILABLE', error);
  }

  #send(): void {
    const { dispatcher, origin, path, forward, sign } = this.#target;
    const { operation, variables } = this.#request;
    const body = `${operation.head}${variables}}`;
    const headers = headersForSubgraph(this.#context, forward);
    // Of a question that is repeated a little less is left, but it is asked within a turn of the loop.
    headers.push('tributary-timeout', String(Math.floor(this.#patience)));
    // Queries of several clients may be one, and are nobody's in particular then.
    const clientAddress = operation.kind === 'mutation' ? this.#context.clientAddress : undefined;
    if (clientAddress !== undefined) headers.push('x-forwarded-for', clientAddress);
    if (sign) headers.push('tributary-caller', sign(body, this.#context, clientAddress));
    const request: Dispatcher.DispatchOptions = {
      origin,
      path,
      method: 'POST',
      headers,
      body,
      // The exchange has a time limit of its own, which these would only double.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    dispatcher.dispatch(request, this);
  }

  #read(): SubgraphResponse {
    const bytes = this.#body.bytes();
    const raw = this.#request.raw && this.#status === 200 ? rawAnswerIn(bytes) : undefined;
    return raw ? { raw } : readAnswer(textOf(bytes), this.#status, this.#retryAfter());
  }

  #retryAfter(): string | undefined {
    if (this.#status !== 503 && this.#status !== 429) return undefined;
    const told = util.parseHeaders(this.#headers)['retry-after'];
    return Array.isArray(told) ? told[0] : told;
  }

  /** A server may close a connection that was idle at the moment we use it again: that says nothing about the question. */
  #isWorthRepeating(error: Error): boolean {
    const repeatable = this.#request.operation.kind === 'query';
    return repeatable && !this.#repeated && !this.#answering && wasUsedBefore(error);
  }

  #failAsTooLarge(): void {
    this.#fail('SUBGRAPH_MALFORMED', new AnswerTooLarge(this.#target.maxAnswerSize));
  }

  #fail(code: ErrorCode, cause?: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#end(undefined, clientError(code, { cause }));
    // The connection goes with it: what still comes on it would be taken for the answer to the next question.
    this.#hangUp?.(new Error(code));
  }

  #settle(): void {
    this.#settled = true;
    if (this.#timer === undefined) this.#target.deadlines.delete(this);
    else clearTimeout(this.#timer);
    this.#context.signal?.delete(this);
  }

  #end(answer: SubgraphResponse | undefined, error?: unknown): void {
    if (answer) this.#resolve(answer);
    else this.#reject(error);
    if (this.#context.answerHeader) {
      tellAnswerHeaders(this.#context, util.parseHeaders(this.#headers), answer);
    }
  }
}

/** Whether a connection broke that had given answers before. */
function wasUsedBefore(error: Error & { bytesRead?: number; socket?: { bytesRead?: number } }): boolean {
  return (error.bytesRead ?? error.socket?.bytesRead ?? 0) > 0;
}

/** Whether what came is no HTTP; an answer that ends too early is, and speaks of a server that went away. */
function isNoHttp(error: Error): boolean {
  if (error instanceof errors.HeadersOverflowError) return true;
  return error instanceof errors.HTTPParserError && !error.message.includes('EOF');
}
