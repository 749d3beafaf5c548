// Holds a router to its word when a subgraph is down, slow or talks garbage: bounded time, clear codes, no details.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { deadUrl, type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const timeout = 300;
const silence: RequestListener = () => {};
const answer =
  (status: number, body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  (_: unknown, response: Parameters<RequestListener>[1]) => {
    response.writeHead(status, headers).end(body);
  };

let graph: FixtureGraph;
let post: RawServer;
let router: RouterUnderTest;

before(async () => {
  graph = await startFixtureGraph();
  post = await startRawServer(silence);
  router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({ name: 'test', port: 0, subgraphs: { post: { timeout: `${timeout}ms` } } }),
    environment: { subgraphUrl: (name) => (name === 'post' ? post.url : undefined) },
  });
});
after(async () => {
  await router?.stop();
  await post?.stop();
  await graph?.stop();
});

const misbehaviours: { name: string; listener: RequestListener; code: string }[] = [
  { name: 'never answers', listener: silence, code: 'SUBGRAPH_TIMEOUT' },
  {
    name: 'stops in the middle of its answer',
    listener: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":');
    },
    code: 'SUBGRAPH_TIMEOUT',
  },
  {
    name: 'hangs up without an answer',
    listener: (request) => request.socket.destroy(),
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  {
    name: 'hangs up in the middle of its answer',
    listener: (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"data":', () => request.socket.destroy());
    },
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  {
    name: 'is overloaded',
    listener: answer(503, 'upstream pool 10.1.2.3 exhausted'),
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  {
    name: 'redirects',
    listener: answer(302, '', { location: 'http://evil.example/' }),
    code: 'SUBGRAPH_MALFORMED',
  },
  { name: 'answers a web page', listener: answer(200, '<html>hi</html>'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers nothing at all', listener: answer(200, ''), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers half of a JSON', listener: answer(200, '{"data":{"_ent'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers null', listener: answer(200, 'null'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers a list', listener: answer(200, '[]'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers neither data nor errors', listener: answer(200, '{}'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers data that is no object', listener: answer(200, '{"data":7}'), code: 'SUBGRAPH_MALFORMED' },
  {
    name: 'answers errors that are no list',
    listener: answer(200, '{"errors":"x"}'),
    code: 'SUBGRAPH_MALFORMED',
  },
  {
    name: 'answers fewer entities than it was asked for',
    listener: answer(200, '{"data":{"_entities":[{"postage":1}]}}'),
    code: 'SUBGRAPH_MALFORMED',
  },
  { name: 'refuses the token', listener: answer(401, 'who are you'), code: 'UNAUTHENTICATED' },
  { name: 'refuses the caller', listener: answer(403, '{"message":"no"}'), code: 'FORBIDDEN' },
  {
    name: 'does not understand our query',
    listener: answer(
      400,
      JSON.stringify({
        errors: [
          {
            message: 'Cannot query field "weight" on type "Book".',
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
          },
        ],
      }),
    ),
    code: 'INTERNAL_SERVER_ERROR',
  },
  {
    name: 'complains about the entities we sent',
    listener: answer(
      400,
      JSON.stringify({
        errors: [
          {
            message: 'Variable "$representations" got invalid value',
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      }),
    ),
    code: 'INTERNAL_SERVER_ERROR',
  },
  {
    name: 'answers errors of no form',
    listener: answer(200, '{"errors":[7,null]}'),
    code: 'INTERNAL_SERVER_ERROR',
  },
];

describe('a subgraph that', () => {
  for (const { name, listener, code } of misbehaviours) {
    test(`${name} gives ${code}, and the other fields their data`, async () => {
      post.answerWith(listener);
      const began = performance.now();
      const { status, body, text } = await router.ask('{ books { title reservations } }');
      const took = performance.now() - began;
      assert.equal(status, 200);
      assert.deepEqual(body.data, {
        books: [
          { title: 'Middlemarch', reservations: null },
          { title: 'War and Peace', reservations: null },
        ],
      });
      assert.deepEqual([...new Set(body.errors?.map(({ extensions }) => extensions['code']))], [code], text);
      assert.doesNotMatch(text, /127\.0\.0\.1|10\.1\.2\.3|evil|stack|ECONN|weight|representations|post\b/);
      assert.ok(took < timeout + 1000, `took ${took} ms`);
    });
  }

  test('leaves out what it promised leaves no null without an error', async () => {
    post.answerWith(answer(200, '{"data":{"_entities":[{"postage":3},{"postage":null}]}}'));
    const { body } = await router.ask('{ books { title postage } }');
    assert.deepEqual(
      body.errors?.map(({ path, extensions }) => ({ path, code: extensions['code'] })),
      [{ path: ['books', 1, 'postage'], code: 'SUBGRAPH_VALUE_MISSING' }],
    );
    assert.equal('extensions' in body, false, 'nothing else speaks of it');
  });

  test('is back is used again at once', async () => {
    post.answerWith(answer(200, '{"data":{"_entities":[{"reservations":1},{"reservations":2}]}}'));
    const { body } = await router.ask('{ books { reservations } }');
    assert.deepEqual(body, { data: { books: [{ reservations: 1 }, { reservations: 2 }] } });
  });
});

describe('health', () => {
  test('a router is alive whatever its subgraphs do', async () => {
    post.answerWith(silence);
    const { status, body } = await router.fetch('/health/live');
    assert.deepEqual({ status, body }, { status: 200, body: { status: 'live' } });
  });

  test('it is ready when every subgraph answers, and says which does not', async () => {
    const cases: [RequestListener, number, object][] = [
      [answer(200, '{"data":{"__typename":"Query"}}'), 200, { status: 'ready' }],
      [
        answer(200, '{"data":{}}'),
        503,
        { status: 'not ready', waitingFor: [{ subgraph: 'post', because: 'SUBGRAPH_MALFORMED' }] },
      ],
      [
        silence,
        503,
        { status: 'not ready', waitingFor: [{ subgraph: 'post', because: 'SUBGRAPH_TIMEOUT' }] },
      ],
    ];
    for (const [listener, status, body] of cases) {
      post.answerWith(listener);
      const began = performance.now();
      const ready = await router.fetch('/health/ready');
      assert.deepEqual({ status: ready.status, body: ready.body }, { status, body });
      assert.ok(performance.now() - began < 2500);
    }
  });

  test('many probes at once ask a subgraph once', async () => {
    let asked = 0;
    post.answerWith((_, response) => {
      asked += 1;
      response.end('{"data":{"__typename":"Query"}}');
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => router.fetch('/health/ready')));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.ok(asked < 20, `asked ${asked} times`);
  });

  test('a router starts before its subgraphs, and is ready when they are', async (t) => {
    const late = await startRawServer((request) => request.socket.destroy());
    const early = await startTestRouter(graph.supergraphSdl, {
      environment: { subgraphUrl: () => late.url },
    });
    t.after(async () => {
      await early.stop();
      await late.stop();
    });
    const before = await early.fetch('/health/ready');
    assert.deepEqual(before.body, {
      status: 'not ready',
      waitingFor: ['library', 'post'].map((subgraph) => ({ subgraph, because: 'SUBGRAPH_UNAVAILABLE' })),
    });
    late.answerWith(answer(200, '{"data":{"__typename":"Query"}}'));
    assert.equal((await early.fetch('/health/ready')).status, 200);
  });

  test('a subgraph that is not there at all is named', async (t) => {
    const url = await deadUrl();
    const alone = await startTestRouter(graph.supergraphSdl, {
      environment: { subgraphUrl: (name) => (name === 'post' ? url : undefined) },
    });
    t.after(() => alone.stop());
    assert.deepEqual((await alone.fetch('/health/ready')).body, {
      status: 'not ready',
      waitingFor: [{ subgraph: 'post', because: 'SUBGRAPH_UNAVAILABLE' }],
    });
  });
});
