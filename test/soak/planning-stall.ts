// Lets a router plan an operation that takes longer than planning may, and watches meanwhile what clients of a known
// operation feel.

import { startRawServer } from '../supergraph/fixtures/raw-server.ts';
import { harmlessOperation, hostileGraph, hostileOperation } from '../supergraph/planner/hostile-graph.ts';
import { supergraphOf } from '../supergraph/planner/planned-graph.ts';
import { percentile, startRouterProcess } from './router-process.ts';

export interface PlanningStallReport {
  /** Of the hostile operation: its code, and milliseconds until it came. */
  refused: { code: unknown; after: number };
  /** 99th percentiles in milliseconds of the known operation, asked one after the other. */
  calm: number;
  meanwhile: number;
  /** The longest that `/health/live` took meanwhile, in milliseconds: a pause of the event loop would show in it. */
  longestHealth: number;
  requests: number;
}

/** Takes as long as planning may take (10 s), twice. */
export async function planningStall(): Promise<PlanningStallReport> {
  const subgraph = await startRawServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"data":{"node":{"x":1,"left":{"x":2}}}}');
  });
  const supergraph = supergraphOf(hostileGraph).replaceAll(/url: "http:[^"]*"/g, `url: "${subgraph.url}"`);
  const router = await startRouterProcess(supergraph);

  async function askKnown(until: () => boolean): Promise<number[]> {
    const times: number[] = [];
    while (!until()) {
      const { status, took } = await router.ask(harmlessOperation);
      if (status !== 200) throw new Error(`The known operation was answered with ${status}.`);
      times.push(took);
    }
    return times;
  }

  try {
    const warmUp = performance.now() + 2_000;
    await askKnown(() => performance.now() > warmUp);
    const calmEnd = performance.now() + 5_000;
    const calm = await askKnown(() => performance.now() > calmEnd);

    let over = false;
    const hostile = router.ask(hostileOperation()).then((answer) => {
      over = true;
      return answer;
    });
    const health = watchHealth(router.origin, () => over);
    // Beyond the end of the plan, so that the end of its thread is seen as well.
    let end = Number.POSITIVE_INFINITY;
    void hostile.then(() => {
      end = performance.now() + 1_000;
    });
    const meanwhile = await askKnown(() => performance.now() > end);
    const { body, took } = await hostile;
    const [error] = (body as { errors?: { extensions: { code: unknown } }[] }).errors ?? [];
    return {
      refused: { code: error?.extensions.code, after: took },
      calm: percentile(calm, 0.99),
      meanwhile: percentile(meanwhile, 0.99),
      longestHealth: await health,
      requests: meanwhile.length,
    };
  } finally {
    await router.stop();
    await subgraph.stop();
  }
}

async function watchHealth(origin: string, over: () => boolean): Promise<number> {
  let longest = 0;
  while (!over()) {
    const began = performance.now();
    await (await fetch(`${origin}/health/live`)).text();
    longest = Math.max(longest, performance.now() - began);
  }
  return longest;
}
