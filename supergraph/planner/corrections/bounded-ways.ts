// Owns how many ways through the graph the planner weighs. With each level of abstract types and of shared fields they are
// multiplied, up to numbers that no memory holds: a list of them is one allocation, and one that is too large ends the
// whole process.
import { chooseWays } from './choose-ways.ts';
import { type Graph, LikelyRequests, type SelectionSet, type Vertex } from './likely-requests.ts';
import { type Rounds, straysOf, type Way } from './way.ts';

class TooManyWays extends Error {
  override name = 'TooManyWays';
}

/** Of ways to one selection; more are thinned out to as many of them as are worth weighing. */
const mostWays = 1000;

/** Of ways to all selections. Who has more is planned with few from the start: weighing them takes their square. */
const mostWaysTogether = 3000;

/** Of plans. The planner itself would drop ways one by one, the longest first, and build so many of what is left. */
const mostPlans = 1000;

/** The second is tried where the first leads nowhere. */
const worthWeighing = [16, 128] as const;

/** What the planner knows of the operation. */
export interface PlanningParameters {
  federatedQueryGraph: Graph;
  root: Vertex;
  operation: { selectionSet: SelectionSet };
}

export class BoundedWays {
  /** Ways that are left of too many; all are weighed when there is no such bound. */
  private bound: number | undefined;
  private together = 0;
  private likely: Rounds | undefined;

  /** Once with all ways; where they are too many again with those that are likely and have the fewest detours. */
  run<T>(plan: () => T): T {
    this.together = 0;
    this.likely = undefined;
    try {
      return plan();
    } catch (error) {
      if (!(error instanceof TooManyWays)) throw error;
      return this.runBounded(plan);
    } finally {
      this.bound = undefined;
    }
  }

  /** What is left of ways to one selection. Without parameters it is not one of the operation. */
  options<T extends { paths: Way }>(options: readonly T[], operation?: PlanningParameters): readonly T[] {
    if (this.bound === undefined) this.count(options.length);
    if (this.bound === undefined || options.length <= this.bound) return options;
    if (operation) this.likely ??= likelyRequests(operation);
    return this.best(options, ({ paths }) => paths, this.bound);
  }

  /** What is left of lists of ways when each way of one is to be taken with each of all others. */
  factors(factors: readonly (readonly Way[])[]): readonly (readonly Way[])[] {
    const { bound } = this;
    const product = productOf(factors);
    if (bound === undefined) this.count(product);
    if (bound === undefined || product <= bound) return factors;
    const left = factors.map((ways) => this.best(ways, (way) => way, bound));
    while (productOf(left) > bound) {
      const longest = left.reduce((one, other) => (other.length > one.length ? other : one));
      longest.pop();
    }
    return left;
  }

  /** Leaves one way to each selection where there are more plans than can be compared. */
  choose<T extends { paths: Way }>(selections: T[][]): void {
    if (this.bound === undefined && productOf(selections) > mostPlans)
      throw new TooManyWays('There are too many plans.');
    if (this.bound === undefined || productOf(selections) === 1) return;
    const chosen = chooseWays(selections, this.likely ?? []);
    for (const [index, way] of chosen.entries()) selections[index] = [way];
  }

  private runBounded<T>(plan: () => T): T {
    const [few, more] = worthWeighing;
    this.bound = few;
    try {
      return plan();
    } catch {
      this.bound = more;
      return plan();
    }
  }

  private count(ways: number): void {
    this.together += ways;
    if (ways > mostWays || this.together > mostWaysTogether)
      throw new TooManyWays('There are too many ways.');
  }

  /** First one to each set of ends, then others that take likely requests alone. */
  private best<T>(candidates: readonly T[], wayOf: (candidate: T) => Way, most: number): T[] {
    const ranked = candidates.map((candidate) => {
      const way = wayOf(candidate);
      const jumps = way.reduce((sum, path) => sum + path.subgraphJumps(), 0);
      const strays = this.likely ? way.reduce((sum, path) => sum + straysOf(path, this.likely ?? []), 0) : 0;
      return {
        candidate,
        ends: way.map(({ tail }) => tail.index).join(),
        paths: way.length,
        jumps,
        isLikely: strays === 0,
      };
    });
    ranked.sort(
      (one, other) =>
        one.paths - other.paths || Number(other.isLikely) - Number(one.isLikely) || one.jumps - other.jumps,
    );
    const firsts = new Map(ranked.toReversed().map((each) => [each.ends, each]));
    const isFirst = new Set(firsts.values());
    const others = ranked.filter((each) => each.isLikely && !isFirst.has(each));
    return [...ranked.filter((each) => isFirst.has(each)), ...others]
      .slice(0, most)
      .map(({ candidate }) => candidate);
  }
}

function likelyRequests({ federatedQueryGraph, root, operation }: PlanningParameters): Rounds {
  return new LikelyRequests(federatedQueryGraph).from(root, operation.selectionSet);
}

function productOf(factors: readonly (readonly unknown[])[]): number {
  return factors.reduce((product, { length }) => product * length, 1);
}
