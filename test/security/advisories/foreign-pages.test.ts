// Holds that no page of somebody else can make a browser send an operation, whatever a content type looks like.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { sendRaw } from './raw-request.ts';

const mutation = 'mutation { rename(id: "b1", title: "t") { title } }';
const query = '{ books { title } }';

let graph: FixtureGraph;
let router: RouterUnderTest;
before(async () => {
  graph = await startFixtureGraph();
  router = await startTestRouter(graph.supergraphSdl);
  // What is known goes past Apollo Server, and with it past its guards.
  for (const one of [mutation, query]) assert.equal((await router.ask(one)).body.errors, undefined);
});
after(async () => {
  await router?.stop();
  await graph?.stop();
});
beforeEach(() => graph.seen.splice(0));

/** What a browser sends without asking first, and what readers of content types have taken for JSON. */
const contentTypes = [
  undefined,
  '',
  'text/plain',
  'text/plain; application/json',
  'text/plain;charset=application/json',
  'TEXT/PLAIN',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; application/json',
  'multipart/form-data; boundary=x',
  'multipart/form-data; boundary=application/json',
  'text/plain, application/json',
  'application/jsonp',
  'application/json garbage',
  'application/json\ta',
  'application/json\\text/plain',
  'application',
  'json',
  'message/external-body',
];
describe('a body that is not said to be JSON', () => {
  for (const type of contentTypes) {
    test(`as ${JSON.stringify(type) ?? 'nothing'} runs nothing, known or new`, async () => {
      for (const text of [mutation, `${mutation} # ${type}`, query]) {
        const { status } = await sendRaw(router.origin, {
          headers: type === undefined ? {} : { 'content-type': type },
          body: JSON.stringify({ query: text }),
        });
        assert.ok(status === 400 || status === 415, `${status}`);
      }
      assert.deepEqual(graph.seen, []);
    });
  }

  test('is not read as a form or an upload', async () => {
    const forms: [string, string][] = [
      ['application/x-www-form-urlencoded', new URLSearchParams({ query: mutation }).toString()],
      [
        'multipart/form-data; boundary=x',
        [
          '--x',
          'content-disposition: form-data; name="operations"',
          '',
          JSON.stringify({ query: mutation }),
          '--x',
          'content-disposition: form-data; name="map"',
          '',
          '{}',
          '--x--',
          '',
        ].join('\r\n'),
      ],
    ];
    for (const [type, body] of forms) {
      for (const more of [{}, { 'apollo-require-preflight': '1' }] as Record<string, string>[]) {
        const { status } = await sendRaw(router.origin, { headers: { 'content-type': type, ...more }, body });
        assert.equal(status, 415);
      }
    }
    assert.deepEqual(graph.seen, []);
  });
});

describe('an address that any page could hold', () => {
  const pathOf = (text: string) => `/graphql?${new URLSearchParams({ query: text })}`;
  const types = [undefined, 'text/plain', 'message/external-body', 'message/rfc822', 'application/jsonp'];
  for (const type of types) {
    test(`runs no query, by GET with the content type ${type}`, async () => {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      const { status } = await sendRaw(router.origin, { method: 'GET', path: pathOf(query), headers });
      assert.ok(status === 400 || status === 415, `${status}`);
      assert.deepEqual(graph.seen, []);
    });
  }

  test('runs no mutation, even where the request was asked about first', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    for (const method of ['GET', 'HEAD']) {
      const { status } = await sendRaw(router.origin, { method, path: pathOf(mutation), headers });
      assert.ok(status >= 400 && status < 500, `${method}: ${status}`);
    }
    const { status } = await sendRaw(router.origin, { path: pathOf(mutation), headers });
    assert.ok(status >= 400 && status < 500, `POST: ${status}`);
    assert.deepEqual(graph.seen, []);
  });
});
