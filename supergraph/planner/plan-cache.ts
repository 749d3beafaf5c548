// Owns remembering plans: in memory, bounded, and on disk where a folder is given; what cannot be planned is not asked
// for again at once.
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { clientError } from '../foundation/errors.ts';
import type { Planner, PlannerLog } from './create-planner.ts';
import type { QueryPlan } from './plan.ts';
import { createPlanFolder, type PlanFolder } from './plan-folder.ts';

export interface PlanCache {
  /** Plan of a canonical operation's text. Rejects like the planner's. */
  plan: (operation: string) => Promise<QueryPlan>;
  /** Plans operations before anybody asks for them; resolves with those for which there is no plan, and why. */
  warm: (operations: readonly string[]) => Promise<WarmFailure[]>;
  /** Resolves when all plans are on disk. The planner stays open. */
  close: () => Promise<void>;
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

  async function find(operation: string): Promise<QueryPlan> {
    const stored = await folder?.read(operation);
    if (stored) {
      keep(operation, stored);
      return stored;
    }
    try {
      const plan = await planner.plan(operation);
      keep(operation, plan);
      folder?.write(operation, plan);
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

  async function plan(operation: string): Promise<QueryPlan> {
    const kept = plans.get(operation);
    if (kept) return kept.plan;
    if (refused.has(operation)) throw clientError('PLANNING_TIMEOUT');
    const known = pending.get(operation);
    if (known) return known;
    const finding = find(operation).finally(() => pending.delete(operation));
    pending.set(operation, finding);
    return finding;
  }

  return {
    plan,
    async warm(operations) {
      const failures: WarmFailure[] = [];
      const rest = operations.values();
      const work = async (): Promise<void> => {
        for (const operation of rest) {
          await plan(operation).catch((error: unknown) => failures.push({ operation, error }));
        }
      };
      await Promise.all(Array.from({ length: warmedAtOnce }, work));
      return failures;
    },
    async close() {
      await folder?.close();
    },
  };
}

interface KeptPlan {
  plan: QueryPlan;
  /** Characters, of the operation too. */
  size: number;
}
