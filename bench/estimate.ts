// Owns how long a bench takes, so that whoever starts one can plan the hour.
import type { GraphName } from './graphs/graphs.ts';
import { type Contestant, takingPart } from './scenarios/contestant.ts';
import { type Among, planningScenario, type Scenario } from './scenarios/scenarios.ts';

export interface Plan {
  contestants: readonly Contestant[];
  scenarios: readonly Scenario[];
  planning: boolean;
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
}

/** Seconds, as found on two cores that did nothing else. */
const takes = {
  /** An origin, its stand-in and their end. */
  stage: 12,
  /** A gateway's start, both comparisons and what it needs to come to rest after warming up. */
  gateway: 4,
  /** What a round needs beside its load: the start of wrk, and the gateway's rest. */
  round: 0.6,
  /** All first answers of one gateway: those that do not keep plans need most of a minute. */
  planning: 30,
};

/** How long all of it takes, in seconds. */
export function estimateSeconds(plan: Plan): number {
  const { contestants, scenarios, rounds, seconds, warmUpSeconds } = plan;
  const place = { supergraph: '', standIn: { url: '' }, identity: {}, recording: '' };
  const present = (graph: GraphName, among: Among) =>
    takingPart(contestants, { ...place, graph }, among).length;
  const loads = scenarios.map(({ graph, among, times }) => {
    const each = takes.gateway + warmUpSeconds + rounds * (seconds * times + takes.round);
    return present(graph, among) * each;
  });
  const graphs = new Set(scenarios.map(({ graph }) => graph)).size;
  const planning = plan.planning
    ? takes.stage + present(planningScenario.graph, planningScenario.among) * takes.planning
    : 0;
  return graphs * takes.stage + loads.reduce((sum, one) => sum + one, 0) + planning;
}
