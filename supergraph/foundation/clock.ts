// Owns the time by which tokens, keys and sunsets are judged; a test brings its own.

export interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds since any moment; nobody sets it back. Where it is left out, `now` is not set back either. */
  steady?: () => number;
  /** Calls back once, in so many milliseconds, unless the function it gives is called before. Keeps no process alive. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  steady: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

/** Milliseconds by which a clock must have been set forward, or stood still, to count. */
const leastLeap = 1000;

/**
 * Whole milliseconds since 1970, as far as can be told by a clock that is never set back: for how long something lasts. It
 * follows one that is set forward, for a machine may have slept.
 */
export function steadyTime({ now, steady }: Pick<Clock, 'now' | 'steady'>): () => number {
  if (steady === undefined) return now;
  let start = now() - steady();
  return () => {
    const time = Math.floor(start + steady());
    const told = now();
    if (told - time < leastLeap) return time;
    start += told - time;
    return told;
  };
}
