// Holds that no failure tells clients of our insides, whatever fails and however it is asked: no trace, path, address, statement or name of a host.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { isSignedIn, rule } from '../../../supergraph/declaration/rule-words.ts';
import { errorTable } from '../../../supergraph/foundation/errors.ts';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { deadUrl, type RawServer, startRawServer } from '../../supergraph/fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { openConnection } from './connection.ts';
import { askPlainly, type PlainRequest } from './plain-request.ts';

const secret = 'a-secret-that-is-shared-with-subgraphs-0001';
const json = { 'content-type': 'application/json' };
const asked = { 'apollo-require-preflight': '1' };
const post = (query: string, more: object = {}, headers: Record<string, string> = {}): PlainRequest => ({
  method: 'POST',
  headers: { ...json, ...headers },
  body: JSON.stringify({ query, ...more }),
});

/** Words of our insides, beside the addresses that the tests add. */
const insides = [
  /\bat .{0,200}\.(?:[cm]?[jt]s)(?::\d+)?/,
  /\.(?:ts|mjs|cjs):\d+/,
  /node_modules|node:internal/,
  /\/(?:srv|tmp|home|usr|etc|var)\//,
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|UND_ERR|HPE_|FST_ERR|Z_DATA_ERROR/,
  /stacktrace|"stack"|"cause"|"exception"/,
  /\bselect\b.{0,40}\bfrom\b|select 1|E_POOL|pool drained|relation "/i,
  /_entities|representations|_service/,
  /Parse Error:|TypeError|SyntaxError|undefined \(reading/,
  new RegExp(secret),
];

/** How a subgraph may fail, beyond what the graph's own can say. */
const failures: Record<string, (response: ServerResponse) => void> = {
  'hangs up': (response) => response.destroy(),
  'answers 500 with a page': (response) => {
    response.writeHead(500, { 'content-type': 'text/html', server: 'nginx/1.2.3 on db-7.internal' });
    response.end('<pre>Error: relation "books" at /srv/library/db.js:9</pre>');
  },
  'answers with no JSON': (response) => response.end('{"data":{"books":[{"tit'),
  'answers with something else': (response) => response.end('[1, "/srv/library/db.js"]'),
  'answers with values that do not fit': (response) =>
    response.end('{"data":{"books":[{"title":{"path":"/srv/library/db.js"}}]}}'),
  'leaves out what must be there': (response) => response.end('{"data":{"books":[{"title":null}]}}'),
  'says all it knows in an error': (response) =>
    response.end(
      JSON.stringify({
        data: null,
        errors: [
          {
            message: 'select * from books failed at http://db-7.internal:5432',
            extensions: {
              code: 'INTERNAL_SERVER_ERROR',
              stacktrace: ['at x (/srv/library/db.js:9)'],
              exception: { host: 'db-7.internal' },
            },
          },
        ],
      }),
    ),
  'leads elsewhere': (response) => {
    response.writeHead(302, { location: 'http://db-7.internal/graphql' });
    response.end();
  },
  'is asked too much': (response) => {
    response.writeHead(429, { 'content-type': 'text/plain' });
    response.end('db-7.internal is busy');
  },
  'never answers': () => {},
  'sends headers of its insides': (response) => {
    response.writeHead(200, { 'x-served-by': 'db-7.internal', 'x-powered-by': 'PHP/5' });
    response.end('{"data":{"books":[{"title":"a"}]}}');
  },
};

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`with ENGINE=${engine}`, () => {
    let graph: FixtureGraph;
    let raw: RawServer;
    let whole: RouterUnderTest;
    let failing: RouterUnderTest;
    let away: RouterUnderTest;
    let strict: RouterUnderTest;
    const hosts: string[] = ['db-7.internal', '10.0.0.7'];
    before(async () => {
      graph = await startFixtureGraph();
      raw = await startRawServer((_, response) => response.end());
      const dead = await deadUrl();
      for (const url of [raw.url, dead, ...graph.supergraphSdl.matchAll(/http:\/\/[\w.:]+/g)].map(String)) {
        hosts.push(new URL(url).host);
      }
      const subgraphs = { every: { timeout: '300ms' } } as const;
      const environment = { engine, callerSecret: secret };
      const start = (declared: object, subgraph?: string) =>
        startTestRouter(graph.supergraphSdl, {
          bff: defineBff({ name: 'test', port: 0, subgraphs, ...declared }),
          environment: { ...environment, subgraphUrl: (name) => (name === 'library' ? subgraph : undefined) },
        });
      const broken = rule()(() => {
        throw new Error('select * from people at /srv/rules.ts:7');
      });
      const permissions = { Query: { isGood: broken, ledger: isSignedIn } };
      whole = await start({ permissions });
      failing = await start({}, raw.url);
      away = await start({}, dead);
      strict = await start({ limits: { body: '2KB', introspection: 'never', depth: 3 } });
    });
    after(async () => {
      for (const router of [whole, failing, away, strict]) await router?.stop();
      await raw?.stop();
      await graph?.stop();
    });

    /** Gives the codes. */
    async function tellsNothing(router: RouterUnderTest, request: PlainRequest): Promise<string[]> {
      const answer = await askPlainly(router.origin, request);
      return holds(`${JSON.stringify(answer.headers)}\n${answer.body}`, answer.body.toString());
    }
    function holds(said: string, body: string): string[] {
      for (const words of insides) assert.doesNotMatch(said, words);
      for (const host of hosts) assert.ok(!said.includes(host), `${host} is in ${said}`);
      const parsed = JSON.parse(body === '' ? '{}' : body);
      const errors = (Array.isArray(parsed) ? parsed : [parsed]).flatMap(({ errors = [] }) => errors);
      return errors.map(({ extensions, ...error }: { extensions: Record<string, unknown> }) => {
        const code = String(extensions['code']);
        assert.ok(Object.hasOwn(errorTable, code), `${code}: ${JSON.stringify(error)}`);
        assert.deepEqual(Object.keys(extensions), ['code']);
        return code;
      });
    }

    for (const [name, fail] of Object.entries(failures)) {
      test(`a subgraph that ${name}`, async () => {
        raw.answerWith((_, response) => fail(response));
        for (const query of [
          '{ books { title } }',
          '{ books { title postage } }',
          'mutation { rename(id: "b1", title: "t") { title } }',
          '{ book(id: "b1") { title } books { title format } }',
        ]) {
          const codes = await tellsNothing(failing, post(query));
          if (query.includes('postage') && name !== 'sends headers of its insides')
            assert.ok(codes.length > 0);
        }
        await tellsNothing(failing, {
          path: `/graphql?query=${encodeURIComponent('{ books { title } }')}`,
          headers: asked,
        });
      });
    }

    test('a subgraph that is not there', async () => {
      assert.deepEqual(await tellsNothing(away, post('{ books { title } }')), ['SUBGRAPH_UNAVAILABLE']);
      const ready = await askPlainly(away.origin, { path: '/health/ready' });
      assert.equal(ready.status, 503);
      for (const host of hosts) assert.ok(!ready.body.includes(host));
    });

    for (const kind of ['CRASH', 'UNKNOWN_CODE', 'FORBIDDEN', 'NOT_FOUND', 'LEAK']) {
      test(`a resolver's ${kind}`, async () => {
        const answer = await askPlainly(whole.origin, post(`{ fail(with: ${kind}) }`));
        const said = answer.body.toString();
        // What a subgraph says under a code that is its own to use is meant for clients.
        if (kind !== 'LEAK') assert.equal(holds(said, said).length, 1);
        assert.doesNotMatch(said, /stacktrace|"at x"|"role"|"sql"/);
      });
    }

    const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.';
    const requests: [name: string, request: PlainRequest, code: string | undefined][] = [
      ['no GraphQL', post('{'), 'GRAPHQL_PARSE_FAILED'],
      ['a field that there is not', post('{ bucks }'), 'GRAPHQL_VALIDATION_FAILED'],
      [
        'a variable of another type',
        post('query($a: Int!) { books(first: $a) { title } }', { variables: { a: 'x' } }),
        'BAD_USER_INPUT',
      ],
      ['an address that a scalar refuses', post('{ isGood(address: "no") }'), undefined],
      ['a rule that throws', post('{ isGood(address: "a, b") }'), undefined],
      ['what is for those who are signed in', post('{ ledger whoami }'), 'UNAUTHENTICATED'],
      [
        'no operation of that name',
        post('query A { books { title } }', { operationName: 'B' }),
        'OPERATION_RESOLUTION_FAILURE',
      ],
      ['a subscription', post('subscription { books { title } }'), undefined],
      [
        'a hash that nobody knows',
        post('', {
          query: undefined,
          extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
        }),
        undefined,
      ],
      [
        'a hash of another text',
        post('{ books { title } }', {
          extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
        }),
        'BAD_REQUEST',
      ],
      ['variables that are no object', post('{ books { title } }', { variables: 'x' }), 'BAD_REQUEST'],
      ['a text that is a number', { method: 'POST', headers: json, body: '{"query":1}' }, 'BAD_REQUEST'],
      ['names of prototypes', post('{ __proto__ constructor }'), 'GRAPHQL_VALIDATION_FAILED'],
      ['an array', { method: 'POST', headers: json, body: '[{"query":"{ books { title } }"}]' }, undefined],
      ['broken JSON', { method: 'POST', headers: json, body: '{"query' }, 'BAD_REQUEST'],
      [
        'JSON that would be a prototype',
        { method: 'POST', headers: json, body: '{"__proto__":{"a":1}}' },
        'BAD_REQUEST',
      ],
      ['no body', { method: 'POST', headers: json }, 'BAD_REQUEST'],
      [
        'a form',
        { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
        'UNSUPPORTED_MEDIA_TYPE',
      ],
      [
        'a broken content type',
        { method: 'POST', headers: { 'content-type': '///' }, body: 'a=b' },
        'UNSUPPORTED_MEDIA_TYPE',
      ],
      [
        'a body that is not packed as it says',
        { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' },
        'BAD_REQUEST',
      ],
      [
        'a packed body that is broken',
        { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync('{') },
        'BAD_REQUEST',
      ],
      [
        'a token that is not signed',
        post('{ books { title } }', {}, { authorization: `Bearer ${token}` }),
        undefined,
      ],
      ['nothing to accept', post('{ books { title } }', {}, { accept: 'image/png' }), undefined],
      ['no address', { path: '/srv/library/db.js' }, undefined],
      ['an address that cannot be read', { path: '/%zz' }, undefined],
      ['GET without leave', { path: '/graphql?query={books{title}}' }, 'BAD_REQUEST'],
      [
        'a change by GET',
        { path: '/graphql?query=mutation{rename(id:"b1",title:"t"){title}}', headers: asked },
        undefined,
      ],
      [
        'broken variables by GET',
        { path: '/graphql?query={books{title}}&variables={', headers: asked },
        'BAD_REQUEST',
      ],
      [
        'a plan of somebody who may not have it',
        post('{ bucks }', {}, { 'x-query-plan': '1' }),
        'GRAPHQL_VALIDATION_FAILED',
      ],
    ];
    for (const [name, request, code] of requests) {
      test(`${name}`, async () => {
        const answer = await askPlainly(whole.origin, request);
        const said = answer.body.toString();
        // What was asked for may be in the refusal.
        const body = said.replaceAll('/srv/library/db.js', '');
        const codes = /json/.test(String(answer.headers['content-type'])) ? holds(body, body) : [];
        if (code) assert.ok(codes.includes(code), `${answer.status} ${said}`);
      });
    }

    for (const [name, request, code] of [
      ['a body that is too large', post(`{ books { title } } # ${'a'.repeat(3_000)}`), 'BODY_TOO_LARGE'],
      [
        'the schema, where it is nobody’s to read',
        post('{ __schema { types { name } } }'),
        'INTROSPECTION_DISABLED',
      ],
    ] as const) {
      test(name, async () => assert.deepEqual(await tellsNothing(strict, request), [code]));
    }

    test('what is no HTTP', async () => {
      for (const bytes of [
        'GARBAGE\r\n\r\n',
        `GET / HTTP/1.1\r\na: ${'a'.repeat(50_000)}\r\n\r\n`,
        '\x16\x03\x01\x02\x00',
      ]) {
        const connection = await openConnection(whole.origin);
        connection.write(bytes);
        const [answer] = await connection.closed();
        assert.ok(answer);
        assert.equal(holds(JSON.stringify(answer), answer.body).length, 1);
      }
    });

    test('a client that goes in the middle, and the next one', async () => {
      raw.answerWith(() => {});
      const { hostname, port } = new URL(failing.origin);
      const socket = connect(Number(port), hostname);
      const body = JSON.stringify({ query: '{ books { title } }' });
      const heard = once(socket, 'connect');
      await heard;
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      socket.destroy();
      await tellsNothing(failing, post('{ books { title } }'));
    });
  });
}
