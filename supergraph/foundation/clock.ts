// Owns the time by which tokens, keys and sunsets are judged; a test brings its own.

export interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Calls back once, in so many milliseconds, unless the function it gives is called before. Keeps no process alive. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
