// Holds that what is too large is refused at once, in words that its sender can read, with no memory taken for it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { createAuthority, createPemFolder } from '../../support/certificates.ts';
import { codeOf, openConnection, type RawAnswer } from './connection.ts';
import { askPlainly } from './plain-request.ts';
import { type RouterProcess, startRouterProcess } from './router-process.ts';

const query = JSON.stringify({ query: '{ books { title } }' });
const megabytes = 64;
/** What is sent of it at a time. */
const piece = Buffer.alloc(64 * 1024, ' ');

let router: RouterProcess;
before(async () => {
  router = await startRouterProcess();
  for (let times = 0; times < 3; times += 1) {
    assert.equal((await router.ask('{ books { title } }')).status, 200);
  }
  // What the first of its kind loads is not what is measured.
  await send(['Content-Encoding: gzip', 'Content-Length: 20'], gzipSync(''));
});
after(() => router?.stop());
beforeEach(() => router.graph.seen.splice(0));

interface Refused {
  answer: RawAnswer | undefined;
  milliseconds: number;
  /** How much of the request had left when its answer was there. */
  sent: number;
}

/** Goes on sending `body` over and over until `total` bytes are sent or the answer is there. */
async function send(headers: string[], body: Buffer, total = body.length): Promise<Refused> {
  const connection = await openConnection(router.origin);
  const { socket } = connection;
  const began = performance.now();
  const lines = ['Host: a', 'Content-Type: application/json', ...headers];
  socket.write(`POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  let sent = 0;
  const push = (): void => {
    while (sent < total && socket.writable) {
      const part = body.subarray(0, total - sent);
      sent += part.length;
      if (!socket.write(part)) {
        socket.once('drain', push);
        return;
      }
    }
  };
  push();
  const [answer] = await connection.answers(1);
  const milliseconds = performance.now() - began;
  const left = socket.bytesWritten - socket.writableLength;
  socket.destroy();
  return { answer, milliseconds, sent: left };
}

interface Expected {
  /** Of a body that goes on and on. */
  total?: number | undefined;
  status?: number;
  code?: string;
  /** What becomes of the connection; what has come whole leaves it as good as it was, unless told. */
  connection?: string;
}

/** The quickest of three: a machine that does something else for a moment is nobody's fault. */
async function isRefused(
  headers: string[],
  body: Buffer,
  { total, status = 413, code = 'BODY_TOO_LARGE', connection }: Expected = {},
): Promise<Refused> {
  const memory = router.residentMemory();
  let best: Refused | undefined;
  for (let times = 0; times < 3; times += 1) {
    const refused = await send(headers, body, total);
    assert.ok(refused.answer, 'there is an answer that can be read');
    assert.deepEqual([refused.answer.status, codeOf(refused.answer)], [status, code]);
    const usual = body.length === (total ?? body.length) ? 'keep-alive' : 'close';
    assert.equal(refused.answer.headers['connection'], connection ?? usual);
    if (best === undefined || refused.milliseconds < best.milliseconds) best = refused;
  }
  assert.ok(best);
  assert.ok(best.milliseconds < 100, `${best.milliseconds} ms`);
  const taken = router.residentMemory() - memory;
  assert.ok(taken < 20, `${taken} MB`);
  assert.deepEqual(router.graph.seen, []);
  assert.equal((await router.ask('{ books { title } }')).status, 200, 'others are served');
  return best;
}

describe(`a body of ${megabytes} MB`, () => {
  const bytes = megabytes * 1_000_000;
  test('that says how long it is', async () => {
    const { sent } = await isRefused([`Content-Length: ${bytes}`], piece, { total: bytes });
    assert.ok(sent < 16_000_000, `${sent} bytes were taken`);
  });

  test('in a chunk that says how long it is', async () => {
    const first = Buffer.concat([Buffer.from(`${bytes.toString(16)}\r\n`), Buffer.alloc(1 << 20, ' ')]);
    const { sent } = await isRefused(['Transfer-Encoding: chunked'], first, { total: bytes });
    assert.ok(sent < 16_000_000, `${sent} bytes were taken`);
  });

  test('in many chunks', async () => {
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]);
    const { sent } = await isRefused(['Transfer-Encoding: chunked'], chunk, { total: bytes });
    assert.ok(sent < 16_000_000, `${sent} bytes were taken`);
  });

  test('of which a client sends on what it can after it was refused: it is not taken', async () => {
    const connection = await openConnection(router.origin);
    const { socket } = connection;
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`,
    );
    for (let sent = 0; sent < bytes; sent += piece.length) socket.write(piece);
    const began = performance.now();
    const [answer] = await connection.answers(1);
    assert.equal(answer?.status, 413);
    // It may end in a reset: what was sent on is not read.
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    const taken = socket.bytesWritten - socket.writableLength;
    assert.ok(taken < 16_000_000, `${taken} bytes were taken`);
    assert.ok(performance.now() - began < 5_000, 'and the connection does not stay');
  });

  test('that says it is packed', async () => {
    await isRefused(['Content-Encoding: gzip', `Content-Length: ${bytes}`], piece, { total: bytes });
  });

  test('that is packed and comes in chunks', async () => {
    const noise = Buffer.concat([
      Buffer.from('10000\r\n'),
      gzipSync(piece).subarray(0, 10),
      piece.subarray(10),
      Buffer.from('\r\n'),
    ]);
    await isRefused(['Content-Encoding: gzip', 'Transfer-Encoding: chunked'], noise, { total: bytes });
  });

  test('at an address where nothing is', async () => {
    const connection = await openConnection(router.origin);
    connection.write(
      `POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`,
    );
    for (let times = 0; times < 100; times += 1) connection.write(piece);
    const [answer] = await connection.answers(1);
    assert.ok(answer);
    assert.deepEqual([answer.status, answer.headers['connection']], [413, 'close']);
    connection.socket.destroy();
  });

  test('is not asked for where the client waits for leave to send it', async () => {
    const connection = await openConnection(router.origin);
    connection.write(
      `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${bytes}\r\n\r\n`,
    );
    const answers = await connection.closed();
    assert.deepEqual(
      answers.map(({ status }) => status),
      [413],
    );
  });
});

describe('an operation that asks for too much', () => {
  const many = (count: number, write: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => write(index)).join(' ');
  const large: [name: string, text: string, code: string][] = [
    ['100 aliases', `{ ${many(100, (index) => `a${index}: __typename`)} }`, 'ROOT_FIELD_LIMIT_EXCEEDED'],
    [
      '100 aliases of one field',
      `{ books { ${many(100, (index) => `a${index}: title`)} } }`,
      'ALIAS_LIMIT_EXCEEDED',
    ],
    ['20,000 directives', `{ books { title ${'@a '.repeat(20_000)} } }`, 'DIRECTIVE_LIMIT_EXCEEDED'],
    ['20,000 levels', '{ books '.repeat(20_000), 'DEPTH_LIMIT_EXCEEDED'],
    ['160,000 fields', `{ books { ${'title '.repeat(160_000)} } }`, 'TOKEN_LIMIT_EXCEEDED'],
  ];
  for (const [name, text, code] of large) {
    test(`by ${name}`, async () => {
      const body = Buffer.from(JSON.stringify({ query: text }));
      await isRefused([`Content-Length: ${body.length}`], body, { status: 400, code });
    });
  }

  test('by JSON that is 400,000 deep', async () => {
    const body = Buffer.from('['.repeat(400_000) + ']'.repeat(400_000));
    const code = 'VARIABLE_DEPTH_LIMIT_EXCEEDED';
    await isRefused([`Content-Length: ${body.length}`], body, { status: 400, code, connection: 'close' });
  });
});

describe('a bomb', () => {
  const large = Buffer.alloc(megabytes * 1_000_000, ' ');
  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const) {
    test(`of ${encoding}, ${megabytes} MB in few`, async () => {
      const packed = pack(large);
      assert.ok(packed.length < 100_000);
      await isRefused([`Content-Encoding: ${encoding}`, `Content-Length: ${packed.length}`], packed);
    });
  }

  test('of gzip within a body that is as long as may be', async () => {
    const packed = Buffer.concat(Array.from({ length: 14 }, () => gzipSync(large)));
    assert.ok(packed.length > 800_000 && packed.length < 1_000_000);
    await isRefused(['Content-Encoding: gzip', `Content-Length: ${packed.length}`], packed);
  });

  test('a hundred at once, and others are served', async () => {
    const packed = gzipSync(large);
    const memory = router.residentMemory();
    const headers = ['Content-Encoding: gzip', `Content-Length: ${packed.length}`];
    const bombs = Array.from({ length: 100 }, () => send(headers, packed));
    assert.equal((await router.ask('{ books { title } }')).status, 200);
    for (const { answer } of await Promise.all(bombs)) assert.equal(answer?.status, 413);
    const taken = router.residentMemory() - memory;
    assert.ok(taken < 150, `${taken} MB`);
  });
});

describe('headers', () => {
  const cases: [name: string, first: string, lines: string[]][] = [
    ['one of 100 KB', 'GET / HTTP/1.1', [`x-a: ${'a'.repeat(100_000)}`]],
    ['an address of 100 KB', `GET /graphql?query=${'a'.repeat(100_000)} HTTP/1.1`, []],
    ['a token of 20 KB', 'GET / HTTP/1.1', [`authorization: Bearer ${'a'.repeat(20_000)}`]],
    ['1,000 of them', 'GET / HTTP/1.1', Array.from({ length: 1_000 }, (_, index) => `x-${index}: a`)],
    ['201 of them', 'GET /health/live HTTP/1.1', Array.from({ length: 201 }, () => 'a: b')],
  ];
  for (const [name, first, lines] of cases) {
    test(`${name}: refused in words`, async () => {
      const connection = await openConnection(router.origin);
      connection.write(`${[first, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`);
      const [answer, ...others] = await connection.closed();
      assert.ok(answer);
      assert.deepEqual([answer.status, codeOf(answer)], [431, 'HEADERS_TOO_LARGE']);
      assert.deepEqual([answer.headers['connection'], others.length], ['close', 0]);
      assert.equal(connection.failure(), undefined);
    });
  }

  test('100 of them are read', async () => {
    const connection = await openConnection(router.origin);
    const lines = Array.from({ length: 100 }, (_, index) => `x-${index}: a`);
    connection.write(`${['GET /health/live HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n`);
    const [answer] = await connection.answers(1);
    connection.socket.destroy();
    assert.equal(answer?.status, 200);
  });

  test('extensions of chunks without end are refused', async () => {
    const connection = await openConnection(router.origin);
    connection.write(
      `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4;${'a'.repeat(20_000)}`,
    );
    const [answer] = await connection.closed();
    assert.ok(answer);
    assert.deepEqual([answer.status, codeOf(answer)], [413, 'BODY_TOO_LARGE']);
  });
});

test('what `limits.body` says holds, of bodies as they are and of packed ones', async (t) => {
  const graph = await startFixtureGraph();
  const bff = defineBff({ name: 'test', port: 0, limits: { body: '1KB' } });
  const small = await startTestRouter(graph.supergraphSdl, { bff });
  t.after(async () => {
    await small.stop();
    await graph.stop();
  });
  const status = async (body: Buffer, more: Record<string, string> = {}): Promise<number> => {
    const headers = { 'content-type': 'application/json', ...more };
    return (await askPlainly(small.origin, { method: 'POST', headers, body })).status;
  };
  const exact = Buffer.from(query.padEnd(1_000));
  const more = Buffer.from(query.padEnd(1_001));
  assert.deepEqual([await status(exact), await status(more)], [200, 413]);
  const gzip = { 'content-encoding': 'gzip' };
  assert.deepEqual([await status(gzipSync(exact), gzip), await status(gzipSync(more), gzip)], [200, 413]);
});

test('over TLS too the refusal of a body that is still coming can be read', async (t) => {
  const graph = await startFixtureGraph();
  const authority = await createAuthority();
  const files = createPemFolder();
  const { cert, key } = await authority.issue();
  const file = (namedBy: string, text: string) => ({ path: files.write(`${namedBy}.pem`, text), namedBy });
  const secure = await startTestRouter(graph.supergraphSdl, {
    environment: { tls: { cert: file('TLS_CERT', cert), key: file('TLS_KEY', key) } },
  });
  t.after(async () => {
    await secure.stop();
    await graph.stop();
    files.remove();
  });
  const { hostname, port } = new URL(secure.origin);
  const socket = connect({ host: hostname, port: Number(port), ca: authority.cert });
  await once(socket, 'secureConnect');
  socket.write(
    'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 64000000\r\n\r\n',
  );
  for (let times = 0; times < 200; times += 1) socket.write(piece);
  const [first] = await once(socket, 'data');
  socket.destroy();
  assert.match(String(first), /^HTTP\/1\.1 413 [\s\S]*BODY_TOO_LARGE/);
});
