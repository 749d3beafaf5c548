// Owns letting others have their turn: work that takes long on the serving thread is done in slices, of which one at a
// time runs between two rounds of the event loop, whoever works.

/** Milliseconds. What is done between two looks at the clock comes on top. */
const lengthOfASlice = 5;

export class WorkSlices {
  private end = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly now: () => number;

  /** `now` is in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** To be awaited between two pieces of work: waits only when the present slice is over. */
  turn(): Promise<void> | undefined {
    if (this.now() < this.end) return undefined;
    return new Promise((resolve) => {
      // The first of them runs before the event loop has looked for what else there is.
      if (this.waiting.push(resolve) === 1) setImmediate(() => setImmediate(() => this.next()));
    });
  }

  private next(): void {
    this.end = this.now() + lengthOfASlice;
    this.waiting.shift()?.();
    if (this.waiting.length > 0) setImmediate(() => this.next());
  }
}
