// Owns writing an answer until nothing has to be found out any more: what stands in for failed fields may have to be asked for.
import type { Degradation } from '../foundation/degradation.ts';
import type { JsonObject } from './failure.ts';
import type { OperationAnswer, Projection, ProjectionInput } from './projection/compile-projection.ts';
import type { Findings } from './projection/stand-ins.ts';

/** What was found may be followed by what else may stand in there, and that by something in what it stands in. */
const mostRounds = 10;

/** Rejects only when the request was given up. */
export async function projectWithStandIns(
  project: Projection,
  data: JsonObject,
  { stoodIn = [], ...input }: ProjectionInput & { stoodIn?: readonly Degradation[] | undefined },
): Promise<OperationAnswer> {
  const findings: Findings = new Map();
  for (let round = 0; ; round++) {
    const run = round < mostRounds ? input.run : undefined;
    const { demands, good, ...answer } = project(data, { ...input, run, findings });
    if (run === undefined || demands.length === 0) {
      if (stoodIn.length > 0) return { ...answer, degraded: [...(answer.degraded ?? []), ...stoodIn] };
      if (good.length > 0) run?.remember(good);
      return answer;
    }
    const found = await run.find(demands);
    for (const [index, { object, fallbacks, at }] of demands.entries()) {
      const known = findings.get(object) ?? new Map();
      known.set(fallbacks, { at, found: found[index] });
      findings.set(object, known);
    }
  }
}
