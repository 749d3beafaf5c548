// Holds what is known of a subgraph's time to what was waited for: answers and failures, and nothing that was given up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latencies } from '../../../supergraph/executor/latencies.ts';
import { Cancellation } from '../../../supergraph/foundation/cancellation.ts';

type Outcome = 'answers' | 'fails' | 'is cancelled';

const cases: readonly {
  name: string;
  /** What the subgraph does, how often, and how many milliseconds each takes. */
  requests: [outcome: Outcome, times: number, milliseconds: number][];
  expected: number | undefined;
}[] = [
  { name: 'answers are counted', requests: [['answers', 60, 20]], expected: 20 },
  { name: 'failures are counted', requests: [['fails', 60, 400]], expected: 400 },
  {
    name: 'failures are counted beside answers',
    requests: [
      ['answers', 30, 20],
      ['fails', 30, 20],
    ],
    expected: 20,
  },
  { name: 'what was cancelled is not counted', requests: [['is cancelled', 60, 400]], expected: undefined },
  {
    name: 'what was cancelled changes nothing',
    requests: [
      ['answers', 60, 20],
      ['is cancelled', 60, 400],
    ],
    expected: 20,
  },
  { name: 'a few say nothing', requests: [['fails', 10, 400]], expected: undefined },
];

for (const { name, requests, expected } of cases) {
  test(name, async () => {
    let now = 0;
    const latencies = new Latencies(() => now);
    for (const [outcome, times, milliseconds] of requests) {
      for (let time = 0; time < times; time++) {
        const signal = new Cancellation();
        const failure = new Error(`The subgraph ${outcome}.`);
        const client = latencies.timed('a', async () => {
          now += milliseconds;
          if (outcome === 'answers') return { data: {} };
          if (outcome === 'is cancelled') signal.abort(failure);
          throw failure;
        });
        const operation = { kind: 'query', document: '', head: '' } as const;
        const asked = client({ operation, variables: '{}' }, { requestId: '', headers: {}, signal });
        if (outcome === 'answers') assert.deepEqual(await asked, { data: {} });
        else await assert.rejects(asked, failure);
      }
    }
    assert.equal(latencies.expected('a'), expected);
    assert.equal(latencies.expected('b'), undefined);
  });
}
