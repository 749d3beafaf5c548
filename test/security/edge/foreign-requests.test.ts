// Holds that what a page of somebody else makes a browser send runs nothing, also where the operation is known, kept, in an array or an id.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { sha256 } from '../../supergraph/fixtures/registered-operations.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { askPlainly, type PlainRequest } from './plain-request.ts';

const query = '{ books { title } }';
const mutation = 'mutation { rename(id: "b1", title: "t") { title } }';
const json = { 'content-type': 'application/json' };
const asked = { 'apollo-require-preflight': '1' };
const minute = { maxAge: '1m', scope: 'public' } as const;

const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(text) } });
const address = (parameters: Record<string, string>) => `/graphql?${new URLSearchParams(parameters)}`;
const byText = address({ query });
const byHash = address({ extensions: JSON.stringify(persisted(query)) });
const changeByText = address({ query: mutation });
const changeByHash = address({ extensions: JSON.stringify(persisted(mutation)) });

/** By what is sent when nobody forges anything. */
const honest: [name: string, request: PlainRequest][] = [
  ['a text', { method: 'POST', headers: json, body: JSON.stringify({ query }) }],
  ['a change', { method: 'POST', headers: json, body: JSON.stringify({ query: mutation }) }],
  [
    'a hash',
    { method: 'POST', headers: json, body: JSON.stringify({ query, extensions: persisted(query) }) },
  ],
  [
    'a change by its hash',
    {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query: mutation, extensions: persisted(mutation) }),
    },
  ],
  ['an array', { method: 'POST', headers: json, body: JSON.stringify([{ query }, { query: mutation }]) }],
  ['a text by GET', { path: byText, headers: asked }],
  ['a hash by GET', { path: byHash, headers: asked }],
];

/** What a browser sends for any page, without asking first. */
const simple: Record<string, string>[] = [
  { 'content-type': 'text/plain' },
  { 'content-type': 'text/plain;application/json' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=a' },
  {},
  { 'content-type': 'text/plain', origin: 'https://evil.example', cookie: 'session=1' },
  { 'content-type': 'text/plain', 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'cross-site' },
  { 'content-type': 'text/plain', accept: 'application/json', 'accept-language': 'en' },
  { 'content-type': 'text/plain', range: 'bytes=0-' },
];

for (const [kind, declared] of [
  ['that keeps nothing', {}],
  [
    'that keeps whole answers',
    {
      cache: { 'Query.books': minute, Book: minute },
      subgraphs: { every: { cacheControl: 'ignored' } },
    },
  ],
] as const) {
  describe(`at a router ${kind}`, () => {
    let graph: FixtureGraph;
    let router: RouterUnderTest;
    before(async () => {
      graph = await startFixtureGraph();
      const documents = { folder: 'documents', automatic: true, batch: 3, unregistered: 'allow' } as const;
      const bff = defineBff({ name: 'test', port: 0, documents, ...declared });
      router = await startTestRouter(graph.supergraphSdl, { bff });
      // All of it is known, and kept where it may be.
      for (const _ of ['first', 'again']) {
        for (const [name, request] of honest) {
          const { status, body } = await askPlainly(router.origin, request);
          assert.equal(status, 200, `${name}: ${body}`);
          assert.doesNotMatch(body.toString(), /"errors"/, name);
        }
      }
    });
    after(async () => {
      await router?.stop();
      await graph?.stop();
    });
    beforeEach(() => graph.seen.splice(0));

    for (const [name, { method, path, body }] of honest) {
      test(`${name} of somebody else runs nothing, and tells nothing`, async () => {
        for (const headers of simple) {
          const request = {
            ...(method && { method }),
            ...(path && { path }),
            ...(body && { body }),
            headers,
          };
          const answer = await askPlainly(router.origin, request);
          assert.ok([400, 415].includes(answer.status), `${JSON.stringify(headers)}: ${answer.status}`);
          assert.doesNotMatch(answer.body.toString(), /"data"|Middlemarch/);
          assert.equal(answer.headers['access-control-allow-origin'], undefined);
        }
        assert.deepEqual(graph.seen, []);
      });
    }

    test('a change by GET runs nothing, asked about first or not', async () => {
      for (const path of [changeByText, changeByHash]) {
        for (const headers of [asked, {}, { ...json, ...asked }]) {
          for (const method of ['GET', 'HEAD']) {
            const { status } = await askPlainly(router.origin, { method, path, headers });
            assert.ok(status >= 400 && status < 500, `${method} ${status}`);
          }
        }
      }
      assert.deepEqual(graph.seen, []);
    });

    test('a form that is sent to an address with the operation in it runs nothing', async () => {
      for (const path of [byText, changeByText, byHash, changeByHash]) {
        for (const headers of simple) {
          const { status } = await askPlainly(router.origin, { method: 'POST', path, headers, body: 'a=b' });
          assert.ok([400, 415].includes(status), `${status}`);
        }
      }
      assert.deepEqual(graph.seen, []);
    });
  });
}
