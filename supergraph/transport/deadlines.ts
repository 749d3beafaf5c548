// Owns ending what takes too long, with one timer for all of it: each has the same time, so who began first is over first.

/** Something that can take too long. What is not `expire` belongs to the Deadlines it is in, of which there is one. */
export interface Timed {
  /** Milliseconds on the clock of `performance.now()`. */
  deadline: number;
  before: Timed | undefined;
  after: Timed | undefined;
  /** Takes itself out. */
  expire: () => void;
}

/** What began together is over together: nobody behind one that is given up shall be sent for its own last moment. */
const together = 5;

/** Exact to some milliseconds. Keeps no process alive: that is for what is waited for. */
export class Deadlines {
  readonly #timeout: number;
  #first: Timed | undefined;
  #last: Timed | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Milliseconds for each. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  add(timed: Timed): void {
    timed.deadline = performance.now() + this.#timeout;
    timed.before = this.#last;
    if (this.#last) this.#last.after = timed;
    else this.#first = timed;
    this.#last = timed;
    this.#timer ??= this.#wake(this.#timeout);
  }

  delete(timed: Timed): void {
    const { before, after } = timed;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    // A chain of what has ended would be kept as long as its youngest link.
    timed.before = undefined;
    timed.after = undefined;
  }

  #wake(inMilliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#expireThoseWhoseTimeIsOver(), inMilliseconds).unref();
  }

  // The timer is left to run when what it was set for has ended: looking once in a while costs less than setting it anew.
  #expireThoseWhoseTimeIsOver(): void {
    this.#timer = undefined;
    const now = performance.now();
    while (this.#first) {
      const left = this.#first.deadline - now;
      if (left >= together) {
        this.#timer = this.#wake(left);
        return;
      }
      this.#first.expire();
    }
  }
}
