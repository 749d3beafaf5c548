// Owns one worker thread that plans: its start, its one plan at a time, and its end in bounded time and memory.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Deferred, deferred } from './deferred.ts';
import type { QueryPlan } from './plan.ts';

export interface PlannerWorkerData {
  /** Paths of what is loaded first, of what reads TypeScript, and of the worker's file. */
  packages: readonly string[];
  loader: string;
  file: string;
  /** SDL. */
  supergraph: string;
}

export type PlannerReply =
  | { kind: 'ready'; apiSchemaSdl: string; version: string }
  | { kind: 'unloadable'; reason: string }
  | { kind: 'planned'; plan: QueryPlan }
  | { kind: 'failed'; reason: string };

export interface LoadedGraph {
  apiSchemaSdl: string;
  version: string;
}

/** The supergraph itself is at fault: another thread would fail alike. */
export class UnloadableSupergraph extends Error {
  override name = 'UnloadableSupergraph';
}

/** The planner said that it cannot plan this operation; the thread is as good as before. */
export class PlanningFailure extends Error {
  override name = 'PlanningFailure';
}

export interface PlannerThread {
  /** Rejects with an UnloadableSupergraph, or with what ended the thread. */
  ready: Promise<LoadedGraph>;
  /** One at a time, after `ready`. Rejects with a PlanningFailure, or with what ended the thread. */
  plan: (operation: string) => Promise<QueryPlan>;
  /** Whatever waits rejects. */
  stop: () => Promise<void>;
}

export interface PlannerThreadOptions {
  /** SDL. */
  supergraph: string;
  /** MB of objects that live long; a thread that needs more ends. */
  heap: number;
}

// Node 20 hands a thread none of the loaders that were given to the process by `--import`. The CommonJS road of tsx is
// taken because it needs no second thread beside this one. The large packages come before it: it would look at each of
// their files, which is a quarter of the time until a thread is ready.
const loadWorker = `const { packages, loader, file } = require('node:worker_threads').workerData;
for (const one of packages) require(one);
require(loader).register();
require(file);`;
const { resolve: pathOf } = createRequire(import.meta.url);
const packages = ['@apollo/query-planner', '@apollo/federation-internals', 'graphql'].map((name) =>
  pathOf(name),
);
const loader = pathOf('tsx/cjs/api');
const file = fileURLToPath(new URL('planner-worker.ts', import.meta.url));

export function startPlannerThread({ supergraph, heap }: PlannerThreadOptions): PlannerThread {
  const worker = new Worker(loadWorker, {
    eval: true,
    workerData: { packages, loader, file, supergraph } satisfies PlannerWorkerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heap },
    name: 'planner',
  });
  const ready = deferred<LoadedGraph>();
  let planning: Deferred<QueryPlan> | undefined;
  let ended: Error | undefined;

  function end(reason: Error): void {
    ended ??= reason;
    ready.reject(ended);
    planning?.reject(ended);
    planning = undefined;
  }

  worker.on('message', (reply: PlannerReply) => {
    if (reply.kind === 'ready') {
      ready.resolve({ apiSchemaSdl: reply.apiSchemaSdl, version: reply.version });
    } else if (reply.kind === 'unloadable') {
      end(new UnloadableSupergraph(reply.reason));
      void worker.terminate();
    } else {
      const { resolve, reject } = planning ?? {};
      planning = undefined;
      if (reply.kind === 'planned') resolve?.(reply.plan);
      else reject?.(new PlanningFailure(reply.reason));
    }
  });
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => end(new Error(`The planner's thread ended with code ${code}.`)));
  // Who starts a thread may be interested in its plans alone.
  ready.promise.catch(() => {});

  return {
    ready: ready.promise,
    plan(operation) {
      if (ended) return Promise.reject(ended);
      if (planning) return Promise.reject(new Error('A planner thread plans one operation at a time.'));
      const waiting = deferred<QueryPlan>();
      planning = waiting;
      worker.postMessage(operation);
      return waiting.promise;
    },
    async stop() {
      end(new Error("The planner's thread was stopped."));
      await worker.terminate();
    },
  };
}
