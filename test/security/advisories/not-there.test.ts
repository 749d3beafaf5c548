// Holds that what routers do not serve is refused, with nothing of it run: subscriptions, answers in parts, other protocols.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';

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
beforeEach(() => graph.seen.splice(0));

const operations: [name: string, query: string, extensions?: object][] = [
  ['a subscription', 'subscription { books { title } }'],
  ['a subscription with a name', 'subscription S { __typename }'],
  [
    'a subscription to be called back',
    'subscription { books { title } }',
    { subscription: { callbackUrl: 'http://127.0.0.1:9/', subscriptionId: '1', verifier: 'v' } },
  ],
  ['an answer in parts', '{ ... @defer { books { title } } }'],
  ['a list in parts', '{ books @stream { title } }'],
];
for (const [name, query, extensions] of operations) {
  test(`${name} is refused`, async () => {
    for (const accept of [
      'application/json',
      'multipart/mixed;subscriptionSpec=1.0, application/json',
      'text/event-stream',
    ]) {
      const { status, text } = await router.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query, extensions }),
      });
      assert.ok(status < 500, `${status}`);
      assert.ok(status === 406 || text.includes('"errors"'), text);
      assert.doesNotMatch(text, /"data"/);
    }
    assert.deepEqual(graph.seen, []);
  });
}

for (const protocol of ['websocket', 'h2c']) {
  test(`nobody is led over to ${protocol}`, async () => {
    const { hostname, port } = new URL(router.origin);
    const socket = connect(Number(port), hostname);
    socket.write(
      [
        'GET /graphql HTTP/1.1',
        `Host: ${hostname}`,
        'Connection: Upgrade',
        `Upgrade: ${protocol}`,
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol: graphql-transport-ws',
        '',
        '',
      ].join('\r\n'),
    );
    const [first] = await once(socket, 'data');
    socket.destroy();
    assert.match(String(first), /^HTTP\/1\.1 4\d\d /);
    assert.deepEqual(graph.seen, []);
  });
}
