// Owns failures on purpose: which field of which row fails in a run, the same for whoever resolves it.
import { hashed } from '../operations/random.ts';

export type FieldFailure = 'throws' | 'null';

export interface FailurePlan {
  /** Of a field; `coordinate` names the concrete type, `row` the place of the row in the data. */
  field: (coordinate: string, row: number) => FieldFailure | undefined;
  /** Whether a subgraph does not find an entity although it is there. */
  lost: (subgraph: string, type: string, row: number) => boolean;
}

export const noFailures: FailurePlan = { field: () => undefined, lost: () => false };

/** Few coordinates fail, and these for most rows, so that what fails can be told from what it takes along. */
export function failurePlan(seed: number): FailurePlan {
  return {
    field(coordinate, row) {
      if (hashed(seed, 'coordinate', coordinate) >= 0.1 || hashed(seed, coordinate, row) >= 0.6)
        return undefined;
      return hashed(seed, 'kind', coordinate, row) < 0.5 ? 'throws' : 'null';
    },
    lost(subgraph, type, row) {
      return hashed(seed, 'lossy', subgraph, type) < 0.08 && hashed(seed, 'lost', subgraph, type, row) < 0.6;
    },
  };
}
