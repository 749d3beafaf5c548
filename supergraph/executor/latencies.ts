// Owns how long each subgraph takes to answer, as far as it has been seen.
import type { SubgraphClient } from '../transport/subgraph-client.ts';

/** Milliseconds, weighted towards the latest. */
export class Latencies {
  private readonly seen = new Map<string, { mean: number; count: number }>();
  private readonly now: () => number;

  /** The clock counts milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** The same client; how long its answers take is remembered. */
  timed(subgraph: string, client: SubgraphClient): SubgraphClient {
    return async (request, context) => {
      const start = this.now();
      try {
        return await client(request, context);
      } finally {
        // Whoever fails slowly is slow too; who was not waited for says nothing.
        if (!context.signal?.aborted) this.record(subgraph, this.now() - start);
      }
    };
  }

  private record(subgraph: string, milliseconds: number): void {
    const known = this.seen.get(subgraph);
    if (known === undefined) {
      this.seen.set(subgraph, { mean: milliseconds, count: 1 });
      return;
    }
    known.count += 1;
    known.mean += (milliseconds - known.mean) * Math.max(1 / known.count, share);
  }

  /** undefined until it has been asked often enough: the first answers wait for connections and compilers. */
  expected(subgraph: string): number | undefined {
    const known = this.seen.get(subgraph);
    return known !== undefined && known.count >= enough ? known.mean : undefined;
  }
}

const share = 0.05;
const enough = 50;
