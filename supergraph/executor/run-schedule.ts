// Owns running a plan's requests: each as soon as what it needs is there, in the order that promises the earlier end.
import type { Step } from './execution.ts';
import type { Latencies } from './latencies.ts';
import type { Schedule } from './schedule.ts';

/** Rejects like its steps. */
export function runSchedule(schedule: Schedule, steps: readonly Step[]): Step {
  const [only] = steps;
  if (steps.length === 1 && only) return only;
  const waitsFor = schedule.map(({ after }) => after.length);
  const next = schedule.map((_, index) =>
    schedule.flatMap(({ after }, later) => (after.includes(index) ? [later] : [])),
  );
  const first = schedule.flatMap(({ after }, index) => (after.length === 0 ? [index] : []));
  return (execution) =>
    new Promise((resolve, reject) => {
      const waiting = [...waitsFor];
      let left = steps.length;
      const start = (index: number): void => {
        const step = steps[index];
        if (step === undefined || execution.context.signal?.aborted) {
          reject(execution.context.signal?.reason);
          return;
        }
        step(execution).then(() => over(index), reject);
      };
      const over = (index: number): void => {
        left -= 1;
        if (left === 0) resolve();
        for (const later of next[index] ?? []) {
          const still = (waiting[later] ?? 0) - 1;
          waiting[later] = still;
          if (still === 0) start(later);
        }
      };
      for (const index of first) start(index);
    });
}

/** Whether `joined`, which makes fewer requests, is expected to end no later than `apart`, or hardly so. */
export function isWorthJoining(joined: Schedule, apart: Schedule, latencies: Latencies): boolean {
  const patience = expectedTime(apart, latencies) * (1 + worthOfARequest) + 1;
  return expectedTime(joined, latencies) <= patience;
}

const worthOfARequest = 0.05;

/** Milliseconds of the longest way through the schedule. A subgraph that has hardly been asked counts as quick. */
function expectedTime(schedule: Schedule, latencies: Latencies): number {
  const ends: number[] = [];
  let last = 0;
  for (const { subgraph, after } of schedule) {
    let start = 0;
    for (const before of after) start = Math.max(start, ends[before] ?? 0);
    const end = start + (latencies.expected(subgraph) ?? 0);
    ends.push(end);
    last = Math.max(last, end);
  }
  return last;
}
