// Owns one question to a subgraph over HTTP, from its place in the queue to the last byte of the answer, or its end before.
import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import { clientError, type ErrorCode } from '../foundation/errors.ts';
import { type AnswerBody, createAnswerBody } from './answer-body.ts';
import { onAbort } from './on-abort.ts';

export interface Exchange {
  dispatcher: Dispatcher;
  request: Dispatcher.DispatchOptions;
  /** Milliseconds for the whole exchange: waiting for a connection, connecting, sending, and the last byte. */
  timeout: number;
  /** Bytes. */
  maxAnswerSize: number;
  /** Whether it does no harm when the subgraph is asked twice. */
  repeatable: boolean;
  signal: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Rejects with SUBGRAPH_TIMEOUT, SUBGRAPH_UNAVAILABLE, SUBGRAPH_MALFORMED or REQUEST_CANCELLED. */
export function exchange(options: Exchange): Promise<HttpAnswer> {
  if (options.signal?.aborted) return Promise.reject(clientError('REQUEST_CANCELLED'));
  return new Promise((resolve, reject) => new ExchangeHandler(options, resolve, reject).send());
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #options: Exchange;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #answering = false;
  #repeated = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #body: AnswerBody = createAnswerBody();

  constructor(options: Exchange, resolve: (answer: HttpAnswer) => void, reject: (error: Error) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    const { timeout } = options;
    this.#timer = setTimeout(
      () => this.#fail('SUBGRAPH_TIMEOUT', new Error(`no whole answer within ${timeout} ms`)),
      timeout,
    );
    this.#stopListening = onAbort(options.signal, () => this.#fail('REQUEST_CANCELLED'));
  }

  send(): void {
    this.#options.dispatcher.dispatch(this.#options.request, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Whoever gave up while waiting for a connection must not cost that connection: thrown here, it stays open.
    if (this.#settled) throw new Error('nobody waits for this any more');
    this.#controller = controller;
  }

  onResponseStarted(): void {
    this.#answering = true;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      this.#fail('SUBGRAPH_MALFORMED', new Error(`an answer in ${encoding}, which it was not asked for`));
    } else if (Number(headers['content-length']) > this.#options.maxAnswerSize) {
      this.#failAsTooLarge();
    }
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#settled) return;
    this.#body.add(piece);
    if (this.#body.size > this.#options.maxAnswerSize) this.#failAsTooLarge();
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    let text: string;
    try {
      text = this.#body.text();
    } catch (cause) {
      // A limit above what one string can hold lets such an answer come this far.
      this.#fail('SUBGRAPH_MALFORMED', cause);
      return;
    }
    this.#settle();
    this.#resolve({ status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#settled) return;
    if (this.#isWorthRepeating(error)) {
      this.#repeated = true;
      // Other connections may have been closed with this one; after a turn of the loop that is known, and they are gone.
      setImmediate(() => {
        if (!this.#settled) this.send();
      });
      return;
    }
    this.#fail(isNoHttp(error) ? 'SUBGRAPH_MALFORMED' : 'SUBGRAPH_UNAVAILABLE', error);
  }

  /** A server may close a connection that was idle at the moment we use it again: that says nothing about the question. */
  #isWorthRepeating(error: Error): boolean {
    return this.#options.repeatable && !this.#repeated && !this.#answering && wasUsedBefore(error);
  }

  #failAsTooLarge(): void {
    const { maxAnswerSize } = this.#options;
    this.#fail('SUBGRAPH_MALFORMED', new Error(`an answer of more than ${maxAnswerSize} bytes`));
  }

  #fail(code: ErrorCode, cause?: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#reject(clientError(code, { cause }));
    // The connection goes with it: what still comes on it would be taken for the answer to the next question.
    this.#controller?.abort(new Error(code));
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#stopListening();
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
