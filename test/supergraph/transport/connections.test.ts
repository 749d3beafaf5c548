// Holds the HTTP client's connections to their word: few, used again, given up when nobody waits, and none left over.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { Cancellation } from '../../../supergraph/foundation/cancellation.ts';
import { deadUrl, startRawServer } from '../fixtures/raw-server.ts';
import { httpAnswer, type SocketServer, startSocketServer } from './socket-server.ts';
import { codeOf, type SubgraphUnderTest, subgraphAt } from './subgraph-under-test.ts';

const good = httpAnswer('{"data":{"a":1}}');
const answered = { data: { a: 1 } };

/** Something that a server tells a test of. */
function happening<Value>(): { happened: Promise<Value>; happens: (value: Value) => void } {
  let happens: (value: Value) => void = () => {};
  const happened = new Promise<Value>((resolve) => {
    happens = resolve;
  });
  return { happened, happens };
}

const times = <Result>(count: number, make: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_, index) => make(index));

async function start(
  t: TestContext,
  onRequest: (socket: Socket, nth: number) => void,
  options: { perOrigin?: number; timeout?: number } = {},
): Promise<{ server: SocketServer; subgraph: SubgraphUnderTest }> {
  const server = await startSocketServer(onRequest);
  const subgraph = subgraphAt({ url: server.url, ...options });
  t.after(async () => {
    await subgraph.stop();
    await server.stop();
  });
  return { server, subgraph };
}

test('requests one after the other share their connections', async (t) => {
  const { server, subgraph } = await start(t, (socket) => socket.write(good));
  for (let left = 20; left > 0; left -= 1) assert.deepEqual(await subgraph.ask(), answered);
  assert.equal(server.requests(), 20);
  // A second one may be opened, because the first rests for a turn of the loop after each answer.
  assert.ok(server.connections() <= 2, `${server.connections()} connections`);
});

test('200 requests at once are all answered, over no more connections than are allowed', async (t) => {
  const { server, subgraph } = await start(t, (socket) => setImmediate(() => socket.write(good)), {
    perOrigin: 8,
  });
  const answers = await Promise.all(times(200, () => subgraph.ask()));
  assert.deepEqual(answers, Array(200).fill(answered));
  assert.deepEqual([server.connections(), server.requests()], [8, 200]);
});

test('200 requests at once to a server that is not there all fail, and the next one to it does not wait', async (t) => {
  const subgraph = subgraphAt({ url: await deadUrl(), perOrigin: 4 });
  t.after(() => subgraph.stop());
  for (let round = 0; round < 3; round += 1) {
    const began = performance.now();
    const codes = await Promise.all(times(200, () => codeOf(subgraph.ask())));
    assert.deepEqual([...new Set(codes)], ['SUBGRAPH_UNAVAILABLE']);
    assert.ok(performance.now() - began < 2000);
  }
});

describe('a connection that the server closes at the moment it is used again', () => {
  const kinds = [
    { how: 'closes', close: (socket: Socket) => socket.end() },
    { how: 'resets', close: (socket: Socket) => socket.resetAndDestroy() },
  ];
  for (const { how, close } of kinds) {
    const stale = (socket: Socket, nth: number): void => {
      if (nth === 1) socket.write(good);
      else close(socket);
    };

    test(`costs a query nothing when it ${how}: it is sent once more`, async (t) => {
      const { server, subgraph } = await start(t, stale, { perOrigin: 1 });
      await subgraph.ask();
      assert.deepEqual(await subgraph.ask(), answered);
      assert.deepEqual([server.connections(), server.requests()], [2, 3]);
    });

    test(`fails a mutation when it ${how}: it may have been done`, async (t) => {
      const { server, subgraph } = await start(t, stale, { perOrigin: 1 });
      await subgraph.ask({ kind: 'mutation' });
      assert.equal(await codeOf(subgraph.ask({ kind: 'mutation' })), 'SUBGRAPH_UNAVAILABLE');
      assert.equal(server.requests(), 2);
    });
  }

  test('costs nothing either when all idle connections are closed with it', async (t) => {
    const connections = 5;
    const { server, subgraph } = await start(
      t,
      (socket, nth) => {
        if (nth > 1) for (const each of server.open) each.destroy();
        else if (server.requests() > connections) socket.write(good);
        else if (server.requests() === connections) for (const each of server.open) each.write(good);
      },
      { perOrigin: connections },
    );
    await Promise.all(times(connections, () => subgraph.ask()));
    assert.deepEqual(await subgraph.ask(), answered);
    assert.deepEqual([server.connections(), server.requests()], [connections + 1, connections + 2]);
  });

  test('is no reason to send a query once more when the answer had begun', async (t) => {
    const begin = (socket: Socket, nth: number): void => {
      if (nth === 1) socket.write(good);
      else socket.end('HTTP/1.1 200');
    };
    const { server, subgraph } = await start(t, begin, { perOrigin: 1 });
    await subgraph.ask();
    assert.equal(await codeOf(subgraph.ask()), 'SUBGRAPH_UNAVAILABLE');
    assert.equal(server.requests(), 2);
  });

  test('is sent once more once only', async (t) => {
    const onlyOnce = (socket: Socket): void => {
      if (server.requests() === 1) socket.write(good);
      else socket.destroy();
    };
    const { server, subgraph } = await start(t, onlyOnce, { perOrigin: 1 });
    await subgraph.ask();
    assert.equal(await codeOf(subgraph.ask()), 'SUBGRAPH_UNAVAILABLE');
    assert.equal(server.requests(), 3);
  });
});

test('a new connection that is closed without an answer is not asked again', async (t) => {
  const { server, subgraph } = await start(t, (socket) => socket.destroy());
  assert.equal(await codeOf(subgraph.ask()), 'SUBGRAPH_UNAVAILABLE');
  assert.equal(server.requests(), 1);
});

test('an answer that comes too late is not taken for that of the next request', async (t) => {
  const late: Socket[] = [];
  const { server, subgraph } = await start(
    t,
    (socket) => {
      late.push(socket);
      if (late.length === 1) return;
      late[0]?.write(httpAnswer('{"data":{"a":"late"}}'));
      socket.write(good);
    },
    { perOrigin: 1, timeout: 200 },
  );
  assert.equal(await codeOf(subgraph.ask()), 'SUBGRAPH_TIMEOUT');
  assert.deepEqual(await subgraph.ask(), answered);
  assert.equal(server.connections(), 2);
});

const gone = new Error('gone');

describe('a request that nobody waits for any more', () => {
  test('ends at once, and its connection with it', async (t) => {
    const waiting = new Cancellation();
    const asked = happening<Socket>();
    const { subgraph } = await start(t, asked.happens);
    const code = codeOf(subgraph.ask({ context: { signal: waiting } }));
    const closed = once(await asked.happened, 'close');
    waiting.abort(gone);
    assert.equal(await code, 'REQUEST_CANCELLED');
    await closed;
  });

  test('ends in the middle of the answer as well', async (t) => {
    const waiting = new Cancellation();
    const server = await startRawServer((_, response) => {
      response.write('{"data":', () => setImmediate(() => waiting.abort(gone)));
      response.on('close', closed.happens);
    });
    const closed = happening<void>();
    const subgraph = subgraphAt({ url: server.url });
    t.after(async () => {
      await subgraph.stop();
      await server.stop();
    });
    assert.equal(await codeOf(subgraph.ask({ context: { signal: waiting } })), 'REQUEST_CANCELLED');
    await closed.happened;
  });

  test('is not even sent when that was so before', async (t) => {
    const { server, subgraph } = await start(t, (socket) => socket.write(good));
    const signal = new Cancellation();
    signal.abort(gone);
    assert.equal(await codeOf(subgraph.ask({ context: { signal } })), 'REQUEST_CANCELLED');
    assert.deepEqual(await subgraph.ask(), answered);
    assert.equal(server.requests(), 1);
  });

  test('leaves the queue without a word to the server, and costs those behind it no connection', async (t) => {
    const waiting = new Cancellation();
    const first = happening<Socket>();
    const { server, subgraph } = await start(
      t,
      (socket, nth) => {
        if (nth === 1) first.happens(socket);
        else socket.write(good);
      },
      { perOrigin: 1 },
    );
    const running = subgraph.ask();
    const socket = await first.happened;
    const queued = times(10, () => codeOf(subgraph.ask({ context: { signal: waiting } })));
    const behind = subgraph.ask();
    waiting.abort(gone);
    assert.deepEqual(await Promise.all(queued), Array(10).fill('REQUEST_CANCELLED'));
    socket.write(good);
    assert.deepEqual(await Promise.all([running, behind]), [answered, answered]);
    assert.deepEqual([server.connections(), server.requests()], [1, 2]);
  });

  test('and has waited in the queue for too long has the code of that', async (t) => {
    const { server, subgraph } = await start(t, () => {}, { perOrigin: 1, timeout: 200 });
    const codes = await Promise.all(times(5, () => codeOf(subgraph.ask())));
    assert.deepEqual(codes, Array(5).fill('SUBGRAPH_TIMEOUT'));
    assert.equal(server.requests(), 1);
  });
});

test('1,000 requests with one signal, all kinds of ends among them, leave no listener and no warning', async (t) => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', warn);
  t.after(() => process.off('warning', warn));
  const signal = new Cancellation();
  let asked = 0;
  const { subgraph } = await start(
    t,
    (socket) => {
      asked += 1;
      if (asked % 10 === 0) socket.destroy();
      else if (asked % 10 === 5) socket.write(httpAnswer('<html>'));
      else if (asked % 100 === 1) return;
      else socket.write(good);
    },
    { perOrigin: 20, timeout: 100 },
  );
  for (let left = 10; left > 0; left -= 1) {
    await Promise.all(times(100, () => codeOf(subgraph.ask({ context: { signal } }))));
  }
  assert.equal(signal.size, 0);
  assert.deepEqual(warnings, []);
});

describe('when the connections are closed', () => {
  test('running and waiting requests end, and nothing is sent any more', async (t) => {
    const asked = happening<Socket>();
    const { server, subgraph } = await start(t, asked.happens, { perOrigin: 1 });
    const codes = Promise.all(times(3, () => codeOf(subgraph.ask())));
    const closed = once(await asked.happened, 'close');
    await subgraph.stop();
    assert.deepEqual(await codes, Array(3).fill('SUBGRAPH_UNAVAILABLE'));
    await closed;
    assert.equal(await codeOf(subgraph.ask()), 'SUBGRAPH_UNAVAILABLE');
    assert.equal(server.open.size, 0);
  });
});
