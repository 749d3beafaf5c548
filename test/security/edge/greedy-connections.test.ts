// Holds that one connection cannot take much: not by bodies in tiny pieces, by what it asks without reading, or by going at once.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { mostUnderWay, untakenTimeout } from '../../../supergraph/router/edge/server-limits.ts';
import { type RawServer, startRawServer } from '../../supergraph/fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { until } from '../../supergraph/store/connected-redis.ts';
import { type LimitedGraph, startLimitedGraph } from '../limits/limited-graph.ts';
import { startRatedProcesses } from '../rates/rated-processes.ts';
import { answerTo, codeOf, openConnection } from './connection.ts';
import { type RouterProcess, startRouterProcess } from './router-process.ts';

const json = 'Host: a\r\nContent-Type: application/json';
const asked = (body: string): string =>
  `POST /graphql HTTP/1.1\r\n${json}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const operation = (index: number): string =>
  asked(JSON.stringify({ query: `{ a${index}: person { name } }` }));

/** Writes as fast as the other side reads, as long as it does. */
async function writeAll(socket: Socket, pieces: Iterable<string | Buffer>): Promise<void> {
  for (const piece of pieces) {
    if (!socket.writable) return;
    if (socket.write(piece)) continue;
    const ended = new AbortController();
    const { signal } = ended;
    await Promise.race([once(socket, 'drain', { signal }), once(socket, 'close', { signal })]).catch(
      () => {},
    );
    ended.abort();
  }
}

describe('a body in pieces of one byte', () => {
  let router: RouterProcess;
  before(async () => {
    router = await startRouterProcess();
    assert.equal((await router.ask('{ books { title } }')).status, 200);
  });
  after(() => router?.stop());

  for (const [name, line] of [
    ['as it is', ''],
    ['that is packed', 'Content-Encoding: gzip\r\n'],
    ['of plain text', ''],
    ['to nowhere', ''],
  ] as const) {
    test(`${name} takes hardly more memory than it has bytes`, async () => {
      const memory = router.residentMemory();
      const many = Buffer.from('1\r\nx\r\n'.repeat(10_000));
      let most = memory;
      const look = (): void => {
        most = Math.max(most, router.residentMemory());
      };
      const looking = setInterval(look, 10);
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          const connection = await openConnection(router.origin);
          const type = name === 'of plain text' ? 'text/plain' : 'application/json';
          const path = name === 'to nowhere' ? '/nowhere' : '/graphql';
          connection.write(
            `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n${line}\r\n`,
          );
          await writeAll(
            connection.socket,
            Array.from({ length: 30 }, () => many),
          );
          connection.write('0\r\n\r\n');
          const [answer] = await connection.answers(1);
          connection.socket.destroy();
          assert.equal(answer?.status, path === '/nowhere' ? 404 : 400);
        }),
      );
      clearInterval(looking);
      look();
      const taken = most - memory;
      assert.ok(taken < 150, `${taken} MB`);
    });
  }

  for (const [name, split] of [
    ['whole', (body: Buffer) => [body]],
    ['in bytes', (body: Buffer) => [...body].map((byte) => Buffer.from([byte]))],
    ['in halves', (body: Buffer) => [body.subarray(0, body.length >> 1), body.subarray(body.length >> 1)]],
  ] as const) {
    test(`that comes to its end is read, ${name}`, async () => {
      const title = 'Ω€😀'.repeat(5_000);
      const body = Buffer.from(
        JSON.stringify({
          query: `mutation($t: String!) { rename(id: "b1", title: $t) { title } }`,
          variables: { t: title },
        }),
      );
      const chunks = split(body).map((piece) =>
        Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
      );
      const head = Buffer.from(`POST /graphql HTTP/1.1\r\n${json}\r\nTransfer-Encoding: chunked\r\n\r\n`);
      const answer = await answerTo(
        router.origin,
        Buffer.concat([head, ...chunks, Buffer.from('0\r\n\r\n')]),
      );
      assert.equal(answer?.status, 200);
      assert.equal(JSON.parse(answer.body).data.rename.title, title);
    });
  }
});

test('nothing is written down of those who go before the end, or at once, also where addresses count', async (t) => {
  const rate = { per: 'address', most: 100_000, in: '1m' } as const;
  const { urls, children, stop } = await startRatedProcesses(1, { rate }, { TRUSTED_PROXIES: '' });
  t.after(stop);
  const [url = ''] = urls;
  const before = children[0]?.output().length;
  const whole = asked('{"query":"{ books { title } }"}');
  for (const bytes of [
    `POST /graphql HTTP/1.1\r\n${json}\r\nContent-Length: 100\r\n\r\n{`,
    `POST /graphql HTTP/1.1\r\n${json}\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n{`,
    whole,
    whole.repeat(20),
  ]) {
    for (let times = 0; times < 50; times += 1) {
      const { socket } = await openConnection(new URL(url).origin);
      socket.write(bytes, () => socket.resetAndDestroy());
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    }
  }
  const query = JSON.stringify({ query: '{ books { title } }' });
  const headers = { 'content-type': 'application/json' };
  assert.equal((await fetch(url, { method: 'POST', headers, body: query })).status, 200);
  assert.equal(children[0]?.output().slice(before).slice(0, 1_000), '');
});

describe('what is asked without waiting', () => {
  let graph: LimitedGraph;
  let slow: RawServer;
  /** Of what the subgraph was asked: how to answer it. */
  const held: (() => void)[] = [];
  let cancelled = 0;
  let router: RouterUnderTest;
  before(async () => {
    graph = await startLimitedGraph();
    slow = await startRawServer((request, response) => {
      request.resume();
      response.once('close', () => {
        if (!response.writableFinished) cancelled += 1;
      });
      held.push(() => response.setHeader('content-type', 'application/json').end('{"data":{}}'));
    });
    router = await startTestRouter(graph.supergraphSdl, {
      bff: defineBff({ name: 'test', port: 0, subgraphs: { every: { timeout: '60s' } } }),
      environment: { subgraphUrl: (name) => (name === 'people' ? slow.url : undefined) },
    });
  });
  after(async () => {
    await router?.stop();
    await slow?.stop();
    await graph?.stop();
  });

  function* operations(count: number): Generator<string> {
    for (let index = 0; index < count; index += 1) yield operation(index);
  }

  test('is answered up to a bound, and then refused; all of it is cancelled when its client goes', async () => {
    const connection = await openConnection(router.origin);
    void writeAll(connection.socket, operations(10_000));
    await until('all that may be are under way', () => held.length >= mostUnderWay);
    assert.equal((await router.fetch('/health/live')).status, 200);
    assert.equal(held.length, mostUnderWay);
    connection.socket.destroy();
    await until('all are cancelled', () => cancelled === mostUnderWay);
    assert.equal((await router.fetch('/health/live')).status, 200);
    assert.equal(held.length, mostUnderWay, 'nothing is asked afterwards');
  });

  test('has its answers, and then a refusal that ends the connection', async () => {
    held.splice(0);
    const connection = await openConnection(router.origin);
    connection.write([...operations(mostUnderWay + 50)].join(''));
    await until('all that may be are under way', () => held.length >= mostUnderWay);
    for (const answer of held) answer();
    const answers = await connection.closed();
    assert.equal(answers.length, mostUnderWay + 1);
    assert.ok(answers.slice(0, -1).every(({ status }) => status === 200));
    const last = answers.at(-1);
    assert.deepEqual([last?.status, last && codeOf(last)], [400, 'BAD_REQUEST']);
    assert.equal(last?.headers['connection'], 'close');
  });

  test('goes on for as long as its answers are read', async () => {
    const connection = await openConnection(router.origin);
    const some = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(50);
    for (let round = 1; round <= 10; round += 1) {
      connection.write(some);
      const answers = await connection.answers(50 * round);
      assert.ok(answers.every(({ status }) => status === 200));
    }
    connection.socket.destroy();
  });
});

describe('an answer that nobody takes', { concurrency: true }, () => {
  let graph: LimitedGraph;
  let router: RouterUnderTest;
  before(async () => {
    graph = await startLimitedGraph();
    const bff = defineBff({ name: 'test', port: 0, limits: { answer: '64MB' } });
    router = await startTestRouter(graph.supergraphSdl, { bff });
  });
  after(async () => {
    await router?.stop();
    await graph?.stop();
  });
  const large = asked(
    JSON.stringify({ query: 'query($c: Int!) { long(characters: $c) }', variables: { c: 20_000_000 } }),
  );

  test('does not stay: its connection is cut off', async () => {
    const { hostname, port } = new URL(router.origin);
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.on('error', () => {});
    const began = performance.now();
    socket.write(large);
    // Who reads nothing hears of the end only by writing.
    const probe = setInterval(() => socket.write(' '), 100);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(probe);
    const took = performance.now() - began;
    assert.ok(took >= untakenTimeout && took < 2.5 * untakenTimeout, `${took} ms`);
  });

  test('is another than one that is taken slowly', async () => {
    const connection = await openConnection(router.origin);
    const { socket } = connection;
    connection.write(large);
    const began = performance.now();
    // Some of it once a second, for longer than nothing may be taken.
    const timer = setInterval(() => {
      socket.resume();
      socket.once('data', () => performance.now() - began < 1.8 * untakenTimeout && socket.pause());
    }, 500);
    const [answer] = await connection.answers(1);
    clearInterval(timer);
    assert.equal(answer?.status, 200);
    assert.ok(performance.now() - began > 1.8 * untakenTimeout);
    socket.destroy();
  });
});
