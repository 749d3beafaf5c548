// Holds the HTTP client to what it takes for an answer: anything a server can send gives data or a code, in bounded time.
import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { SubgraphResponse } from '../../../supergraph/transport/subgraph-client.ts';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { httpAnswer, type SocketServer, startSocketServer } from './socket-server.ts';
import { codeOf, type SubgraphUnderTest, subgraphAt } from './subgraph-under-test.ts';

const timeout = 400;
const maxAnswerSize = 1000;
let server: RawServer;
let subgraph: SubgraphUnderTest;

before(async () => {
  server = await startRawServer(() => {});
});
after(() => server.stop());
beforeEach((t) => {
  subgraph = subgraphAt({ url: server.url, timeout, maxAnswerSize });
  if ('after' in t) t.after(() => subgraph.stop());
});

const answer =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

/** Sends pieces so that each of them arrives alone. */
const inPieces =
  (...pieces: (string | Buffer)[]): RequestListener =>
  (_, response) => {
    response.socket?.setNoDelay();
    const next = (): void => {
      const piece = pieces.shift();
      if (piece === undefined) response.end();
      else response.write(piece, () => setImmediate(next));
    };
    next();
  };

const fill = (response: ServerResponse): void => {
  while (!response.destroyed && response.write('x'.repeat(100))) {}
  response.once('drain', () => fill(response));
};

const refused: { name: string; listener: RequestListener; code: string }[] = [
  { name: 'never answers', listener: () => {}, code: 'SUBGRAPH_TIMEOUT' },
  {
    name: 'sends its head and nothing more',
    listener: (_, response) => response.writeHead(200).flushHeaders(),
    code: 'SUBGRAPH_TIMEOUT',
  },
  {
    name: 'sends a piece now and then, without end',
    listener: (_, response) => {
      const dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    },
    code: 'SUBGRAPH_TIMEOUT',
  },
  { name: 'hangs up', listener: ({ socket }) => socket.destroy(), code: 'SUBGRAPH_UNAVAILABLE' },
  {
    name: 'resets the connection',
    listener: ({ socket }) => socket.resetAndDestroy(),
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  {
    name: 'hangs up in the middle of a body of known length',
    listener: ({ socket }, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"data":', () => socket.end());
    },
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  {
    name: 'hangs up in the middle of a body of unknown length',
    listener: ({ socket }, response) => response.write('{"data":{}}', () => socket.end()),
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  { name: 'is overloaded', listener: answer(503, 'busy'), code: 'SUBGRAPH_UNAVAILABLE' },
  { name: 'fails with data alone', listener: answer(500, '{"data":{"a":1}}'), code: 'SUBGRAPH_UNAVAILABLE' },
  { name: 'refuses the token', listener: answer(401, 'who are you'), code: 'UNAUTHENTICATED' },
  { name: 'refuses the caller', listener: answer(403, '{"message":"no"}'), code: 'FORBIDDEN' },
  { name: 'redirects', listener: answer(307, '', { location: '/elsewhere' }), code: 'SUBGRAPH_MALFORMED' },
  { name: 'redirects with data', listener: answer(302, '{"data":{"a":1}}'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers with an empty body', listener: answer(200, ''), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers that there is no body', listener: answer(204, ''), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers a web page', listener: answer(200, '<html>'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers half a JSON', listener: answer(200, '{"data":{"a'), code: 'SUBGRAPH_MALFORMED' },
  { name: 'answers two JSONs', listener: answer(200, '{"data":{}}{"data":{}}'), code: 'SUBGRAPH_MALFORMED' },
  ...[
    'null',
    '[]',
    '7',
    '{}',
    '{"data":null}',
    '{"data":7}',
    '{"data":[]}',
    '{"errors":[]}',
    '{"errors":"x"}',
  ].map((body) => ({ name: `answers ${body}`, listener: answer(200, body), code: 'SUBGRAPH_MALFORMED' })),
  {
    name: 'has its answer in the prototype',
    listener: answer(200, '{"__proto__":{"data":{"a":1}}}'),
    code: 'SUBGRAPH_MALFORMED',
  },
  {
    name: 'packs its answer although nobody asked for it',
    listener: answer(200, gzipSync('{"data":{"a":1}}'), { 'content-encoding': 'gzip' }),
    code: 'SUBGRAPH_MALFORMED',
  },
  {
    name: 'announces more than is allowed',
    listener: (_, response) => response.writeHead(200, { 'content-length': '1001' }).flushHeaders(),
    code: 'SUBGRAPH_MALFORMED',
  },
  {
    name: 'sends more than is allowed',
    listener: answer(200, `{"data":{"a":"${'x'.repeat(1000)}"}}`),
    code: 'SUBGRAPH_MALFORMED',
  },
  { name: 'sends without end', listener: (_, response) => fill(response), code: 'SUBGRAPH_MALFORMED' },
];

describe('a subgraph that', () => {
  for (const { name, listener, code } of refused) {
    test(`${name} gives ${code}`, async () => {
      server.answerWith(listener);
      const began = performance.now();
      assert.equal(await codeOf(subgraph.ask()), code);
      const took = performance.now() - began;
      assert.ok(took < timeout + 600, `took ${took} ms`);
      assert.ok(code !== 'SUBGRAPH_TIMEOUT' || took >= timeout - 5, `gave up after ${took} ms`);
    });
  }

  test('leaves some requests unanswered among others has each of them given up in its own time', async () => {
    const good = answer(200, '{"data":{"a":1}}');
    const began: number[] = [];
    const waiting: Promise<unknown>[] = [];
    for (const part of [0, 0.3, 0.6, 0.9]) {
      server.answerWith(good);
      while (performance.now() - (began[0] ?? 0) < timeout * part) await subgraph.ask();
      const arrived = new Promise<void>((resolve) => server.answerWith(() => resolve()));
      const start = performance.now();
      began.push(start);
      waiting.push(codeOf(subgraph.ask()).then((code) => [code, performance.now() - start]));
      await arrived;
    }
    for (const [code, took] of (await Promise.all(waiting)) as [unknown, number][]) {
      assert.equal(code, 'SUBGRAPH_TIMEOUT');
      assert.ok(took >= timeout - 5 && took < timeout + 200, `gave up after ${took} ms`);
    }
  });

  test('gives way to an answer of the next moment', async () => {
    server.answerWith(({ socket }) => socket.destroy());
    await codeOf(subgraph.ask());
    server.answerWith(answer(200, '{"data":{"a":1}}'));
    assert.deepEqual(await subgraph.ask(), { data: { a: 1 } });
  });
});

const euro = Buffer.from('{"data":{"a":"€ und 🦉"}}');
const accepted: { name: string; listener: RequestListener; response: SubgraphResponse }[] = [
  { name: 'data', listener: answer(200, '{"data":{"a":1}}'), response: { data: { a: 1 } } },
  {
    name: 'data whose size is just allowed',
    listener: answer(200, '{"data":{"a":1}}'.padEnd(maxAnswerSize)),
    response: { data: { a: 1 } },
  },
  {
    name: 'data in as many pieces as it has bytes, some of them within a character',
    listener: (request, response) =>
      inPieces(...[...euro].map((byte) => Buffer.from([byte])))(request, response),
    response: { data: { a: '€ und 🦉' } },
  },
  {
    name: 'data after a byte order mark',
    listener: answer(200, '\ufeff{"data":{"a":1}}'),
    response: { data: { a: 1 } },
  },
  {
    name: 'data in bytes that are no UTF-8',
    listener: answer(200, Buffer.from('{"data":{"a":"\xff"}}', 'latin1')),
    response: { data: { a: '\ufffd' } },
  },
  {
    name: 'data after early hints',
    listener: (_, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('{"data":{"a":1}}');
    },
    response: { data: { a: 1 } },
  },
  {
    name: 'data that says it is not packed',
    listener: answer(200, '{"data":{"a":1}}', { 'content-encoding': 'identity' }),
    response: { data: { a: 1 } },
  },
  {
    name: 'data and errors',
    listener: answer(200, '{"data":{"a":null},"errors":[{"message":"x"}]}'),
    response: { data: { a: null }, errors: [{ message: 'x' }] },
  },
  {
    name: 'errors with a status of failure',
    listener: answer(500, '{"errors":[{"message":"x"}]}'),
    response: { errors: [{ message: 'x' }] },
  },
];

describe('is taken for an answer:', () => {
  for (const { name, listener, response } of accepted) {
    test(name, async () => {
      server.answerWith(listener);
      assert.deepEqual(await subgraph.ask(), response);
    });
  }

  test('a key called __proto__, as a key like any other', async () => {
    server.answerWith(answer(200, '{"data":{"__proto__":{"polluted":1}}}'));
    const { data } = await subgraph.ask();
    assert.deepEqual(Object.keys(data ?? {}), ['__proto__']);
    assert.equal('polluted' in {}, false);
    assert.equal(Object.getPrototypeOf(data), Object.prototype);
  });

  test('400,000 lists within each other', async (t) => {
    const depth = 400_000;
    const roomy = subgraphAt({ url: server.url });
    t.after(() => roomy.stop());
    server.answerWith(answer(200, `{"data":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`));
    let lists = 0;
    for (let at = (await roomy.ask()).data?.['a']; Array.isArray(at); at = at[0]) lists += 1;
    assert.equal(lists, depth);
  });

  test('10 MB in a hundred thousand pieces', async (t) => {
    const roomy = subgraphAt({ url: server.url, timeout: 20_000 });
    t.after(() => roomy.stop());
    const piece = 'ä'.repeat(52);
    server.answerWith((_, response) => {
      response.write('{"data":{"a":"');
      for (let left = 100_000; left > 0; left -= 1) response.write(piece);
      response.end('"}}');
    });
    const { data } = await roomy.ask();
    assert.equal(data?.['a'], piece.repeat(100_000));
  });
});

describe('below HTTP, a server that', () => {
  const cases: { name: string; send: string; code: string }[] = [
    { name: 'speaks another language', send: 'SSH-2.0-OpenSSH_9.2\r\n', code: 'SUBGRAPH_MALFORMED' },
    {
      name: 'sends a head without end',
      send: `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`,
      code: 'SUBGRAPH_MALFORMED',
    },
    {
      name: 'contradicts itself about the length',
      send: 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\n{"dat',
      code: 'SUBGRAPH_UNAVAILABLE',
    },
    { name: 'sends half a head', send: 'HTTP/1.1 200 OK\r\nconte', code: 'SUBGRAPH_TIMEOUT' },
  ];
  for (const { name, send, code } of cases) {
    test(`${name} gives ${code}`, async (t) => {
      const socketServer = await startSocketServer((socket) => socket.write(send));
      const other = subgraphAt({ url: socketServer.url, timeout });
      t.after(async () => {
        await other.stop();
        await socketServer.stop();
      });
      assert.equal(await codeOf(other.ask()), code);
    });
  }

  test('sends more than one answer has no word in the next', async (t) => {
    let answers = 0;
    const socketServer: SocketServer = await startSocketServer((socket) => {
      answers += 1;
      const extra = answers === 1 ? httpAnswer('{"data":{"a":"from before"}}') : '';
      socket.write(httpAnswer(`{"data":{"a":${answers}}}`) + extra);
    });
    const other = subgraphAt({ url: socketServer.url, timeout, perOrigin: 1 });
    t.after(async () => {
      await other.stop();
      await socketServer.stop();
    });
    assert.deepEqual((await other.ask()).data, { a: 1 });
    assert.deepEqual((await other.ask()).data, { a: 2 });
  });
});

describe('a subgraph is sent', () => {
  test('the operation and its variables as JSON, our own headers, and those of the client that are handed on', async (t) => {
    const forwarding = subgraphAt({ url: `${server.url}?v=1`, forward: ['authorization', 'x-list'] });
    t.after(() => forwarding.stop());
    const seen: unknown[] = [];
    server.answerWith(async (request, response) => {
      const { 'content-length': length, host, connection, ...headers } = request.headers;
      let body = '';
      for await (const piece of request.setEncoding('utf8')) body += piece;
      seen.push({ method: request.method, url: request.url, headers, body: JSON.parse(body) });
      response.end('{"data":{}}');
    });
    await forwarding.ask({
      variables: '{"name":"Grüße, 🦉"}',
      context: {
        requestId: 'r-7',
        headers: { authorization: 'Bearer t', cookie: 'c', 'x-list': ['a', 'b'] as unknown as string },
      },
    });
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: '/graphql?v=1',
        headers: {
          'content-type': 'application/json',
          'tributary-timeout': '5000',
          accept: 'application/graphql-response+json, application/json',
          'accept-encoding': 'identity',
          'x-request-id': 'r-7',
          authorization: 'Bearer t',
          'x-list': 'a, b',
        },
        body: { query: '{ a }', variables: { name: 'Grüße, 🦉' } },
      },
    ]);
  });
});
