// Owns telling again what a mutation may still change that was given up: nobody says when its subgraph is done with it.

/** Milliseconds for which it is told again. */
const lasting = 60_000;
/** Milliseconds between two times at least; and half of what has passed since it was given up. */
const leastPause = 1_000;

export interface LateChanges {
  /** What may change later, by marks; it has been told once. */
  expect: (marks: readonly string[]) => void;
  stop: () => void;
}

/** Calls `tell` with what is due. There are no more marks than the schema has types. */
export function createLateChanges(tell: (marks: readonly string[]) => void): LateChanges {
  const expected = new Map<string, { since: number; toldAt: number }>();
  let timer: NodeJS.Timeout | undefined;

  function tellDue(): void {
    timer = undefined;
    const now = performance.now();
    const due: string[] = [];
    for (const [mark, one] of expected) {
      const passed = now - one.since;
      // Timers may come a little early.
      if (passed >= lasting || now - one.toldAt >= Math.max(leastPause, passed / 2) - 50) {
        one.toldAt = now;
        due.push(mark);
      }
      if (passed >= lasting) expected.delete(mark);
    }
    if (due.length > 0) tell(due);
    if (expected.size > 0) wait();
  }

  function wait(): void {
    timer ??= setTimeout(tellDue, leastPause).unref();
  }

  return {
    expect(marks) {
      const now = performance.now();
      // What is expected already is told when it was to be, however often it is expected anew.
      for (const mark of marks) {
        expected.set(mark, { since: now, toldAt: expected.get(mark)?.toldAt ?? now });
      }
      if (expected.size > 0) wait();
    },
    stop() {
      clearTimeout(timer);
      expected.clear();
    },
  };
}
