// Owns waiting on behalf of a request: until it is over, the client has gone or the request's time is at its end, whatever comes first.
import type { Cancellable } from '../foundation/cancellation.ts';
import { clientError } from '../foundation/errors.ts';
import { deadlineOver, leastTime, timeLeft } from '../transport/deadline-over.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';

export class Waiting implements Cancellable {
  readonly #context: RequestContext;
  readonly #gone: () => void;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  /** `gone` hears that it is given up. */
  constructor(context: RequestContext, gone: () => void = () => {}) {
    this.#context = context;
    this.#gone = gone;
  }

  /** Once. Ends with `end`, or rejects with REQUEST_CANCELLED or SUBGRAPH_TIMEOUT. */
  begin(): Promise<void> {
    const over = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { signal } = this.#context;
    const left = timeLeft(this.#context);
    if (signal?.aborted) this.cancel();
    else if (left < leastTime) this.#giveUp(deadlineOver());
    else {
      signal?.add(this);
      if (left !== Number.POSITIVE_INFINITY) {
        this.#timer = setTimeout(() => this.#giveUp(deadlineOver()), left).unref();
      }
    }
    return over;
  }

  end(): void {
    this.#clear();
    this.#resolve();
  }

  cancel(): void {
    this.#giveUp(clientError('REQUEST_CANCELLED'));
  }

  #giveUp(error: Error): void {
    this.#clear();
    this.#gone();
    this.#reject(error);
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#context.signal?.delete(this);
  }
}
