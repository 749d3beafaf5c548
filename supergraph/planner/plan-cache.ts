// Owns remembering plans: in memory, bounded, on disk where a folder is given, and for all replicas where a store is; what
// cannot be planned is not asked for again at once.
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { clientError } from '../foundation/errors.ts';
import type { Store } from '../store/store.ts';
import type { Planner, PlannerLog } from './create-planner.ts';
import type { QueryPlan } from './plan.ts';
import { createPlanFolder, type PlanFolder } from './plan-folder.ts';
import { createPlanStore, type PlanStore } from './plan-store.ts';

export interface PlanCache {
  /** Plan of a canonical operation's text. Rejects like the planner's. */
  plan: (operation: string) => Promise<QueryPlan>;
  /** Plans operations before anybody asks for them; resolves with those for which there is no plan, and why. */
  warm: (operations: readonly string[]) => Promise<WarmFailure[]>;
  /** What was done until now for plans that were not in memory. */
  counts: () => Readonly<PlanCounts>;
  /** Resolves when all plans are on disk, and in the store if it takes them. Planner and store stay open. */
  close: () => Promise<void>;
}

export interface PlanCounts {
  /** Operations that the planner was given. */
  planner: number;
  /** Plans that were found on disk, and in the store. */
  folder: number;
  store: number;
}

export interface WarmFailure {
  operation: string;
  error: unknown;
}

export interface PlanCacheOptions {
  planner: Pick<Planner, 'plan' | 'version'>;
  /** Plans in memory. */
  entries?: number;
  /** Characters of all operations and plans in memory together. */
  characters?: number;
  /** Where plans are kept for the next start and for other processes; without it in memory alone. */
  folder?: string;
  /** Plans on disk, of all versions of the graph. */
  files?: number;
  /** Bytes on disk, of all versions of the graph. */
  bytes?: number;
  /** Where replicas find each other's plans. It is asked after the folder, and waited for as long as it says itself. */
  store?: Store;
  /** Milliseconds for which an operation that took too long to plan is refused at once. */
  refusal?: number;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
  log?: PlannerLog;
}

/** So many operations are planned at once ahead of need: clients that come meanwhile wait behind these at most. */
const warmedAtOnce = 4;

export function createPlanCache(options: PlanCacheOptions): PlanCache {
  const { planner, log, now = () => performance.now() } = options;
  const plans = new LRUCache<string, KeptPlan>({
    max: options.entries ?? 5_000,
    maxSize: options.characters ?? 50_000_000,
    sizeCalculation: ({ size }) => size,
  });
  const refused = new LRUCache<string, true>({
    max: 1_000,
    ttl: options.refusal ?? 30_000,
    ttlResolution: 0,
    perf: { now },
  });
  const pending = new Map<string, Promise<QueryPlan>>();
  const folder: PlanFolder | undefined =
    options.folder === undefined
      ? undefined
      : createPlanFolder({
          path: options.folder,
          version: planner.version,
          files: options.files ?? 20_000,
          bytes: options.bytes ?? 200_000_000,
          ...(log && { log }),
        });

  const shared: PlanStore | undefined =
    options.store && createPlanStore({ store: options.store, version: planner.version });
  const counts: PlanCounts = { planner: 0, folder: 0, store: 0 };

  async function find(operation: string): Promise<QueryPlan> {
    const stored = await onDisk(operation);
    if (stored) return stored;
    const others = await shared?.read(operation);
    return others ? adopt(operation, others) : make(operation);
  }

  async function onDisk(operation: string): Promise<QueryPlan | undefined> {
    const plan = await folder?.read(operation);
    if (plan === undefined) return undefined;
    counts.folder += 1;
    keep(operation, plan);
    // A store that was emptied is filled again so, and what is used stays in it.
    shared?.write(operation, plan);
    return plan;
  }

  /** Takes a plan that another replica has made. */
  function adopt(operation: string, plan: QueryPlan): QueryPlan {
    counts.store += 1;
    keep(operation, plan);
    folder?.write(operation, plan);
    return plan;
  }

  async function make(operation: string): Promise<QueryPlan> {
    counts.planner += 1;
    try {
      const plan = await planner.plan(operation);
      keep(operation, plan);
      folder?.write(operation, plan);
      shared?.write(operation, plan);
      return plan;
    } catch (error) {
      const isCostly = error instanceof GraphQLError && error.extensions['code'] === 'PLANNING_TIMEOUT';
      if (isCostly) refused.set(operation, true);
      throw error;
    }
  }

  function keep(operation: string, plan: QueryPlan): void {
    plans.set(operation, { plan, size: operation.length + JSON.stringify(plan).length });
  }

  async function plan(operation: string, otherwise = find): Promise<QueryPlan> {
    const kept = plans.get(operation);
    if (kept) return kept.plan;
    if (refused.has(operation)) throw clientError('PLANNING_TIMEOUT');
    const known = pending.get(operation);
    if (known) return known;
    const finding = otherwise(operation).finally(() => pending.delete(operation));
    pending.set(operation, finding);
    return finding;
  }

  return {
    plan: (operation) => plan(operation),
    async warm(operations) {
      const failures: WarmFailure[] = [];
      const missing: string[] = [];
      await someAtOnce(operations, async (operation) => {
        if (!plans.has(operation) && !(await onDisk(operation))) missing.push(operation);
      });
      // Together, and with more time than one of them would have: nobody waits for an answer yet.
      const others = await shared?.readAll(missing);
      for (const [operation, one] of others ?? []) adopt(operation, one);
      const unknown = missing.filter((operation) => !others?.has(operation));
      await someAtOnce(unknown, async (operation) => {
        await plan(operation, make).catch((error: unknown) => failures.push({ operation, error }));
      });
      return failures;
    },
    counts: () => counts,
    async close() {
      await Promise.all([folder?.close(), shared?.close()]);
    },
  };
}

async function someAtOnce(
  operations: readonly string[],
  work: (operation: string) => Promise<void>,
): Promise<void> {
  const rest = operations.values();
  const worker = async (): Promise<void> => {
    for (const operation of rest) await work(operation);
  };
  await Promise.all(Array.from({ length: warmedAtOnce }, worker));
}

interface KeptPlan {
  plan: QueryPlan;
  /** Characters, of the operation too. */
  size: number;
}
