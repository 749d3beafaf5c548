// Holds that bodies which are larger than they look, broken or several in one are refused, and that the router goes on.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { sendRaw } from './raw-request.ts';

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

const query = '{ books { title } }';
const json = { 'content-type': 'application/json' };
/** 50 MB of which 50 KB are sent. */
const large = Buffer.from(JSON.stringify({ query: `${query}${' '.repeat(50_000_000)}` }));

async function isRefused(headers: Record<string, string>, body: string | Buffer): Promise<void> {
  graph.seen.length = 0;
  const { status, text } = await sendRaw(router.origin, { headers: { ...json, ...headers }, body });
  assert.ok([400, 413, 415].includes(status), `${status} ${text}`);
  assert.equal(JSON.parse(text).data, undefined);
  assert.deepEqual(graph.seen, []);
  assert.equal((await router.ask(query)).status, 200, 'others are served');
}

describe('a packed body', () => {
  const packed: [string, (given: Buffer) => Buffer][] = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ];
  for (const [encoding, pack] of packed) {
    test(`${encoding} is refused where it is larger than a body may be`, async () => {
      await isRefused({ 'content-encoding': encoding }, pack(large));
    });
  }
});

describe('a broken body', () => {
  const bodies: [string, string | Buffer][] = [
    ['nothing', ''],
    ['half a text', '{"query":"{ books'],
    ['a text and more', `${JSON.stringify({ query })}}`],
    ['single quotes', "{'query':'{ books { title } }'}"],
    ['no JSON at all', 'query=%7Bbooks%7D'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
    ['100,000 lists within each other', '['.repeat(100_000)],
    ['100,000 objects within each other', `${'{"query":'.repeat(100_000)}`],
    ['several operations in a list', JSON.stringify([{ query }, { query }])],
    ['a list of a thousand', JSON.stringify(Array.from({ length: 1_000 }, () => ({ query })))],
  ];
  for (const [name, body] of bodies) test(`of ${name} is refused`, () => isRefused({}, body));
});
