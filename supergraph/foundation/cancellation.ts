// Owns telling all that is under way for a request that nobody waits for its answer any more.

/** Something that can be ended from outside. */
export interface Cancellable {
  cancel: () => void;
}

/**
 * An AbortController and its signal in one, for requests of which most are never given up: making a real signal and
 * listening to it costs as much as a quarter of a fetch.
 */
export class Cancellation {
  readonly #cancellables: Cancellable[] = [];
  #controller: AbortController | undefined;
  #aborted = false;
  #reason: unknown;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const each of [...this.#cancellables]) each.cancel();
  }

  /** For those who need a real one; the same each time. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** How many would be ended. */
  get size(): number {
    return this.#cancellables.length;
  }

  /** Not once it has aborted. */
  add(each: Cancellable): void {
    this.#cancellables.push(each);
  }

  delete(each: Cancellable): void {
    const index = this.#cancellables.indexOf(each);
    const last = index === -1 ? undefined : this.#cancellables.pop();
    if (last !== undefined && last !== each) this.#cancellables[index] = last;
  }
}
