// Owns what a short run must show, so that a change that makes us slow is not noticed by users first.
import type { LoadTable } from './report/result.ts';

/** What is promised as a ratio to stock, by scenario. */
const promised: Record<string, number> = { heavy: 10, 'one-fetch': 6 };

export const smokeScenarios = Object.keys(promised);

/** What is below half of the promise, in sentences; empty when all is well. */
export function smokeProblems(tables: readonly LoadTable[]): string[] {
  return smokeScenarios.flatMap((name) => {
    const least = (promised[name] ?? 0) / 2;
    const table = tables.find((one) => one.name === name);
    const row = table?.rows.find(({ peer }) => peer === 'tributary');
    if (row?.ratio === undefined) return [`${name}: ${row?.failed ?? 'there is no ratio'}`];
    if (row.ratio.median >= least) return [];
    const excuse = table?.invalid === undefined ? '' : ` (${table.invalid})`;
    return [
      `${name}: ${row.ratio.median.toFixed(2)} times ${table?.baseline}, at least ${least} must be${excuse}`,
    ];
  });
}
