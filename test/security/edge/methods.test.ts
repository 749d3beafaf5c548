// Holds what is done with methods, addresses and manners of HTTP that GraphQL does not need: nothing is run, and nothing hangs.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { answerTo, codeOf, openConnection } from './connection.ts';
import { askPlainly } from './plain-request.ts';

const query = JSON.stringify({ query: '{ books { title } }' });
const mutation = JSON.stringify({ query: 'mutation { rename(id: "b1", title: "t") { title } }' });
const search = 'query=%7Bbooks%7Btitle%7D%7D';
const asked = 'apollo-require-preflight: 1';
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

function lines(first: string, headers: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`];
  return `${[first, 'Host: a', ...length, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

describe('a method', () => {
  for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'SEARCH', 'PURGE', 'QUERY']) {
    test(`${method} runs nothing`, async () => {
      for (const path of ['/graphql', `/graphql?${search}`, '/', '/health/live']) {
        const answer = await answerTo(router.origin, lines(`${method} ${path} HTTP/1.1`, [asked], mutation));
        assert.ok(answer);
        assert.ok([400, 404, 405].includes(answer.status), `${answer.status}`);
        assert.doesNotMatch(answer.body, /require-preflight/, 'nothing that was sent comes back');
      }
      assert.deepEqual(graph.seen, []);
    });
  }

  test('CONNECT gets no tunnel', async () => {
    const connection = await openConnection(router.origin);
    connection.write(lines('CONNECT 127.0.0.1:22 HTTP/1.1'));
    const answers = await connection.closed();
    assert.ok(answers.every(({ status }) => status >= 400));
  });

  for (const headers of [[], ['Origin: https://a.example'], ['Access-Control-Request-Method: POST']]) {
    test(`OPTIONS with ${headers[0] ?? 'nothing'} is no preflight, which is said in words of the table`, async () => {
      const answer = await answerTo(router.origin, lines('OPTIONS /graphql HTTP/1.1', headers));
      assert.ok(answer);
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'BAD_REQUEST']);
    });
  }

  test('HEAD runs nothing', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    const answer = await askPlainly(router.origin, { method: 'HEAD', path: `/graphql?${search}`, headers });
    assert.equal(answer.status, 405);
    assert.deepEqual(graph.seen, []);
  });

  for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method']) {
    test(`is not what ${header} says`, async () => {
      const path = `/graphql?query=${encodeURIComponent('mutation { rename(id: "b1", title: "t") { title } }')}`;
      const answer = await answerTo(router.origin, lines(`GET ${path} HTTP/1.1`, [asked, `${header}: POST`]));
      assert.ok(answer && answer.status >= 400 && answer.status < 500);
      const gone = await answerTo(router.origin, lines('POST /health/live HTTP/1.1', [`${header}: GET`]));
      assert.equal(gone?.status, 404);
      assert.deepEqual(graph.seen, []);
    });
  }
});

describe('an address', () => {
  for (const path of [
    '/GRAPHQL',
    '/graphql/',
    '//graphql',
    '/graphql/graphql',
    '/./graphql',
    '/health/../graphql',
    '/%2fgraphql',
    '/graphql%00',
    '/graphql%3F',
    '/graphqlx',
    '/graphql;a=b',
  ]) {
    test(`${path} is not that of GraphQL`, async () => {
      const answer = await answerTo(router.origin, lines(`POST ${path} HTTP/1.1`, [], query));
      assert.ok(answer && [400, 404].includes(answer.status), `${answer?.status}`);
      assert.deepEqual(graph.seen, []);
    });
  }

  test('that names another host is read as one of ours, and led nowhere', async () => {
    const other = await answerTo(router.origin, lines('GET http://evil.example/graphql HTTP/1.1'));
    assert.ok(other && other.status >= 400 && other.status < 500, `${other?.status}`);
    assert.deepEqual(graph.seen, []);
  });

  test('of 15,000 signs is read', async () => {
    const path = `/graphql?${search}${'%20'.repeat(4_900)}`;
    assert.equal((await answerTo(router.origin, lines(`GET ${path} HTTP/1.1`, [asked])))?.status, 200);
  });

  test('of 17,000 signs is refused in words', async () => {
    const path = `/graphql?${search}${'%20'.repeat(5_700)}`;
    const answer = await answerTo(router.origin, lines(`GET ${path} HTTP/1.1`, [asked]));
    assert.ok(answer);
    assert.deepEqual([answer.status, codeOf(answer)], [431, 'HEADERS_TOO_LARGE']);
  });

  for (const path of [
    '/%zz',
    '/graphql?query=%zz',
    '/graphql?query=%ff%fe',
    `/graphql?${'a&'.repeat(5_000)}`,
  ]) {
    test(`${path.slice(0, 30)} is no fault of ours`, async () => {
      const answer = await answerTo(router.origin, lines(`GET ${path} HTTP/1.1`, [asked]));
      assert.ok(answer && answer.status >= 400 && answer.status < 500, `${answer?.status}`);
      assert.deepEqual(graph.seen, []);
    });
  }
});

describe('a manner of HTTP', () => {
  test('HTTP/1.0 is answered, and its connection ends', async () => {
    const connection = await openConnection(router.origin);
    connection.write(lines('POST /graphql HTTP/1.0', [], query));
    const [answer] = await connection.closed();
    assert.equal(answer?.status, 200);
  });

  test('requests one after the other without waiting are answered in their order', async () => {
    const connection = await openConnection(router.origin);
    const first = lines('POST /graphql HTTP/1.1', [], JSON.stringify({ query: '{ books { id title } }' }));
    const second = lines('GET /health/live HTTP/1.1');
    const third = lines('POST /graphql HTTP/1.1', [], '{');
    connection.write(first + second + second + third);
    const answers = await connection.answers(4);
    connection.socket.destroy();
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 400],
    );
    assert.match(answers[0]?.body ?? '', /Middlemarch/);
  });

  test('a client that waits for leave to send gets it, and its answer', async () => {
    const connection = await openConnection(router.origin);
    connection.write(
      `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    assert.deepEqual(
      (await connection.answers(1)).map(({ status }) => status),
      [100],
    );
    connection.write(query);
    const [, answer] = await connection.answers(2);
    connection.socket.destroy();
    assert.equal(answer?.status, 200);
  });

  test('an expectation that nobody knows is refused', async () => {
    const answer = await answerTo(router.origin, lines('GET /health/live HTTP/1.1', ['Expect: 200-ok']));
    assert.ok(answer);
    assert.deepEqual([answer.status, codeOf(answer)], [417, 'BAD_REQUEST']);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  });

  for (const [name, headers] of [
    [
      'to HTTP/2',
      ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'],
    ],
    [
      'to a WebSocket',
      ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='],
    ],
    ['to TLS', ['Connection: Upgrade', 'Upgrade: TLS/1.2']],
  ] as const) {
    test(`an upgrade ${name} is not made, and the request is what it is without`, async () => {
      const answer = await answerTo(router.origin, lines('POST /graphql HTTP/1.1', headers, query));
      assert.equal(answer?.status, 200);
      assert.equal(answer?.headers['upgrade'], undefined);
    });
  }

  test('a request for some bytes of an answer gets all of it', async () => {
    const answer = await answerTo(
      router.origin,
      lines(`GET /graphql?${search} HTTP/1.1`, [asked, 'Range: bytes=0-1']),
    );
    assert.equal(answer?.status, 200);
    assert.match(answer?.body ?? '', /War and Peace/);
  });

  test('a client that goes while it sends leaves nothing behind', async () => {
    for (const bytes of ['', 'GET / HT', lines('POST /graphql HTTP/1.1', [], query).slice(0, -5)]) {
      const connection = await openConnection(router.origin);
      connection.write(bytes);
      connection.socket.resetAndDestroy();
    }
    assert.equal((await router.ask('{ books { title } }')).status, 200);
  });
});
