// Owns how many ways through the graph the planner weighs. With each level of abstract types they are multiplied, up to
// numbers that no memory holds: a list of them is one allocation, and one that is too large ends the whole process.

/** As the planner knows a path through the subgraphs. */
export interface Path {
  tail: { index: number };
  subgraphJumps: () => number;
}

/** Paths that are taken at once. */
type Way = readonly Path[];

class TooManyWays extends Error {
  override name = 'TooManyWays';
}

/** Of ways to one selection; more are thinned out to as many of them as are worth weighing. */
const mostWays = 1000;
const worthWeighing = 32;

export class BoundedWays {
  private thins = false;

  /** Once with all ways; where they are too many again with those that have the fewest detours. */
  run<T>(plan: () => T): T {
    try {
      return plan();
    } catch (error) {
      if (!(error instanceof TooManyWays)) throw error;
      this.thins = true;
      return plan();
    } finally {
      this.thins = false;
    }
  }

  /** What is left of ways to one selection. */
  options<T extends { paths: Way }>(options: readonly T[]): readonly T[] {
    return this.isBearable(options.length) ? options : shortest(options, ({ paths }) => paths);
  }

  /** What is left of lists of ways when each way of one is to be taken with each of all others. */
  factors(factors: readonly (readonly Way[])[]): readonly (readonly Way[])[] {
    if (this.isBearable(productOf(factors))) return factors;
    const left = factors.map((ways) => [...shortest(ways, (way) => way)]);
    while (productOf(left) > worthWeighing) {
      const longest = left.reduce((one, other) => (other.length > one.length ? other : one));
      longest.pop();
    }
    return left;
  }

  private isBearable(count: number): boolean {
    if (this.thins) return count <= worthWeighing;
    if (count > mostWays) throw new TooManyWays('There are too many ways to plan this.');
    return true;
  }
}

function productOf(factors: readonly (readonly unknown[])[]): number {
  return factors.reduce((product, { length }) => product * length, 1);
}

/** Those with the fewest paths and jumps, one for each set of ends. */
function shortest<T>(candidates: readonly T[], wayOf: (candidate: T) => Way): readonly T[] {
  const byEnds = new Map<string, { candidate: T; paths: number; jumps: number }>();
  for (const candidate of candidates) {
    const way = wayOf(candidate);
    const ends = way.map(({ tail }) => tail.index).join();
    const jumps = way.reduce((sum, path) => sum + path.subgraphJumps(), 0);
    const known = byEnds.get(ends);
    if (known === undefined || jumps < known.jumps) byEnds.set(ends, { candidate, paths: way.length, jumps });
  }
  return [...byEnds.values()]
    .sort((one, other) => one.paths - other.paths || one.jumps - other.jumps)
    .slice(0, worthWeighing)
    .map(({ candidate }) => candidate);
}
