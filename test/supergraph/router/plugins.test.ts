// Holds the router to running its users' Apollo Server plugins as Apollo Server does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApolloServerPlugin } from '@apollo/server';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';

let graph: FixtureGraph;
before(async () => {
  graph = await startFixtureGraph();
});
after(() => graph?.stop());

for (const engine of ['tributary', 'apollo'] as const) {
  test(`a plugin sees the operation, reads the answer and changes it, on the engine ${engine}`, async (t) => {
    const seen: unknown[] = [];
    const plugin: ApolloServerPlugin = {
      async serverWillStart() {
        seen.push('start');
      },
      async requestDidStart() {
        return {
          async didResolveOperation({ operationName }) {
            seen.push(operationName);
          },
          async willSendResponse({ response: { body, http } }) {
            if (body.kind !== 'single') return;
            const { data } = body.singleResult;
            seen.push(JSON.stringify(data));
            if (data) data['added'] = true;
            body.singleResult.extensions = { plugin: 'was here' };
            http.headers.set('x-plugin', 'yes');
          },
        };
      },
    };
    const router = await startTestRouter(graph.supergraphSdl, {
      bff: defineBff({ name: 'test', port: 0, plugins: [plugin] }),
      environment: { engine },
    });
    t.after(() => router.stop());
    const { body, headers } = await router.ask('query Shelf { books { title } }');
    const books = [{ title: 'Middlemarch' }, { title: 'War and Peace' }];
    assert.deepEqual(body, { data: { books, added: true }, extensions: { plugin: 'was here' } });
    assert.equal(headers.get('x-plugin'), 'yes');
    assert.deepEqual(seen, ['start', 'Shelf', JSON.stringify({ books })]);
  });
}
