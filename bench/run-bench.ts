// Owns the order of a bench: stage by stage, on each stage its scenarios, and one result at the end.

import type { Plan } from './estimate.ts';
import type { GraphName } from './graphs/graphs.ts';
import { createIdentities } from './load/identities.ts';
import type { Processes } from './measure/processes.ts';
import type { LoadTable, PlanningTable } from './report/result.ts';
import { runLoad } from './scenarios/run-load.ts';
import { runPlanning } from './scenarios/run-planning.ts';
import { planningScenario } from './scenarios/scenarios.ts';
import { type Stage, setStage } from './scenarios/stage.ts';
import { compileStandIn } from './stand-in/stand-in.ts';

export interface BenchOptions extends Plan {
  processes: Processes;
  /** A contestant's name. */
  baseline: string;
  folder: string;
  say: (line: string) => void;
  /** The stage that stands, for whoever must clear it away before the end. */
  onStage: (stage: Stage | undefined) => void;
}

/** Gateways have core 0; load, stand-in and origins core 1. */
export const cores = { gateway: 0, load: 1 } as const;

export async function runBench(
  options: BenchOptions,
): Promise<{ loads: LoadTable[]; planning: PlanningTable | undefined }> {
  const { scenarios, folder } = options;
  const standIn = await compileStandIn(folder);
  const onStage = async <Found>(graph: GraphName, play: (stage: Stage) => Promise<Found>): Promise<Found> => {
    const stage = await setStage(graph, { standIn, core: cores.load, folder });
    options.onStage(stage);
    try {
      return await play(stage);
    } finally {
      options.onStage(undefined);
      await stage.stop();
    }
  };
  const identities = await createIdentities(folder);
  const loads: LoadTable[] = [];
  try {
    for (const graph of new Set(scenarios.map((scenario) => scenario.graph))) {
      await onStage(graph, async (stage) => {
        for (const scenario of scenarios.filter((one) => one.graph === graph)) {
          loads.push(await runLoad(scenario, { ...options, stage, identities, cores }));
        }
      });
    }
    const planning = options.planning
      ? await onStage(planningScenario.graph, (stage) =>
          runPlanning(planningScenario, { ...options, stage, identities, cores }),
        )
      : undefined;
    return { loads, planning };
  } finally {
    identities.stop();
  }
}
