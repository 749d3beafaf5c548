// Holds the front door against the GraphQL over HTTP specification: every audit of graphql-http, over a real router.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

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

const csrf =
  'such a GET could come from any page that the browser shows: it must carry a header that no foreign page can set';

/** Audits that we answer otherwise, by id, and why. What the specification says MUST be cannot stand here. */
const answeredOtherwise = new Map<string, string>([
  ['5A70', csrf],
  ['D6D5', csrf],
  ['6A70', csrf],
]);

const audits = serverAudits({ url: () => router.url });

describe('GraphQL over HTTP', () => {
  for (const { id, name, fn } of audits) {
    const reason = answeredOtherwise.get(id);
    test(reason === undefined ? name : `${name}: refused, because ${reason}`, async () => {
      const result = await fn();
      if (reason === undefined) {
        assert.equal(result.status, 'ok', 'reason' in result ? result.reason : undefined);
        return;
      }
      assert.ok('response' in result, 'This audit passes: strike it from the exceptions.');
      assert.equal(result.response.status, 400);
    });
  }

  test('the exceptions name audits that exist, and none that is a MUST', () => {
    const open = new Map(audits.map(({ id, name }) => [id, name]));
    for (const id of answeredOtherwise.keys()) assert.match(open.get(id) ?? '', /^(?:SHOULD|MAY) /, id);
  });
});

describe('a GET that shows that no foreign page sent it', () => {
  // The same requests as in the audits above, with the header that they lack.
  const headers = { 'apollo-require-preflight': 'true' };
  const typeQuery = 'query Type($name: String!) { __type(name: $name) { name } }';
  const cases: [string, Record<string, string>, object][] = [
    ['an operation in the address', { query: '{ __typename }' }, { __typename: 'Query' }],
    ['variables in the address', { query: typeQuery, variables: '{"name":"sometype"}' }, { __type: null }],
  ];
  for (const [name, search, data] of cases) {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      test(`${name} is answered as ${accept}`, async () => {
        const answer = await router.fetch(`/graphql?${new URLSearchParams(search)}`, {
          headers: { ...headers, accept },
        });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body, { data });
        assert.ok(answer.headers.get('content-type')?.startsWith(accept));
      });
    }
  }
});

describe('the status of an operation that is refused', () => {
  const refusals: [string, object][] = [
    ['GRAPHQL_PARSE_FAILED', { query: '{' }],
    ['GRAPHQL_VALIDATION_FAILED', { query: '{ shelf }' }],
    ['BAD_USER_INPUT', { query: 'query($id: ID!) { book(id: $id) { id } }', variables: { id: null } }],
    ['OPERATION_RESOLUTION_FAILURE', { query: 'query A { __typename } query B { __typename }' }],
  ];
  const accepted: [string, Record<string, string>, number][] = [
    ['application/json', { accept: 'application/json' }, 200],
    ['application/json with a charset', { accept: 'Application/JSON; charset=utf-8' }, 200],
    ['application/json or anything', { accept: 'application/json, text/plain, */*' }, 200],
    ['application/graphql-response+json', { accept: 'application/graphql-response+json' }, 400],
    [
      'both',
      { accept: 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8' },
      400,
    ],
    ['anything', { accept: '*/*' }, 400],
  ];
  for (const [code, body] of refusals) {
    for (const [name, headers, status] of accepted) {
      test(`${code} is ${status} for a client that accepts ${name}`, async () => {
        const answer = await router.fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });
        assert.deepEqual(
          [answer.status, answer.body.errors?.[0]?.extensions['code']],
          [status, code],
          answer.text,
        );
        assert.ok(!('data' in answer.body));
      });
    }
  }

  test('what is no GraphQL request stays 400 for a client that accepts application/json', async () => {
    for (const body of ['{"query":7}', '{}', '{"query":', '{"query":"{ __typename }","variables":[]}']) {
      const { status, text } = await router.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body,
      });
      assert.equal(status, 400, text);
    }
  });
});
