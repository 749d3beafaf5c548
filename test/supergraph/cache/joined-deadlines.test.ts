// Holds those who wait for a question of another to their own time: they wait no longer, and are not ended by another's.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createCache } from '../../../supergraph/cache/create-cache.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { Freshness } from '../../../supergraph/foundation/freshness.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import { createMemoryBus } from '../../../supergraph/store/memory-bus.ts';
import { createConnections, createHttpClient } from '../../../supergraph/transport/http-client.ts';
import { type RequestContext, subgraphOperation } from '../../../supergraph/transport/subgraph-client.ts';
import { codeOf } from '../transport/subgraph-under-test.ts';
import { type CachedGraph, startCachedGraph } from './cached-graph.ts';

const operation = subgraphOperation('query', '{latest{id text}}');

describe('a question that another has asked', () => {
  let graph: CachedGraph;
  const connections = createConnections();
  before(async () => {
    graph = await startCachedGraph();
  });
  after(async () => {
    await connections.destroy();
    graph.stop();
  });

  /** Asks the reviews, of which all is kept, with so many milliseconds of time. */
  function asker() {
    const supergraph = readSupergraphFacts(graph.supergraphSdl, 'The supergraph of the test');
    const cache = createCache({
      ...{ supergraph, store: undefined, bus: createMemoryBus(), bytes: 1_000_000 },
      ...{ clock: { now: Date.now }, tokenKey: undefined },
      bff: defineBff({
        ...{ name: 'test', port: 0 },
        cache: {
          'Query.latest': { maxAge: '1m', scope: 'public' },
          Review: { maxAge: '1m', scope: 'public' },
        },
      }),
      isProtected: () => false,
      without: new Set(),
      log: { warn() {} },
    });
    const url = supergraph.subgraphs.get('reviews') ?? '';
    const http = createHttpClient({ url, timeout: 20_000, forward: [], dispatcher: connections });
    const client = cache.decorate('reviews', http);
    return (milliseconds: number) => {
      const context: RequestContext = {
        ...{ requestId: 'r', headers: {}, freshness: new Freshness() },
        deadline: performance.now() + milliseconds,
      };
      const parts = { representations: new Map(), values: new Map() };
      return client({ operation, variables: '{}', parts }, context);
    };
  }

  /** The subgraph answers its first question when `letGo` is called. */
  function hold() {
    graph.asked.splice(0);
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const isAsked = new Promise<void>((resolve) => {
      graph.misbehaving['reviews'] = async (_, honest) => {
        resolve();
        if (graph.asked.length <= 1) await held;
        return { body: await honest() };
      };
    });
    return { letGo, isAsked };
  }

  test('is waited for as long as whoever waits has time', async () => {
    const { letGo, isAsked } = hold();
    const ask = asker();
    const patient = codeOf(ask(20_000));
    await isAsked;
    const began = performance.now();
    assert.equal(await codeOf(ask(150)), 'SUBGRAPH_TIMEOUT');
    assert.ok(performance.now() - began < 5000);
    letGo();
    assert.equal(await patient, 'answered');
    assert.equal(graph.asked.length, 1);
  });

  test('is asked anew by whoever has more time than its asker had', async () => {
    const { letGo, isAsked } = hold();
    const ask = asker();
    const hasty = codeOf(ask(200));
    await isAsked;
    const patient = codeOf(ask(20_000));
    assert.equal(await hasty, 'SUBGRAPH_TIMEOUT');
    assert.equal(await patient, 'answered');
    assert.equal(graph.asked.length, 2);
    letGo();
  });
});
