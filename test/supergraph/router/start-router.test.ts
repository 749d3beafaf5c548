// Holds the front door of a router: what it answers to good and bad requests, over HTTP.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { StartupProblem } from '../../../supergraph/foundation/startup-problem.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

let graph: FixtureGraph;
let router: RouterUnderTest;

before(async () => {
  graph = await startFixtureGraph();
  router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({ name: 'test', port: 0, forward: { headers: ['Accept-Language'] } }),
  });
});
after(async () => {
  await router?.stop();
  await graph?.stop();
});

test('joins what two subgraphs know', async () => {
  const { status, body } = await router.ask('{ books { title postage } }');
  assert.equal(status, 200);
  assert.deepEqual(body, {
    data: {
      books: [
        { title: 'Middlemarch', postage: 3 },
        { title: 'War and Peace', postage: 12 },
      ],
    },
  });
});

test('an id that does not exist is null, not an error', async () => {
  const { status, body } = await router.ask('{ book(id: "b9") { title } }');
  assert.deepEqual({ status, body }, { status: 200, body: { data: { book: null } } });
});

const json = { 'content-type': 'application/json' };
const badInput: {
  name: string;
  init: RequestInit;
  path?: string;
  status: number;
  code: string;
  message: RegExp;
}[] = [
  {
    name: 'an unknown field',
    init: { body: '{"query":"{ books { titel } }"}' },
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
    message: /Cannot query field "titel" on type "Book". Did you mean "title"/,
  },
  {
    name: 'a variable of the wrong type',
    init: { body: '{"query":"query($n: Int) { books(first: $n) { title } }","variables":{"n":"many"}}' },
    status: 400,
    code: 'BAD_USER_INPUT',
    message: /Variable "\$n" got invalid value "many"/,
  },
  {
    name: 'a missing variable',
    init: { body: '{"query":"query($id: ID!) { book(id: $id) { title } }"}' },
    status: 400,
    code: 'BAD_USER_INPUT',
    message: /Variable "\$id" of required type "ID!" was not provided/,
  },
  {
    name: 'a syntax error',
    init: { body: '{"query":"{ books { title "}' },
    status: 400,
    code: 'GRAPHQL_PARSE_FAILED',
    message: /Syntax Error/,
  },
  {
    name: 'broken JSON',
    init: { body: '{"query":' },
    status: 400,
    code: 'BAD_REQUEST',
    message: /not valid JSON/,
  },
  { name: 'an empty body', init: { body: '' }, status: 400, code: 'BAD_REQUEST', message: /body is empty/ },
  { name: 'a body without a query', init: { body: '{}' }, status: 400, code: 'BAD_REQUEST', message: /\w/ },
  { name: 'null for a body', init: { body: 'null' }, status: 400, code: 'BAD_REQUEST', message: /\w/ },
  {
    name: 'a number for a query',
    init: { body: '{"query":7}' },
    status: 400,
    code: 'BAD_REQUEST',
    message: /must be strings/,
  },
  {
    name: 'a batch of operations',
    init: { body: '[{"query":"{ __typename }"}]' },
    status: 400,
    code: 'BAD_REQUEST',
    message: /^Several operations in one request are not answered here\.$/,
  },
  {
    name: 'an operation that is not in the document',
    init: { body: '{"query":"query A { __typename }","operationName":"B"}' },
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
    message: /Unknown operation named "B"/,
  },
  {
    name: 'one of two operations, without saying which',
    init: { body: '{"query":"query A { __typename } query B { __typename }"}' },
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
    message: /Must provide operation name/,
  },
  {
    name: 'another content type',
    init: { body: '<query/>', headers: { 'content-type': 'application/xml' } },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: /application\/json/,
  },
  {
    name: 'a form, as another site could send it',
    init: { body: '{"query":"{ __typename }"}', headers: { 'content-type': 'text/plain' } },
    status: 400,
    code: 'BAD_REQUEST',
    message: /CSRF/,
  },
  {
    name: 'a GET as another site could send it',
    path: '/graphql?query={__typename}',
    init: { method: 'GET', headers: {} },
    status: 400,
    code: 'BAD_REQUEST',
    message: /CSRF/,
  },
  {
    name: 'a mutation over GET',
    path: `/graphql?query=${encodeURIComponent('mutation { rename(id: "b1", title: "x") { title } }')}`,
    init: { method: 'GET', headers: { 'apollo-require-preflight': 'true' } },
    status: 405,
    code: 'BAD_REQUEST',
    message: /GET requests only support query operations/,
  },
  {
    name: 'an unknown address',
    path: '/nowhere',
    init: { method: 'GET', headers: {} },
    status: 404,
    code: 'ROUTE_NOT_FOUND',
    message: /nothing at this address/,
  },
  {
    name: 'an address that cannot be decoded',
    path: '/%E0%A4%A',
    init: { method: 'GET', headers: {} },
    status: 400,
    code: 'BAD_REQUEST',
    message: /\w/,
  },
  {
    name: 'a body of 2 MB',
    init: { body: JSON.stringify({ query: `{ books { title } } #${'x'.repeat(2_000_000)}` }) },
    status: 413,
    code: 'BODY_TOO_LARGE',
    message: /too large/,
  },
];

describe('bad input gets a clear error in GraphQL shape, and asks no subgraph', () => {
  for (const { name, path = '/graphql', init, status, code, message } of badInput) {
    test(name, async () => {
      graph.seen.length = 0;
      const answer = await router.fetch(path, { method: 'POST', headers: json, ...init });
      const [error, ...others] = answer.body.errors ?? [];
      assert.equal(answer.status, status, answer.text);
      assert.equal(error?.extensions['code'], code, answer.text);
      assert.match(error?.message ?? '', message);
      assert.deepEqual(others, []);
      assert.deepEqual(Object.keys(error?.extensions ?? {}), ['code']);
      assert.deepEqual(graph.seen, []);
    });
  }
});

describe('a value of a scalar that only the subgraph knows', () => {
  const query = 'query($a: Address!) { isGood(address: $a) }';
  test('passes when it is good', async () => {
    const { body } = await router.ask(query, { variables: { a: 'Kärntner Straße 1, Wien' } });
    assert.deepEqual(body, { data: { isGood: true } });
  });
  const bad: [string, () => Promise<Answer>][] = [
    ['in a variable', () => router.ask(query, { variables: { a: 'Wien' } })],
    ['in the document', () => router.ask('{ isGood(address: "Wien") }')],
  ];
  for (const [name, send] of bad) {
    test(`is refused as the client's mistake when it is bad ${name}`, async () => {
      const { body } = await send();
      assert.equal(body.errors?.[0]?.extensions['code'], 'BAD_USER_INPUT');
      assert.match(body.errors?.[0]?.message ?? '', /An address has a comma/);
    });
  }
});

describe('what subgraphs are told', () => {
  test('the token, the request id and the headers that the declaration names, and no others', async () => {
    graph.seen.length = 0;
    const { headers } = await router.ask('{ books { title } }', {
      headers: {
        authorization: 'Bearer t',
        'x-request-id': 'r-1',
        'accept-language': 'de',
        cookie: 'a=b',
        'x-other': '1',
      },
    });
    assert.equal(headers.get('x-request-id'), 'r-1');
    const [request] = graph.seen;
    assert.equal(request?.headers.authorization, 'Bearer t');
    assert.equal(request?.headers['x-request-id'], 'r-1');
    assert.equal(request?.headers['accept-language'], 'de');
    assert.equal(request?.headers['cookie'], undefined);
    assert.equal(request?.headers['x-other'], undefined);
  });

  test('the client’s address where the declaration says so, and never what the client says of it', async (t) => {
    const cases = [
      { tells: false, trusts: [], from: undefined },
      { tells: true, trusts: [], from: '127.0.0.1' },
      { tells: true, trusts: ['127.0.0.0/8'], from: '203.0.113.9' },
    ];
    for (const { tells, trusts, from } of cases) {
      const one = await startTestRouter(graph.supergraphSdl, {
        bff: defineBff({ name: 'test', port: 0, forward: { clientAddress: tells } }),
        environment: { trustedProxies: trusts },
      });
      t.after(() => one.stop());
      // The second time it is known.
      for (const _ of [1, 2]) {
        graph.seen.length = 0;
        const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' };
        await one.ask('mutation { rename(id: "b1", title: "t") { id } }', { headers });
        await one.ask('{ books { title } }', { headers });
        assert.deepEqual(
          graph.seen.map((seen) => seen.headers['x-forwarded-for']),
          [from, undefined],
          'with mutations: queries of several clients may be one',
        );
      }
    }
  });

  test('a request id that could do harm in a log is replaced', async () => {
    const { headers } = await router.ask('{ __typename }', { headers: { 'x-request-id': 'a b{"x":1}' } });
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });

  test('nothing for a caller who would have to be signed in', async () => {
    graph.seen.length = 0;
    const { status, body } = await router.ask('{ whoami }');
    assert.equal(status, 200);
    assert.deepEqual(body.data, { whoami: null });
    assert.deepEqual(
      body.errors?.map(({ extensions, path }) => ({ extensions, path })),
      [{ extensions: { code: 'UNAUTHENTICATED' }, path: ['whoami'] }],
    );
    assert.deepEqual(graph.seen, []);
  });
});

describe('what a subgraph says when it fails', () => {
  const cases: [string, string, string][] = [
    ['CRASH', 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'],
    ['UNKNOWN_CODE', 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'],
    ['FORBIDDEN', 'FORBIDDEN', 'Only librarians may.'],
    ['NOT_FOUND', 'NOT_FOUND', 'No such shelf.'],
    ['LEAK', 'NOT_FOUND', 'There is no such thing.'],
  ];
  for (const [failure, code, message] of cases) {
    test(`${failure} reaches the client as ${code}`, async () => {
      const { body, text } = await router.ask(`{ fail(with: ${failure}) }`);
      assert.deepEqual(body.data, { fail: null });
      assert.deepEqual(
        body.errors?.map((error) => [error.extensions, error.message, error.path]),
        [[{ code }, message, ['fail']]],
      );
      assert.doesNotMatch(text, /stack|\.js|10\.0\.0\.7|E_POOL|select 1|library/);
    });
  }
});

describe('automatic persisted queries', () => {
  const query = '{ books(first: 1) { title } }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  const send = (body: object) =>
    router.fetch('/graphql', { method: 'POST', headers: json, body: JSON.stringify(body) });

  test('an unknown hash asks for the text, and is known from then on', async () => {
    const unknown = await send({ extensions });
    assert.equal(unknown.body.errors?.[0]?.extensions['code'], 'PERSISTED_QUERY_NOT_FOUND');
    assert.equal(unknown.body.errors?.[0]?.message, 'PersistedQueryNotFound');
    assert.deepEqual((await send({ query, extensions })).body.data, { books: [{ title: 'Middlemarch' }] });
    assert.deepEqual((await send({ extensions })).body.data, { books: [{ title: 'Middlemarch' }] });
  });

  for (const [name, body] of [
    ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash } } }],
    ['no form', { extensions: { persistedQuery: 'x' } }],
    ['a hash of another text', { query: '{ __typename }', extensions }],
  ] as const) {
    test(`one with ${name} is the client's mistake`, async () => {
      const { status, body: answer } = await send(body);
      assert.equal(status, 400);
      assert.deepEqual(
        answer.errors?.map((error) => error.extensions['code']),
        ['BAD_REQUEST'],
      );
    });
  }
});

describe('other sites', () => {
  const preflight = (target: RouterUnderTest, origin: string) =>
    target.fetch('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  test("Apollo's explorers and listed origins may ask, others may not", async () => {
    const cases: [string, boolean][] = [
      ['https://studio.apollographql.com', true],
      ['https://sandbox.embed.apollographql.com', true],
      ['https://studio.apollographql.com.evil.example', false],
      ['http://studio.apollographql.com', false],
      ['https://evil.example', false],
      ['null', false],
    ];
    for (const [origin, allowed] of cases) {
      const { headers } = await preflight(router, origin);
      assert.equal(headers.get('access-control-allow-origin'), allowed ? origin : null, origin);
    }
  });

  test('in production only the listed origins may', async (t) => {
    const strict = await startTestRouter(graph.supergraphSdl, {
      environment: { production: true, corsOrigins: ['https://shop.example'] },
    });
    t.after(() => strict.stop());
    const allowed = async (origin: string) =>
      (await preflight(strict, origin)).headers.get('access-control-allow-origin');
    assert.equal(await allowed('https://shop.example'), 'https://shop.example');
    assert.equal(await allowed('https://studio.apollographql.com'), null);
  });
});

describe('what cannot start says everything that is wrong', () => {
  test('a declaration with several mistakes', async () => {
    const bff = { name: 'test', port: 0, subgraphs: { libary: { timeout: 'soon' } }, contarct: {} };
    await assert.rejects(
      // The compiler would refuse such a declaration; a file in plain JavaScript may still hold it.
      startTestRouter(graph.supergraphSdl, { bff: bff as unknown as ReturnType<typeof defineBff> }),
      (error: unknown) => {
        assert.ok(error instanceof StartupProblem);
        assert.match(error.message, /contarct: there is no such key\. Did you mean "contract"\?/);
        assert.match(error.message, /subgraphs\.libary: there is no subgraph.*Did you mean "library"\?/);
        assert.match(error.message, /"soon" is no duration/);
        return true;
      },
    );
  });

  const supergraphs: [string, string, RegExp][] = [
    ['no GraphQL', 'hello', /cannot be read as GraphQL: Syntax Error/],
    ['an ordinary schema', 'type Query { a: Int }', /not a supergraph/],
    [
      'a broken supergraph',
      'schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query } enum join__Graph { A @join__graph(name: "a", url: "http://127.0.0.1:1/") } type Query { a: Int }',
      /cannot be served/,
    ],
  ];
  for (const [name, sdl, message] of supergraphs) {
    test(name, async () => {
      await assert.rejects(startTestRouter(sdl), (error: unknown) => {
        assert.ok(error instanceof StartupProblem);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
