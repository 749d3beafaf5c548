// The stand-in for subgraphs: it answers what its origin answered, in order, whole, and when it was told to.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { findProgram, type StandIn, startStandIn } from '../../bench/stand-in/stand-in.ts';
import { leaveOut } from '../support/left-out.ts';

const compiler = findProgram('cc');
if (compiler === undefined) leaveOut('the stand-in of the bench', 'there is no C compiler');

/** An origin whose answer depends on the body: an error, a refusal, so many bytes, or its own body. */
async function startOrigin() {
  const asked: string[] = [];
  let open: (() => void) | undefined;
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    asked.push(`${request.url} ${body}`);
    if (body === 'held') await new Promise<void>((resolve) => (open = resolve));
    if (body === 'refuse') response.statusCode = 500;
    if (body === 'errors') response.end('{"errors":[{"message":"no"}]}');
    else if (body.startsWith('bytes ')) response.end(JSON.stringify('y'.repeat(Number(body.slice(6)) - 2)));
    else if (body === 'in parts') {
      response.write('{"data":');
      response.end('{}}');
    } else response.setHeader('content-length', 11 + Buffer.byteLength(body)).end(`{"data":"${body}"}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inner/graphql`,
    release: () => open?.(),
    stop: () => server.close(),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

describe('the stand-in', { skip: compiler === undefined }, () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let standIn: StandIn;
  let port: number;

  before(async () => {
    origin = await startOrigin();
    standIn = await startStandIn({
      origins: { catalog: origin.url, reviews: origin.url, nobody: 'http://127.0.0.1:1/graphql' },
    });
    port = Number(new URL(standIn.url).port);
  });
  after(async () => {
    await standIn.stop();
    origin.stop();
  });
  beforeEach(async () => {
    origin.asked.length = 0;
    await standIn.delay(0);
    await standIn.reset();
  });

  const ask = async (body: string, { subgraph = 'catalog', headers = {} } = {}) => {
    const response = await fetch(`${standIn.url}/${subgraph}/graphql`, { method: 'POST', body, headers });
    return { status: response.status, text: await response.text() };
  };

  /** Sends bytes over a connection of their own and collects what comes until there are as many answers. */
  const raw = async (parts: readonly string[], answers: number) => {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    await once(socket, 'connect');
    let heard = '';
    for (const part of parts) await new Promise((sent) => socket.write(part, sent));
    for await (const chunk of socket) {
      heard += chunk;
      if (heard.split('HTTP/1.1 ').length - 1 >= answers && heard.endsWith('}')) break;
    }
    return heard;
  };
  const request = (body: string) =>
    `POST /catalog/graphql HTTP/1.1\r\nhost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  it('asks its origin once for a path and a body, whoever asks', async () => {
    for (const authorization of ['Bearer one', 'Bearer two']) {
      const answer = await ask('once', { headers: { authorization } });
      assert.deepEqual(answer, { status: 200, text: '{"data":"once"}' });
    }
    assert.deepEqual(origin.asked, ['/inner/graphql once']);
    await ask('once', { subgraph: 'reviews' });
    assert.equal(origin.asked.length, 2);
    const { requests, misses, paths } = await standIn.stats();
    assert.deepEqual({ requests, misses }, { requests: 3, misses: 2 });
    assert.equal(paths['catalog']?.requests, 2);
    assert.equal(paths['catalog']?.received, 8);
    assert.equal(paths['reviews']?.misses, 1);
  });

  it('asks its origin once for those who ask at the same time, and answers others meanwhile', async () => {
    await ask('known');
    const waiting = [ask('held'), ask('held')];
    while (!origin.asked.includes('/inner/graphql held')) await ask('known');
    origin.release();
    const answers = await Promise.all(waiting);
    assert.deepEqual(
      answers.map(({ text }) => text),
      ['{"data":"held"}', '{"data":"held"}'],
    );
    assert.equal(origin.asked.filter((line) => line.endsWith('held')).length, 1);
  });

  for (const [body, status] of [
    ['errors', 200],
    ['refuse', 500],
  ] as const) {
    it(`hands on and forgets an answer that is no success: ${body}`, async () => {
      assert.equal((await ask(body)).status, status);
      assert.equal((await ask(body)).status, status);
      assert.equal(origin.asked.length, 2);
      assert.equal((await standIn.stats()).unkept, 2);
    });
  }

  it('says that an origin does not answer', async () => {
    assert.equal((await ask('x', { subgraph: 'nobody' })).status, 502);
    assert.equal((await fetch(`${standIn.url}/unknown/graphql`, { method: 'POST' })).status, 404);
  });

  it('reads an answer that comes in chunks', async () => {
    assert.equal((await ask('in parts')).text, '{"data":{}}');
  });

  for (const [how, parts] of Object.entries({
    'byte by byte': [...request('slow')],
    'in chunks': [
      'POST /catalog/graphql HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nsl\r',
      '\n2;note=1\r\now\r\n0\r\n',
      '\r\n',
    ],
    'in chunks at once': [
      'POST /catalog/graphql HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nsl\r\n2\r\now\r\n0\r\n\r\n',
    ],
  })) {
    it(`reads a request that comes ${how}`, async () => {
      assert.match(await raw(parts, 1), /\r\n\r\n\{"data":"slow"\}$/);
    });
  }

  it('reads a request of some megabytes', async () => {
    const body = 'm'.repeat(3_000_000);
    const { text } = await ask(body);
    assert.equal(text, `{"data":"${body}"}`);
  });

  it('answers requests that came in one packet in their order, whichever is known', async () => {
    await ask('known');
    const heard = await raw([request('new') + request('known') + request('newer')], 3);
    assert.deepEqual(heard.match(/\{.*?\}/g), ['{"data":"new"}', '{"data":"known"}', '{"data":"newer"}']);
  });

  it('writes an answer of 8 MB whole to one who reads slowly', async () => {
    const bytes = 8 << 20;
    for (const path of [`/echo/${bytes}`, '/catalog/graphql']) {
      const response = await fetch(standIn.url + path, { method: 'POST', body: `bytes ${bytes}` });
      await standIn.stats();
      assert.equal((await response.arrayBuffer()).byteLength, bytes);
    }
  });

  it('holds answers back exactly as long as told, many at once and in order', async () => {
    await ask('delayed');
    await standIn.delay(40);
    const began = performance.now();
    const took = await Promise.all(
      Array.from({ length: 50 }, () => ask('delayed').then(() => performance.now() - began)),
    );
    assert.ok(Math.min(...took) >= 40, `${Math.min(...took)} ms`);
    assert.ok(Math.max(...took) < 40 + 1_000, `${Math.max(...took)} ms`);
    const heard = await raw([request('delayed') + request('fresh')], 2);
    assert.deepEqual(heard.match(/\{.*?\}/g), ['{"data":"delayed"}', '{"data":"fresh"}']);
  });

  it('survives clients that leave before their answer', async () => {
    await standIn.delay(20);
    const leaving = Array.from({ length: 20 }, async (_, index) => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(request(`left ${index % 3}`));
      socket.resetAndDestroy();
    });
    await Promise.all(leaving);
    assert.equal((await ask('stayed')).text, '{"data":"stayed"}');
  });
});
