// Owns what a client is told of what stood in for fields of its answer.
import type { StoodIn } from '../executor/projection/stand-ins.ts';
import type { Degradation } from '../foundation/degradation.ts';

/** For `extensions.degraded`: what went wrong is for the log. */
export function degradedForClient(degraded: readonly StoodIn[]): Degradation[] {
  return degraded.map(({ error: _, ...told }) => told);
}
