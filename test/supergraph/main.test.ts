// Holds `npm run router` as a command: any supergraph from a file or an address, clear words, and an orderly end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { scriptFlags } from '../support/node-flags.ts';
import { type Child, startChild } from './fixtures/child-process.ts';
import { type FixtureGraph, startFixtureGraph } from './fixtures/fixture-graph.ts';
import { deadUrl, startRawServer } from './fixtures/raw-server.ts';

const main = new URL('../../supergraph/main.ts', import.meta.url);
let graph: FixtureGraph;
let folder: string;
let file: string;

before(async () => {
  graph = await startFixtureGraph();
  folder = mkdtempSync(join(tmpdir(), 'router-'));
  file = join(folder, 'supergraph.graphql');
  writeFileSync(file, graph.supergraphSdl);
});
after(async () => {
  await graph?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const answering = /router answers on (http:\/\/\S+)\/graphql/;
const start = (...args: string[]): Child => startChild(main, { args });

async function books(origin: string | undefined): Promise<unknown> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ books { title postage } }"}',
  });
  return response.json();
}

const data = {
  books: [
    { title: 'Middlemarch', postage: 3 },
    { title: 'War and Peace', postage: 12 },
  ],
};

describe('serves a supergraph that is not ours', () => {
  test('from a file, with health and explorers, until it is told to stop', async () => {
    const child = startChild(main, { args: ['--supergraph', file, '--port', '0'], flags: scriptFlags });
    const [, origin] = await child.says(answering);
    assert.match(origin ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(await books(origin), { data });
    for (const path of ['/health/live', '/health/ready', '/', '/explorer']) {
      assert.equal((await fetch(`${origin}${path}`)).status, 200, path);
    }
    child.process.kill('SIGTERM');
    assert.deepEqual(await child.ended, { code: 0, signal: null });
  });

  test('and says that nobody can sign in where no identity is configured', async () => {
    const child = start('--supergraph', 'bff-web/generated/supergraph.graphql', '--port', '0');
    await child.says(
      /nobody can sign in at this router, although the graph asks for it \(@authenticated, @requiresScopes\)\./,
    );
    child.process.kill('SIGTERM');
    await child.ended;
  });

  test('from an address, on the host it is given', async (t) => {
    const server = await startRawServer((_, response) => response.end(graph.supergraphSdl));
    t.after(() => server.stop());
    const child = start('--supergraph', server.url, '--port', '0', '--host', '::1');
    const [, origin] = await child.says(answering);
    assert.match(origin ?? '', /^http:\/\/\[::1\]:\d+$/);
    assert.deepEqual(await books(origin), { data });
    child.process.kill('SIGINT');
    assert.deepEqual(await child.ended, { code: 0, signal: null });
  });
});

describe('says in one sentence why it does not start, and exits with 1', () => {
  const cases: [string, () => Promise<string[]> | string[], RegExp][] = [
    ['without a supergraph', () => [], /^Which supergraph\? Usage: npm run router/],
    [
      'with an unknown flag',
      () => ['--suprgraph', 'x'],
      /^There is no flag "--suprgraph"\. Did you mean "--supergraph"\?/,
    ],
    ['with a word that is no flag', () => ['supergraph.graphql'], /^"supergraph\.graphql" is no flag\./],
    ['with a flag without its value', () => ['--supergraph'], /^--supergraph needs a value\./],
    [
      'with a port that is none',
      () => ['--supergraph', file, '--port', '99999'],
      /^--port must be between 0 and 65535/,
    ],
    [
      'with a file that is not there',
      () => ['--supergraph', 'nowhere.graphql'],
      /^There is no supergraph at nowhere\.graphql/,
    ],
    [
      'with an address nobody answers at',
      async () => ['--supergraph', await deadUrl()],
      /^The supergraph cannot be fetched from http:\S+: connect ECONNREFUSED/,
    ],
    [
      'with a file that is no GraphQL',
      () => {
        writeFileSync(join(folder, 'text'), 'hello');
        return ['--supergraph', join(folder, 'text')];
      },
      /text cannot be read as GraphQL: Syntax Error: Unexpected Name "hello"/,
    ],
    [
      'with a schema that is no supergraph',
      () => {
        writeFileSync(join(folder, 'schema'), 'type Query { a: Int }');
        return ['--supergraph', join(folder, 'schema')];
      },
      /schema is a GraphQL schema, but not a supergraph/,
    ],
  ];
  for (const [name, args, sentence] of cases) {
    test(name, async () => {
      const child = start(...(await args()));
      assert.deepEqual(await child.ended, { code: 1, signal: null });
      assert.match(child.output(), sentence);
      assert.equal(child.output().trim().split('\n').length, 1, child.output());
    });
  }

  test('on a port that is taken', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const child = start('--supergraph', file, '--port', String(port));
    assert.deepEqual(await child.ended, { code: 1, signal: null });
    assert.equal(
      child.output().trim(),
      `Port ${port} on 127.0.0.1 is taken: stop what listens there, or choose another with PORT.`,
    );
  });

  test('with an environment that cannot be used', async () => {
    const child = startChild(main, {
      args: ['--supergraph', file],
      environment: { PORT: 'x', LOG_LEVEL: 'loud' },
    });
    assert.deepEqual(await child.ended, { code: 1, signal: null });
    assert.match(child.output(), /^PORT must be a port[^\n]*\nLOG_LEVEL must be one of[^\n]*\n$/);
  });
});
