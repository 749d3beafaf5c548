// Owns the planner as the router sees it: operations in, plans out, in bounded time and memory, off the serving thread.
import { type DocumentNode, print } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { QueryPlan } from './plan.ts';
import {
  type LoadedGraph,
  type PlannerThread,
  PlanningFailure,
  startPlannerThread,
  UnloadableSupergraph,
} from './planner-thread.ts';

export interface Planner {
  /** SDL of what clients may see. */
  apiSchemaSdl: string;
  /** Of the supergraph as the planner reads it, the planner and our plan types: plans are good where it is the same. */
  version: string;
  /**
   * Plan of a canonical operation's text (one valid operation, no fragments, no conditions). Rejects with
   * PLANNING_TIMEOUT, PLANNING_FAILED or PLANNER_OVERLOADED.
   */
  plan: (operation: string) => Promise<QueryPlan>;
  /** What waits rejects; all threads end. */
  close: () => Promise<void>;
}

export interface PlannerOptions {
  /** SDL or its document. */
  supergraph: DocumentNode | string;
  /** Threads; all but the first are started when an operation has waited for half a second. */
  workers?: number;
  /** Milliseconds that planning one operation may take. */
  timeout?: number;
  /** Milliseconds that an operation may wait for its turn; three times the timeout when left out. */
  patience?: number;
  /** MB of memory a thread may use for objects that live long. */
  heap?: number;
  /** Operations that may wait for their turn. */
  queue?: number;
  /** Milliseconds after which a thread beside the first ends when it has nothing to do. */
  idle?: number;
  log?: PlannerLog;
}

export interface PlannerLog {
  warn: (details: object, message: string) => void;
}

/** Rejects with a StartupProblem when the supergraph cannot be loaded. */
export async function createPlanner(options: PlannerOptions): Promise<Planner> {
  const pool = new PlannerPool(options);
  const { apiSchemaSdl, version } = await pool.open();
  return {
    apiSchemaSdl,
    version,
    plan: (operation) => pool.plan(operation),
    close: () => pool.close(),
  };
}

interface Job extends Deferred<QueryPlan> {
  operation: string;
  /** Ends its waiting, then its planning. */
  limit?: NodeJS.Timeout;
  /** Starts another thread for it. */
  growth?: NodeJS.Timeout;
}

interface Slot {
  thread: PlannerThread;
  state: 'starting' | 'idle' | 'planning';
  idleTimer?: NodeJS.Timeout;
}

const waitBeforeGrowth = 500;

/** After that many starts in a row that failed, nothing is started for a while. */
const mostFailedStarts = 2;
const pauseAfterFailedStarts = 5_000;

class PlannerPool {
  private readonly supergraph: string;
  private readonly workers: number;
  private readonly timeout: number;
  private readonly patience: number;
  private readonly heap: number;
  private readonly longestQueue: number;
  private readonly idle: number;
  private readonly log: PlannerLog | undefined;
  private readonly slots = new Set<Slot>();
  /** Operations wait in the order of their coming. */
  private readonly waiting = new Set<Job>();
  private readonly jobs = new Map<string, Job>();
  private failedStarts = 0;
  private pausedUntil = 0;
  private closed = false;

  constructor(options: PlannerOptions) {
    const { supergraph } = options;
    this.supergraph = typeof supergraph === 'string' ? supergraph : print(supergraph);
    this.workers = options.workers ?? 2;
    this.timeout = options.timeout ?? 10_000;
    this.patience = options.patience ?? 3 * this.timeout;
    this.heap = options.heap ?? 512;
    this.longestQueue = options.queue ?? 100;
    this.idle = options.idle ?? 60_000;
    this.log = options.log;
  }

  async open(): Promise<LoadedGraph> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.start().thread.ready;
      } catch (error) {
        if (!(error instanceof UnloadableSupergraph) && attempt < mostFailedStarts) continue;
        await this.close();
        const reason = error instanceof Error ? error.message : String(error);
        throw new StartupProblem(`The supergraph cannot be loaded by the planner: ${reason}`);
      }
    }
  }

  plan(operation: string): Promise<QueryPlan> {
    const known = this.jobs.get(operation);
    if (known) return known.promise;
    if (this.closed) return Promise.reject(failed('The planner is closed.'));
    if (this.waiting.size >= this.longestQueue) return Promise.reject(clientError('PLANNER_OVERLOADED'));
    const job: Job = { operation, ...deferred<QueryPlan>() };
    this.jobs.set(operation, job);
    this.waiting.add(job);
    job.limit = setTimeout(() => this.settle(job, clientError('PLANNER_OVERLOADED')), this.patience);
    job.growth = setTimeout(() => this.grow(), waitBeforeGrowth);
    this.advance();
    return job.promise;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const job of [...this.jobs.values()]) this.settle(job, failed('The planner is closed.'));
    const slots = [...this.slots];
    this.slots.clear();
    for (const slot of slots) clearTimeout(slot.idleTimer);
    await Promise.all(slots.map(({ thread }) => thread.stop()));
  }

  /** Gives waiting operations to threads that have nothing to do. */
  private advance(): void {
    for (const job of this.waiting) {
      const slot = [...this.slots].find(({ state }) => state === 'idle');
      if (slot === undefined) break;
      void this.run(slot, job);
    }
    if (this.slots.size === 0) this.grow();
  }

  /** One thread more, where that helps those who wait. */
  private grow(): void {
    const starting = [...this.slots].filter(({ state }) => state === 'starting').length;
    if (this.closed || this.waiting.size <= starting || this.slots.size >= this.workers) return;
    if (performance.now() >= this.pausedUntil) this.start();
    else if (this.slots.size === 0) {
      for (const job of [...this.waiting]) this.settle(job, failed("The planner's threads do not start."));
    }
  }

  private async run(slot: Slot, job: Job): Promise<void> {
    slot.state = 'planning';
    clearTimeout(slot.idleTimer);
    this.waiting.delete(job);
    stopTimers(job);
    job.limit = setTimeout(() => {
      this.log?.warn({ timeout: this.timeout, operation: job.operation }, 'planning took too long');
      // First the waiter, so that it is told of the time and not of the thread's end.
      this.settle(job, clientError('PLANNING_TIMEOUT'));
      this.replace(slot);
    }, this.timeout);
    try {
      this.settle(job, await slot.thread.plan(job.operation));
      this.rest(slot);
    } catch (cause) {
      const isHarmless = cause instanceof PlanningFailure;
      // Who ends a thread, by its memory, is as costly as who takes too long.
      this.settle(job, isHarmless ? failed(cause) : clientError('PLANNING_TIMEOUT', { cause }));
      if (isHarmless) this.rest(slot);
      else this.replace(slot, cause);
    }
  }

  private start(): Slot {
    const thread = startPlannerThread({ supergraph: this.supergraph, heap: this.heap });
    const slot: Slot = { thread, state: 'starting' };
    this.slots.add(slot);
    thread.ready.then(
      () => {
        this.failedStarts = 0;
        this.rest(slot);
      },
      (cause) => {
        if (!this.slots.delete(slot)) return;
        this.failedStarts += 1;
        this.log?.warn({ err: cause }, "the planner's thread did not start");
        if (this.failedStarts >= mostFailedStarts) {
          this.failedStarts = 0;
          this.pausedUntil = performance.now() + pauseAfterFailedStarts;
        }
        this.advance();
      },
    );
    return slot;
  }

  private rest(slot: Slot): void {
    if (!this.slots.has(slot)) return;
    slot.state = 'idle';
    this.advance();
    if (slot.state !== 'idle' || this.slots.size === 1) return;
    slot.idleTimer = setTimeout(() => this.drop(slot), this.idle).unref();
  }

  private drop(slot: Slot): void {
    if (this.slots.size > 1 && this.slots.delete(slot)) void slot.thread.stop();
  }

  /** A thread that is lost or must go has another in its place before anybody waits for it. */
  private replace(slot: Slot, cause?: unknown): void {
    if (!this.slots.delete(slot)) return;
    if (cause !== undefined) this.log?.warn({ err: cause }, "the planner's thread ended");
    void slot.thread.stop();
    if (this.slots.size === 0) this.start();
    else this.grow();
    this.advance();
  }

  private settle(job: Job, outcome: QueryPlan | Error): void {
    stopTimers(job);
    this.waiting.delete(job);
    if (this.jobs.get(job.operation) === job) this.jobs.delete(job.operation);
    if (outcome instanceof Error) job.reject(outcome);
    else job.resolve(outcome);
  }
}

function stopTimers({ limit, growth }: Job): void {
  clearTimeout(limit);
  clearTimeout(growth);
}

function failed(cause: unknown): Error {
  return clientError('PLANNING_FAILED', { cause });
}
