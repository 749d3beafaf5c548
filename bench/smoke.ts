// Owns what a short run must show, so that a change that makes us slow is not noticed by users first.
import type { LoadTable } from './report/result.ts';

/** What is promised of ours as a ratio to the scenario's baseline. */
const promises = [
  { scenario: 'heavy', peer: 'tributary', ratio: 10 },
  { scenario: 'one-fetch', peer: 'tributary', ratio: 6 },
  { scenario: 'guarded', peer: 'guarded', ratio: 8 },
  { scenario: 'cached-slow', peer: 'caching', ratio: 3 },
  { scenario: 'response-cache', peer: 'responses', ratio: 0.7 },
] as const;

export const smokeScenarios: readonly string[] = promises.map(({ scenario }) => scenario);

/** Those of whom it is promised, and those whom they are held against. */
export const smokePeers: readonly string[] = [
  ...new Set([...promises.map(({ peer }) => peer), 'apollo', 'null-server']),
];

/** What is below half of the promise, in sentences; empty when all is well. */
export function smokeProblems(tables: readonly LoadTable[]): string[] {
  return promises.flatMap(({ scenario, peer, ratio }) => {
    const least = ratio / 2;
    const table = tables.find(({ name }) => name === scenario);
    const row = table?.rows.find((one) => one.peer === peer);
    if (row?.ratio === undefined) return [`${scenario}: ${row?.failed ?? 'there is no ratio'}`];
    if (row.ratio.median >= least) return [];
    const excuse = table?.invalid === undefined ? '' : ` (${table.invalid})`;
    return [
      `${scenario}: ${row.ratio.median.toFixed(2)} times ${table?.baseline}, at least ${least} must be${excuse}`,
    ];
  });
}
