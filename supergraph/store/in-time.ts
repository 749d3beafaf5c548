// Owns waiting for something no longer than so many milliseconds, on a thread that may be busy meanwhile.

/** Instead of an answer that did not come in time. */
export const late = Symbol('late');

/** Rejects as the work does; what the work comes to later is nobody's concern. */
export function inTime<Answer>(work: Promise<Answer>, patience: number): Promise<Answer | typeof late> {
  return new Promise((resolve, reject) => {
    // What came while this thread was busy is read between the timer and the immediate, and is not late.
    const timer = setTimeout(() => setImmediate(resolve, late), patience);
    work.then(
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
