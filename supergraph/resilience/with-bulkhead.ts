// Owns how many questions a subgraph is asked at the same time, and who waits for their turn.
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import type { SubgraphCounts } from './call-counts.ts';
import type { Decorate } from './guard-subgraph.ts';
import { refused } from './refused.ts';
import { Waiting } from './waiting.ts';

export interface BulkheadTerms {
  most: number;
  /** How many may wait. */
  waiting: number;
}

/** Without terms all are asked. Whoever finds the queue full is told SUBGRAPH_BUSY; who gives up leaves it at once. */
export function withBulkhead(terms: BulkheadTerms | undefined, counts: SubgraphCounts): Decorate {
  if (terms === undefined) return (client) => client;
  const { most } = terms;
  const queue = new Set<Waiting>();
  let running = 0;
  counts.waiting = () => queue.size;

  function leave(): void {
    const [next] = queue;
    if (next === undefined) {
      running -= 1;
      return;
    }
    // The place is handed on: nobody who comes meanwhile can take it.
    queue.delete(next);
    next.end();
  }

  return (client: SubgraphClient) => async (request, context) => {
    if (running < most) running += 1;
    else if (queue.size >= terms.waiting) {
      counts.refused.busy += 1;
      throw refused(context, 'SUBGRAPH_BUSY');
    } else {
      const waiting: Waiting = new Waiting(context, () => queue.delete(waiting));
      queue.add(waiting);
      await waiting.begin();
    }
    try {
      return await client(request, context);
    } finally {
      leave();
    }
  };
}
