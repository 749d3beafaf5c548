// Holds cancellations to their word: all that was asked for one request ends with it, and nothing else does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { buildSchema } from 'graphql';
import { Cancellation } from '../../../supergraph/foundation/cancellation.ts';
import { createInProcessClient } from '../../../supergraph/transport/in-process-client.ts';
import { subgraphOperation } from '../../../supergraph/transport/subgraph-client.ts';
import { startRawServer } from '../fixtures/raw-server.ts';
import { codeOf, subgraphAt } from './subgraph-under-test.ts';

const reason = new Error('gone');
/** A subgraph that leaves requests unanswered until `count` of them are there. */
async function startPatient(t: TestContext, count: number) {
  const responses: ServerResponse[] = [];
  let arrived: () => void = () => {};
  const allThere = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = await startRawServer((_, response) => {
    responses.push(response);
    if (responses.length === count) arrived();
  });
  const subgraph = subgraphAt({ url: server.url });
  t.after(async () => {
    await subgraph.stop();
    await server.stop();
  });
  return { subgraph, responses, allThere };
}

describe('a Cancellation', () => {
  test('ends all that was asked with it, and only that', async (t) => {
    const given = new Cancellation();
    const other = new Cancellation();
    const { subgraph, responses, allThere } = await startPatient(t, 8);
    const ask = (signal: Cancellation) => codeOf(subgraph.ask({ context: { signal } }));
    const lost = [1, 2, 3, 4, 5].map(() => ask(given));
    const kept = [1, 2, 3].map(() => ask(other));
    await allThere;
    given.abort(reason);
    assert.deepEqual(await Promise.all(lost), Array(5).fill('REQUEST_CANCELLED'));
    for (const response of responses) response.end('{"data":{"a":1}}');
    assert.deepEqual(await Promise.all(kept), Array(3).fill('answered'));
    assert.equal(await ask(given), 'REQUEST_CANCELLED');
  });

  test('ends what comes after others have been answered with it', async (t) => {
    const signal = new Cancellation();
    const { subgraph, responses, allThere } = await startPatient(t, 2);
    const [first, second] = [1, 2].map(() => codeOf(subgraph.ask({ context: { signal } })));
    await allThere;
    responses[0]?.end('{"data":{"a":1}}');
    assert.equal(await Promise.race([first, second]), 'answered');
    signal.abort(reason);
    assert.deepEqual((await Promise.all([first, second])).sort(), ['REQUEST_CANCELLED', 'answered']);
  });

  test('ends what runs inside the process', async () => {
    const signal = new Cancellation();
    let running: (inner: AbortSignal) => void = () => {};
    const begun = new Promise<AbortSignal>((resolve) => {
      running = resolve;
    });
    const client = createInProcessClient({
      schema: buildSchema('type Query { a: Int }'),
      timeout: 5000,
      contextValue: (context) => {
        running(context.signal);
        return new Promise(() => {});
      },
    });
    const request = { operation: subgraphOperation('query', '{ a }'), variables: '{}' };
    const code = codeOf(client(request, { requestId: 'r', headers: {}, signal }));
    const inner = await begun;
    signal.abort(reason);
    assert.equal(await code, 'REQUEST_CANCELLED');
    assert.equal(inner.aborted, true);
  });

  test('says whether it has aborted, and why', () => {
    const signal = new Cancellation();
    assert.deepEqual([signal.aborted, signal.reason], [false, undefined]);
    signal.throwIfAborted();
    signal.abort(reason);
    signal.abort(reason);
    assert.deepEqual([signal.aborted, signal.reason], [true, reason]);
    assert.throws(() => signal.throwIfAborted(), reason);
  });
});

describe('a Cancellation has a real signal', () => {
  test('that aborts with it', async () => {
    const cancellation = new Cancellation();
    const { signal } = cancellation;
    assert.equal(cancellation.signal, signal);
    const aborted = once(signal, 'abort');
    cancellation.abort(reason);
    await aborted;
    assert.equal(signal.reason, reason);
  });

  test('also for those who come too late', () => {
    const cancellation = new Cancellation();
    cancellation.abort(reason);
    assert.deepEqual([cancellation.signal.aborted, cancellation.signal.reason], [true, reason]);
  });
});
