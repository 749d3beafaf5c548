// How the bench asks: a query in a body or in the address, by wrk as by itself, and a null server that sends an answer again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, print } from 'graphql';
import { graphs } from '../../bench/graphs/graphs.ts';
import { createIdentities, type Identities } from '../../bench/load/identities.ts';
import type { Question } from '../../bench/load/question.ts';
import { runWrk } from '../../bench/load/wrk.ts';
import { type Gateway, startGateway } from '../../bench/measure/gateway.ts';
import { ownProcesses } from '../../bench/measure/processes.ts';
import { peers } from '../../bench/peers/peers.ts';
import { formatRecording, recordAnswer } from '../../bench/peers/recording.ts';
import { questionOf } from '../../bench/scenarios/question-of.ts';
import { findProgram } from '../../bench/stand-in/stand-in.ts';
import { root } from '../architecture/source-files.ts';
import { leaveOut } from '../support/left-out.ts';

const canLoad = ['wrk', 'taskset'].every((program) => findProgram(program) !== undefined);
if (!canLoad) leaveOut('the load of the bench', 'there is no wrk or no taskset');

const heavy = { graph: 'shop', operation: { name: 'heavy' } } as const;

describe('a question', () => {
  const { heavy: text = '' } = graphs.shop.operations;

  it('by POST is a body', () => {
    const { method, search, body } = questionOf(heavy);
    assert.deepEqual([method, search, JSON.parse(body)], ['POST', '', { query: text }]);
  });

  it('by GET is the same query in an address that servers take', () => {
    const { search, body } = questionOf({ ...heavy, method: 'GET' });
    const query = new URLSearchParams(search).get('query') ?? '';
    assert.equal(print(parse(query)), print(parse(text)));
    assert.equal(body, '');
    assert.ok(search.length < 8_000, `${search.length} characters`);
  });

  it('is about an operation that is there', () => {
    assert.throws(() => questionOf({ graph: 'shop', operation: { name: 'light' } }), /no operation .*light/);
  });
});

describe('asking', () => {
  let folder: string;
  let identities: Identities;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'asking-'));
    identities = await createIdentities(folder);
  });
  after(async () => {
    identities.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [method, question] of Object.entries({
    POST: questionOf(heavy),
    GET: questionOf({ ...heavy, method: 'GET' }),
  })) {
    it(`by ${method}, wrk sends the question with another token each time`, { skip: !canLoad }, async () => {
      const { server, heard, url } = await startListener();
      try {
        await runWrk(ownProcesses(), {
          url: `${url}/graphql`,
          question,
          connections: 2,
          seconds: 1,
          identities,
          unique: true,
          core: 0,
          folder,
        });
      } finally {
        server.closeAllConnections();
        server.close();
      }
      const [first = assert.fail('it asked nothing')] = heard;
      assert.equal(first.method, method);
      assert.equal(first.url, `/graphql${question.search}`);
      assert.equal(first.body, question.body);
      assert.equal(first.headers['accept'], 'application/json');
      assert.equal(first.headers['content-type'], method === 'POST' ? 'application/json' : undefined);
      assert.equal(first.headers['apollo-require-preflight'], method === 'GET' ? '1' : undefined);
      const tokens = new Set(heard.slice(0, 20).map(({ headers }) => headers['authorization']));
      assert.equal(tokens.size, Math.min(20, heard.length));
    });
  }

  it('a gateway is told where to tell of its cache, and is heard there', { skip: !canLoad }, async () => {
    const line = 'tributary_cache_lookups_total{bff="x",type="T",level="process",result="hit"} 3';
    const script = `const answer = (text) => (request, response) => response.end(text);
      const { createServer } = require('node:http');
      createServer(answer('{"data":{}}')).listen(process.argv[1], '127.0.0.1');
      createServer(answer(${JSON.stringify(line)})).listen(process.env.METRICS_PORT, '127.0.0.1');`;
    const gateway = await startGateway(ownProcesses(), {
      command: (port) => ({ command: process.execPath, args: ['-e', script, String(port)], env: {} }),
      cwd: root,
      core: 0,
      planFolder: folder,
      token: identities.next,
    });
    try {
      assert.deepEqual(await gateway.lookups(), { found: 3, all: 3 });
    } finally {
      await gateway.process.stop();
    }
  });

  it('the null server sends what was recorded, byte for byte but for the date', {
    skip: !canLoad,
  }, async () => {
    const question: Question = { method: 'GET', search: '?query=%7Ba%7D', body: '' };
    const { server, url } = await startListener({
      ETag: '"x"',
      Vary: 'accept',
      'Cache-Control': 'max-age=9',
    });
    const recording = join(folder, 'recording.json');
    const place = { supergraph: '', port: 0, standIn: '', identity: {}, graph: 'shop', recording } as const;
    const processes = ownProcesses();
    let gateway: Gateway | undefined;
    try {
      const nullServer = peers.find(({ name }) => name === 'null-server');
      gateway = await startGateway(processes, {
        command: (port) => nullServer?.command({ ...place, port }) ?? assert.fail('there is none'),
        cwd: root,
        core: 0,
        planFolder: folder,
        token: identities.next,
      });
      assert.equal((await gateway.ask(question)).status, 503, 'before anything was recorded');
      await writeFile(recording, formatRecording(await recordAnswer(`${url}/graphql?query=%7Ba%7D`, {})));
      const [original, copy] = await Promise.all([url, new URL(gateway.url).origin].map(rawAnswer));
      assert.match(
        original ?? '',
        /^HTTP\/1\.1 200 OK\r\nETag: "x"\r\n[\s\S]*\r\n\r\n\{"data":\{"a":"ä"\}\}$/,
      );
      assert.equal(copy, original);
    } finally {
      await gateway?.process.stop();
      server.closeAllConnections();
      server.close();
    }
  });
});

/** Answers everything alike and remembers what it was asked. */
async function startListener(headers: Record<string, string> = {}) {
  const heard: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const answer = Buffer.from('{"data":{"a":"ä"}}');
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const { method = '', url = '' } = request;
    heard.push({ method, url, headers: request.headers, body });
    response.writeHead(200, { ...headers, 'content-length': answer.length }).end(answer);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** As it goes over the wire, but for when. */
async function rawAnswer(origin: string): Promise<string> {
  const { port } = new URL(origin);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET /graphql?query=%7Ba%7D HTTP/1.1\r\nhost: x\r\n\r\n');
  let heard = '';
  for await (const piece of socket.setEncoding('utf8')) {
    heard += piece;
    if (heard.endsWith('}}')) break;
  }
  return heard.replace(/^Date: .*\r\n/im, '');
}
