// Owns the worker thread that plans: Apollo's planner, loaded and built here alone, because it blocks and is heavy.
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openPlannerGraph } from './planner-graph.ts';
import type { PlannerReply, PlannerWorkerData } from './planner-thread.ts';

/** Of 19: still a tenth of a core that somebody else wants all of. */
const planningPriority = 10;

const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

// Where threads have priorities of their own, whoever is served goes before whoever waits for a plan.
if (process.platform === 'linux') setPriority(planningPriority);

const reply = (message: PlannerReply): void => port.postMessage(message);
const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  const { supergraph } = workerData as PlannerWorkerData;
  const graph = openPlannerGraph(supergraph);
  port.on('message', (operation: string) => {
    try {
      reply({ kind: 'planned', plan: graph.plan(operation) });
    } catch (error) {
      reply({ kind: 'failed', reason: sentence(error) });
    }
  });
  reply({ kind: 'ready', apiSchemaSdl: graph.apiSchemaSdl, version: graph.version });
} catch (error) {
  reply({ kind: 'unloadable', reason: sentence(error) });
}
