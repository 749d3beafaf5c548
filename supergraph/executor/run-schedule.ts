// Owns running a plan's requests: each as soon as what it needs is there, in the order that promises the earlier end.
import type { Execution, Step } from './execution.ts';
import type { Latencies } from './latencies.ts';
import type { Schedule } from './schedule.ts';

/** Rejects like its steps. */
export function runSchedule(schedule: Schedule, steps: readonly Step[]): Step {
  const [only] = steps;
  if (steps.length === 1 && only) return only;
  const order: Order = {
    steps,
    waitsFor: schedule.map(({ after }) => after.length),
    next: schedule.map((_, index) =>
      schedule.flatMap(({ after }, later) => (after.includes(index) ? [later] : [])),
    ),
    first: schedule.flatMap(({ after }, index) => (after.length === 0 ? [index] : [])),
  };
  return (execution) => new Promise((resolve, reject) => new Run(order, execution, resolve, reject).begin());
}

interface Order {
  steps: readonly Step[];
  /** How many others each step waits for. */
  waitsFor: readonly number[];
  /** Which others wait for each step. */
  next: readonly (readonly number[])[];
  first: readonly number[];
}

class Run {
  private readonly order: Order;
  private readonly execution: Execution;
  private readonly resolve: () => void;
  private readonly reject: (reason: unknown) => void;
  private readonly waiting: number[];
  private left: number;

  constructor(order: Order, execution: Execution, resolve: () => void, reject: (reason: unknown) => void) {
    this.order = order;
    this.execution = execution;
    this.resolve = resolve;
    this.reject = reject;
    this.waiting = [...order.waitsFor];
    this.left = order.steps.length;
  }

  begin(): void {
    for (const index of this.order.first) this.start(index);
  }

  private start(index: number): void {
    const { signal } = this.execution.context;
    if (signal?.aborted) this.reject(signal.reason);
    else this.order.steps[index]?.(this.execution).then(() => this.over(index), this.reject);
  }

  private over(index: number): void {
    this.left -= 1;
    if (this.left === 0) this.resolve();
    for (const later of this.order.next[index] ?? []) {
      const still = (this.waiting[later] ?? 0) - 1;
      this.waiting[later] = still;
      if (still === 0) this.start(later);
    }
  }
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
