// Holds that a router hands out its own pages and no files, whatever an address looks like.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { sendRaw } from './raw-request.ts';

let graph: FixtureGraph;
let router: RouterUnderTest;
before(async () => {
  graph = await startFixtureGraph();
  router = await startTestRouter(graph.supergraphSdl);
});
after(async () => {
  await router?.stop();
  await graph?.stop();
});

const paths = [
  '/package.json',
  '/../package.json',
  '/..%2fpackage.json',
  '/..%2f..%2f..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/package.json',
  '/..\\package.json',
  '/explorer/../../package.json',
  '/explorer/..%2f..%2fpackage.json',
  '/explorer%2f..%2fpackage.json',
  '/explorer/package.json',
  '//etc/passwd',
  '/graphql/../package.json',
  '/health/..%2f..%2fpackage.json',
  '/file:///etc/passwd',
  '/.git/config',
  '/%00',
];
for (const path of paths) {
  test(`GET ${path} finds nothing`, async () => {
    const { status, text } = await sendRaw(router.origin, { method: 'GET', path });
    assert.ok(status === 404 || status === 400, `${status}`);
    assert.doesNotMatch(text, /"dependencies"|root:|\[core\]/);
  });
}
