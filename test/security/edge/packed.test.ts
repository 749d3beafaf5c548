// Holds that bodies come packed in and go packed out as clients say, and what is kept of answers is true of either form.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { AnswerPacker } from '../../../supergraph/router/edge/pack-answer.ts';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { askPlainly, type PlainAnswer } from './plain-request.ts';

const short = '{ books { title } }';
/** Its answer has some KB. */
const long = `{ ${Array.from({ length: 50 }, (_, index) => `a${index}: books { id title }`).join(' ')} }`;
const json = { 'content-type': 'application/json' };
const minute = { maxAge: '1m', scope: 'public' } as const;
const unpackers: Record<string, (body: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  deflate: inflateSync,
};

let graph: FixtureGraph;
let router: RouterUnderTest;
let keeping: RouterUnderTest;
before(async () => {
  graph = await startFixtureGraph();
  router = await startTestRouter(graph.supergraphSdl);
  const bff = defineBff({
    name: 'test',
    port: 0,
    subgraphs: { every: { cacheControl: 'ignored' } },
    cache: { 'Query.books': minute, Book: minute },
  });
  keeping = await startTestRouter(graph.supergraphSdl, { bff });
});
after(async () => {
  await router?.stop();
  await keeping?.stop();
  await graph?.stop();
});
beforeEach(() => graph.seen.splice(0));

const post = (query: string, headers: Record<string, string> = {}) =>
  askPlainly(router.origin, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ query }),
  });
const get = (target: RouterUnderTest, query: string, headers: Record<string, string> = {}) =>
  askPlainly(target.origin, {
    path: `/graphql?query=${encodeURIComponent(query)}`,
    headers: { 'apollo-require-preflight': '1', ...headers },
  });
const encodingOf = ({ headers }: PlainAnswer) => headers['content-encoding'];
function textOf({ headers, body }: PlainAnswer): string {
  const unpack = unpackers[headers['content-encoding'] ?? ''];
  return (unpack ? unpack(body) : body).toString();
}

describe('a body comes in', () => {
  const body = Buffer.from(JSON.stringify({ query: short }));
  const cases: [name: string, encoding: string, body: Buffer, status: number][] = [
    ['gzip', 'gzip', gzipSync(body), 200],
    ['deflate', 'deflate', deflateSync(body), 200],
    ['brotli', 'br', brotliCompressSync(body), 200],
    ['gzip in capitals', 'GZIP', gzipSync(body), 200],
    ['as it is, and says so', 'identity', body, 200],
    [
      'in several members of gzip',
      'gzip',
      Buffer.concat([gzipSync(body.subarray(0, 5)), gzipSync(body.subarray(5))]),
      200,
    ],
    ['twice packed', 'gzip, gzip', gzipSync(gzipSync(body)), 415],
    ['packed in two ways', 'gzip, br', brotliCompressSync(gzipSync(body)), 415],
    ['in a way that nobody knows', 'lzma', body, 415],
    ['in the way of a browser’s dictionary', 'zstd', body, 415],
    ['without a name of the way', '', body, 415],
    ['that is said to be packed and is not', 'gzip', body, 400],
    ['that is packed in another way than is said', 'gzip', deflateSync(body), 400],
    ['deflate without its head', 'deflate', deflateRawSync(body), 400],
    ['of which the end is missing', 'gzip', gzipSync(body).subarray(0, -9), 400],
    ['of nothing at all', 'gzip', Buffer.alloc(0), 400],
    ['that holds nothing', 'gzip', gzipSync(''), 400],
    ['that holds no JSON', 'gzip', gzipSync('{'), 400],
  ];
  for (const [name, encoding, packed, status] of cases) {
    test(`${name}: ${status}`, async () => {
      const headers = { ...json, 'content-encoding': encoding };
      const answer = await askPlainly(router.origin, { method: 'POST', headers, body: packed });
      assert.equal(answer.status, status, textOf(answer));
      const { data, errors } = JSON.parse(textOf(answer));
      if (status === 200) assert.equal(data.books.length, 2);
      else {
        const code = status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST';
        assert.equal(errors[0].extensions.code, code);
        assert.deepEqual(graph.seen, []);
      }
      if (status === 415) assert.equal(answer.headers['accept-encoding'], 'gzip, deflate, br');
    });
  }

  test('in chunks', async () => {
    const headers = { ...json, 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' };
    const answer = await askPlainly(router.origin, { method: 'POST', headers, body: gzipSync(body) });
    assert.equal(answer.status, 200);
  });

  test('and a page of somebody else cannot send one unasked', async () => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    const answer = await askPlainly(router.origin, { method: 'POST', headers, body: gzipSync(body) });
    assert.ok([400, 415].includes(answer.status));
    assert.deepEqual(graph.seen, []);
  });
});

describe('an answer goes out', () => {
  const cases: [accepted: string | undefined, encoding: string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate', 'deflate'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0', undefined],
    ['*', 'br'],
    ['*;q=0.1, br;q=0', 'gzip'],
    ['*;q=0', undefined],
    ['identity', undefined],
    ['identity, gzip;q=0.5', undefined],
    ['identity;q=0.5, gzip', 'gzip'],
    ['zstd, compress', undefined],
    ['gzip;q=2', undefined],
    ['gzip;q=abc', undefined],
    [`${'a,'.repeat(5_000)}gzip`, 'gzip'],
  ];
  for (const [accepted, encoding] of cases) {
    test(`to ${accepted?.slice(0, 30) ?? 'nothing'} as ${encoding ?? 'it is'}`, async () => {
      const answer = await post(long, accepted === undefined ? {} : { 'accept-encoding': accepted });
      assert.deepEqual([answer.status, encodingOf(answer)], [200, encoding]);
      assert.equal(JSON.parse(textOf(answer)).data.a49[0].title, 'Middlemarch');
      assert.equal(Number(answer.headers['content-length']), answer.body.length);
      if (encoding) {
        assert.ok(answer.body.length * 3 < textOf(answer).length);
        assert.match(String(answer.headers.vary), /accept-encoding/);
      }
    });
  }

  test('as it is where it is short', async () => {
    assert.equal(encodingOf(await post(short, { 'accept-encoding': 'gzip, br' })), undefined);
  });

  test('packed from an array of operations too', async (t) => {
    const bff = defineBff({
      name: 'test',
      port: 0,
      documents: { folder: 'documents', batch: 2, unregistered: 'allow' },
    });
    const several = await startTestRouter(graph.supergraphSdl, { bff });
    t.after(() => several.stop());
    const body = JSON.stringify([{ query: long }, { query: short }]);
    const headers = { ...json, 'accept-encoding': 'br' };
    const answer = await askPlainly(several.origin, { method: 'POST', headers, body });
    assert.equal(encodingOf(answer), 'br', textOf(answer));
    assert.equal(JSON.parse(textOf(answer)).length, 2);
  });
});

describe('what is kept of answers to GET', () => {
  const packed = { 'accept-encoding': 'gzip' };

  test('has a strong tag as it is, a weak one packed, and either brings 304', async () => {
    const plain = await get(router, long);
    const small = await get(router, long, packed);
    assert.deepEqual([encodingOf(plain), encodingOf(small)], [undefined, 'gzip']);
    assert.equal(small.headers.etag, `W/${plain.headers.etag}`);
    assert.equal(small.headers.vary, plain.headers.vary);
    assert.match(String(plain.headers.vary), /accept-encoding/);
    for (const { headers } of [plain, small]) {
      const again = await get(router, long, { ...packed, 'if-none-match': String(headers.etag) });
      assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, headers.etag]);
      assert.equal(encodingOf(again), undefined);
    }
  });

  test('is packed anew for each way of packing, and is the same text', async () => {
    const first = await get(keeping, long);
    assert.equal(first.headers['cache-status'], undefined);
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip', 'br']) {
      const answer = await get(keeping, long, { 'accept-encoding': encoding });
      assert.equal(encodingOf(answer), encoding);
      assert.equal(answer.headers['cache-status'], 'test; hit');
      assert.equal(textOf(answer), first.body.toString());
      assert.equal(answer.headers.etag, `W/${first.headers.etag}`);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    }
    const plain = await get(keeping, long);
    assert.deepEqual([encodingOf(plain), plain.headers['cache-status']], [undefined, 'test; hit']);
    assert.equal(plain.body.toString(), first.body.toString());
    assert.equal(graph.seen.length, 1);
  });
});

test('the explorers are sent packed', async () => {
  const whole = await askPlainly(router.origin, { path: '/explorer' });
  const packed = await askPlainly(router.origin, { path: '/explorer', headers: { 'accept-encoding': 'br' } });
  assert.equal(encodingOf(packed), 'br');
  assert.ok(packed.body.length * 3 < whole.body.length);
  assert.equal(textOf(packed), whole.body.toString());
});

test('what is kept is packed once for each way, and what is not is not held', async () => {
  const packer = new AnswerPacker();
  const body = Buffer.from(JSON.stringify({ text: 'a'.repeat(5_000) }));
  const bodies = (isKept: boolean, ...accepted: string[]) =>
    Promise.all(accepted.map(async (one) => (await packer.pack(one, body, isKept))?.body));
  const [first, second, other] = await bodies(true, 'gzip', 'gzip', 'br');
  assert.ok(first && other);
  assert.equal(first, second);
  assert.notEqual(first, other);
  const [third, fourth] = await bodies(false, 'gzip', 'gzip');
  assert.deepEqual(third, fourth);
  assert.notEqual(third, fourth);
});
