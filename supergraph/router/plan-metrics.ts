// Owns plans as metrics in Prometheus' text format.
import type { PlanCounts } from '../planner/plan-cache.ts';

/** A counter of this process: plans that were not in memory, by where they came from. */
export function planMetrics(counts: Readonly<PlanCounts>, bff: string): string {
  const name = bff.replaceAll(/["\\]/g, '\\$&');
  return [
    '# HELP tributary_plans_total Plans that were not in memory, by where they were found or made.',
    '# TYPE tributary_plans_total counter',
    ...Object.entries(counts).map(
      ([from, count]) => `tributary_plans_total{bff="${name}",from="${from}"} ${count}`,
    ),
    '',
  ].join('\n');
}
