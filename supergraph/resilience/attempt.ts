// Owns one of several attempts at the same question: what it was told is the client's only if it is the one that counts.
import type { Cancellation } from '../foundation/cancellation.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';

export class Attempt {
  readonly context: RequestContext;
  readonly #given: RequestContext;
  #told: [name: string, value: string][] | undefined;

  /** With a signal it can be ended without the others. */
  constructor(given: RequestContext, signal?: Cancellation) {
    this.#given = given;
    const hears = given.answerHeader !== undefined;
    if (!hears && signal === undefined) {
      this.context = given;
      return;
    }
    this.context = {
      ...given,
      ...(signal && { signal }),
      ...(hears && { answerHeader: (name, value) => this.#hold(name, value) }),
    };
  }

  #hold(name: string, value: string): void {
    this.#told ??= [];
    this.#told.push([name, value]);
  }

  /** This one is it: what it was told is told on. */
  counts(): void {
    for (const [name, value] of this.#told ?? []) this.#given.answerHeader?.(name, value);
  }
}
