// Owns telling what went wrong in a subgraph from what a subgraph says of the request, or of whoever made it.
import { errorRow } from './errors.ts';

/** What is not said to clients as it is speaks of the subgraph; the rest is about what was asked, and by whom. */
export function isFaultOfSubgraph(code: unknown): boolean {
  const row = errorRow(code);
  return row?.fromSubgraphs !== true || code === 'SUBGRAPH_UNAVAILABLE';
}
