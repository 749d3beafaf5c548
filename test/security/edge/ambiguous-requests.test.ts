// Holds that no request is answered that somebody on the way may read otherwise: what is smuggled in it would be another's.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { codeOf, openConnection } from './connection.ts';

const query = JSON.stringify({ query: '{ books { title } }' });
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

const chunk = `${query.length.toString(16)}\r\n${query}\r\n0\r\n\r\n`;
/** What would be asked by whoever comes next on the connection. */
const smuggled = `GET /graphql?query=%7Bbooks%7Btitle%7D%7D HTTP/1.1\r\nHost: a\r\napollo-require-preflight: 1\r\n\r\n`;

function post(headers: readonly string[], body: string, version = 'HTTP/1.1'): string {
  const lines = ['Host: a', 'content-type: application/json', ...headers];
  return `POST /graphql ${version}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

const chunked = 'Transfer-Encoding: chunked';
const length = `Content-Length: ${query.length}`;
const requests: [name: string, bytes: string][] = [
  ['a length and then chunks', post([length, chunked], chunk)],
  ['chunks and then a length', post([chunked, length], chunk)],
  ['two lengths that agree', post([length, length], query)],
  ['two lengths that do not', post([length, 'Content-Length: 5'], query)],
  ['a list of lengths', post([`${length}, ${query.length}`], query)],
  ['a length with a sign', post([`Content-Length: +${query.length}`], query)],
  ['a length below zero', post(['Content-Length: -1'], query)],
  ['a length in hexadecimal', post([`Content-Length: 0x${query.length.toString(16)}`], query)],
  ['a length with a space in it', post(['Content-Length: 3 1'], query)],
  ['a length beyond all numbers', post([`Content-Length: ${'9'.repeat(30)}`], query)],
  ['an encoding that only ends like chunks', post(['Transfer-Encoding: xchunked'], chunk)],
  ['another encoding after chunks', post(['Transfer-Encoding: chunked, identity'], chunk)],
  ['another encoding before chunks', post(['Transfer-Encoding: gzip, chunked'], chunk)],
  ['chunks twice', post([chunked, chunked], chunk)],
  ['chunks and identity', post([chunked, 'Transfer-Encoding: identity'], chunk)],
  ['identity alone', post(['Transfer-Encoding: identity', length], query)],
  ['a space before the colon', post(['Transfer-Encoding : chunked'], chunk)],
  ['a space before the name', post([' Transfer-Encoding: chunked'], chunk)],
  ['a vertical tab before chunks', post(['Transfer-Encoding:\x0bchunked'], chunk)],
  ['an encoding on the next line', post(['Transfer-Encoding:\r\n chunked'], chunk)],
  ['an encoding that goes on on the next line', post([`${chunked}\r\n , identity`], chunk)],
  ['a header that goes on on the next line', post(['x-a: b\r\n c', length], query)],
  ['chunks in HTTP/1.0', post([chunked], chunk, 'HTTP/1.0')],
  ['lines that end with LF alone', post([length], query).replaceAll('\r\n', '\n')],
  ['one line that ends with LF alone', post([`x-a: b\n${length}`], query)],
  ['a CR within a header', post(['x-a: b\rContent-Length: 0', length], query)],
  ['a zero byte in a header', post(['x-a: b\0c', length], query)],
  ['two hosts', post(['Host: b', length], query)],
  ['no host', post([length], query).replace('Host: a\r\n', '')],
  ['a space before the size of a chunk', post([chunked], ` ${chunk}`)],
  ['a space after the size of a chunk', post([chunked], chunk.replace('\r\n', ' \r\n'))],
  ['a chunk below zero', post([chunked], `-${chunk}`)],
  ['a chunk beyond all numbers', post([chunked], `${'f'.repeat(20)}\r\n${query}`)],
  ['chunks whose lines end with LF alone', post([chunked], chunk.replaceAll('\r\n', '\n'))],
  ['a chunk that is longer than it says', post([chunked], `5\r\n${query}\r\n0\r\n\r\n`)],
  ['a length after the last chunk', post([chunked], chunk.replace(/\r\n$/, 'Content-Length: 3\r\n\r\n'))],
  ['no version', 'GET /graphql?query=%7Bbooks%7Btitle%7D%7D\r\n\r\n'],
  ['another version', 'GET /graphql HTTP/3.1\r\nHost: a\r\n\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a space before the method', ' GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a tab in the address', 'GET /graphql?a=\tb HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a method that there is not', 'FOO /graphql HTTP/1.1\r\nHost: a\r\n\r\n'],
];

for (const [name, bytes] of requests) {
  test(`${name}: refused in words, and nothing after it is read`, async () => {
    const connection = await openConnection(router.origin);
    connection.write(Buffer.from(bytes + smuggled, 'latin1'));
    const answers = await connection.closed();
    assert.equal(answers.length, 1, JSON.stringify(answers));
    const [answer] = answers;
    assert.ok(answer);
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'BAD_REQUEST']);
    assert.equal(answer.headers['connection'], 'close');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.deepEqual(graph.seen, []);
    assert.equal(connection.failure(), undefined);
  });
}

describe('what can be read in one way alone is answered', () => {
  for (const [name, bytes] of [
    ['a length', post([length], query)],
    ['chunks', post([chunked], chunk)],
    ['chunks in capitals', post(['TRANSFER-ENCODING: Chunked'], chunk)],
  ] as const) {
    test(name, async () => {
      const connection = await openConnection(router.origin);
      connection.write(bytes + smuggled);
      const answers = await connection.answers(2);
      connection.socket.destroy();
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200],
      );
    });
  }

  test('and its answer still comes where what follows it on the connection is broken', async () => {
    const connection = await openConnection(router.origin);
    connection.write(`${post([length], query)}GARBAGE\r\n\r\n`);
    const [answer, ...others] = await connection.closed();
    assert.ok(answer);
    assert.deepEqual([answer.status, others.length], [200, 0]);
    assert.match(answer.body, /Middlemarch/);
    assert.equal(connection.failure(), undefined);
  });
});
