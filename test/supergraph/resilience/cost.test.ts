// Holds the policies around a client to what they may cost the processor, all of them together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cancellation } from '../../../supergraph/foundation/cancellation.ts';
import { CallCounts } from '../../../supergraph/resilience/call-counts.ts';
import { guardSubgraph } from '../../../supergraph/resilience/guard-subgraph.ts';
import { resilienceTerms } from '../../../supergraph/resilience/resilience-terms.ts';
import {
  type SubgraphClient,
  type SubgraphResponse,
  subgraphOperation,
} from '../../../supergraph/transport/subgraph-client.ts';

const terms = resilienceTerms(
  { retry: {}, breaker: {}, concurrency: 1000, hedge: { after: '200ms' }, timeout: '800ms' },
  30_000,
);
const response: SubgraphResponse = { data: {} };
/** Answers a turn of the loop later, as one does that is asked over a network. */
const bare: SubgraphClient = () => new Promise((resolve) => setImmediate(resolve, response));
const operation = subgraphOperation('query', '{ a }');

/** Microseconds of the processor for a question, of many that are under way in tens. */
async function cost(client: SubgraphClient, questions: number): Promise<number> {
  const before = process.cpuUsage();
  for (let asked = 0; asked < questions; asked += 10) {
    const asking = Array.from({ length: 10 }, () => {
      const context = {
        requestId: 'r',
        headers: {},
        signal: new Cancellation(),
        deadline: performance.now() + 30_000,
        answerHeader: () => {},
      };
      return client({ operation, variables: '{}' }, context);
    });
    await Promise.all(asking);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / questions;
}

test('all policies cost at most 15 µs a call', async (t) => {
  const guarded = guardSubgraph(() => bare, {
    subgraph: 'a',
    terms,
    counts: new CallCounts('test'),
    log: { warn() {} },
  });
  await cost(guarded, 20_000);
  await cost(bare, 20_000);
  const differences: number[] = [];
  for (let round = 0; round < 5; round++) {
    differences.push((await cost(guarded, 20_000)) - (await cost(bare, 20_000)));
  }
  // Whatever else the machine does makes some rounds dearer, and none cheaper.
  const least = Math.min(...differences);
  t.diagnostic(`${differences.map((one) => one.toFixed(2)).join(', ')} µs`);
  assert.ok(least <= 15, `${least} µs`);
});
