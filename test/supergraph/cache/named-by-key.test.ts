// Holds lists and fields of which only keys are asked for to being dropped when something of their type has changed, as those
// are of which more is.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RouterUnderTest } from '../fixtures/router-under-test.ts';
import { type CachedGraph, startCachedGraph, startCachingRouter } from './cached-graph.ts';

const rule = { maxAge: '10m', scope: 'public' } as const;
const queries = [
  '{ products { id } }',
  '{ products { __typename } }',
  '{ products { id name } }',
  '{ products { id rating } }',
  '{ product(id: "NEW") { id } }',
  '{ product(id: "NEW") { rating } }',
];

describe('after a mutation that has returned something of the type', () => {
  let graph: CachedGraph;
  const routers: RouterUnderTest[] = [];
  before(async () => {
    graph = await startCachedGraph();
    for (const responseCache of ['never', 'public'] as const) {
      const rules = { Product: rule, 'Query.product': rule, 'Query.products': rule };
      routers.push(await startCachingRouter(graph, rules, { bff: { responseCache } }));
    }
  });
  after(async () => {
    for (const router of routers) await router.stop();
    graph.stop();
  });

  for (const [index, query] of queries.entries()) {
    test(`what is new is there: ${query}`, async () => {
      for (const [at, router] of routers.entries()) {
        const id = `new-${index}-${at}`;
        const asked = query.replace('NEW', id);
        const before = (await router.ask(asked)).text;
        graph.products.set(id, { name: 'as it was made', price: 1, category: 'c1' });
        assert.equal((await router.ask(asked)).text, before, 'it is not kept');
        await router.ask('mutation ($id: ID!) { rename(id: $id, name: "New") { id } }', {
          variables: { id },
        });
        const { text } = await router.ask(asked);
        assert.notEqual(text, before);
        assert.ok(!text.includes('errors'), text);
        graph.products.delete(id);
      }
    });
  }
});
