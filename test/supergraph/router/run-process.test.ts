// Holds a BFF as a process: what it tells its parent, how it ends, and that it talks to nobody but its subgraphs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { freePort } from '../../support/redis.ts';
import { type Child, startChild } from '../fixtures/child-process.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { startRawServer } from '../fixtures/raw-server.ts';

const door = new URL('../../../supergraph/index.ts', import.meta.url).href;
const recorder = new URL('../fixtures/record-connections.ts', import.meta.url).href;
let graph: FixtureGraph;
let folder: string;
let main: URL;

/** A BFF as it could lie in somebody else's repository. */
function writeBff(at: string, supergraph: string | undefined): URL {
  mkdirSync(join(at, 'generated'), { recursive: true });
  writeFileSync(join(at, 'samples.graphql'), 'query Titles { books { title } }');
  if (supergraph !== undefined) writeFileSync(join(at, 'generated/supergraph.graphql'), supergraph);
  const file = join(at, 'main.ts');
  writeFileSync(
    file,
    `import { defineBff, runBff } from '${door}';
    const bff = defineBff({ name: 'bff-test', port: 0, samples: 'samples.graphql' });
    await runBff(bff, new URL('.', import.meta.url));`,
  );
  return pathToFileURL(file);
}

before(async () => {
  graph = await startFixtureGraph();
  folder = mkdtempSync(join(tmpdir(), 'bff-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  main = writeBff(join(folder, 'bff'), graph.supergraphSdl);
});
after(async () => {
  await graph?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (url: unknown, query: string): Promise<Response> =>
  fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });

async function endsWithin(child: Child, milliseconds: number): Promise<void> {
  const began = performance.now();
  assert.deepEqual(await child.ended, { code: 0, signal: null }, child.output());
  const took = performance.now() - began;
  assert.ok(took < milliseconds, `took ${took} ms`);
}

describe('a BFF process', () => {
  test('tells its parent when it is ready, and where', async () => {
    const child = startChild(main, { parent: true });
    const { type, name, url } = await child.message;
    assert.deepEqual([type, name], ['ready', 'bff-test']);
    assert.equal((await ask(url, '{ books { title } }')).status, 200);
    child.process.kill('SIGTERM');
    await endsWithin(child, 4000);
  });

  test('goes on where a promise has failed that nobody waits for, and tells of it', async () => {
    const file = join(folder, 'bff', 'leaving.ts');
    writeFileSync(
      file,
      `import { defineBff, runBff } from '${door}';
      const plugin = {
        async requestDidStart() {
          void Promise.reject(new Error('left alone'));
        },
      };
      const bff = defineBff({ name: 'bff-test', port: 0, samples: 'samples.graphql', plugins: [plugin] });
      await runBff(bff, new URL('.', import.meta.url));`,
    );
    const metricsPort = await freePort();
    const environment = { METRICS_PORT: String(metricsPort), LOG_LEVEL: 'error' };
    const child = startChild(pathToFileURL(file), { parent: true, environment });
    const { url } = await child.message;
    for (const _ of ['first', 'again']) {
      assert.equal((await ask(url, '{ books { title } }')).status, 200);
    }
    await child.says(/Error: left alone[\s\S]*leaving\.ts/);
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    assert.match(metrics, /\ntributary_unhandled_rejections_total 2\n/);
    child.process.kill('SIGTERM');
    await endsWithin(child, 4000);
  });

  test('ends when its parent is gone', async () => {
    const child = startChild(main, { parent: true });
    await child.message;
    child.process.disconnect();
    await endsWithin(child, 4000);
  });

  test('lets a request that runs come to its end, and does not mind a second signal', async (t) => {
    const slow = await startRawServer(() => {});
    const asked = new Promise<ServerResponse>((resolve) =>
      slow.answerWith((_, response) => resolve(response)),
    );
    const child = startChild(main, { parent: true, environment: { SUBGRAPH_LIBRARY_URL: slow.url } });
    t.after(() => slow.stop());
    const { url } = await child.message;
    const running = ask(url, '{ books { title } }');
    const response = await asked;
    child.process.kill('SIGINT');
    child.process.kill('SIGTERM');
    child.process.kill('SIGINT');
    // Refusing new connections is how it shows that it heard the signal.
    for (let refused = false; !refused; ) {
      refused = await fetch(String(url)).then(
        ({ status }) => status === 503,
        () => true,
      );
    }
    response.end('{"data":{"books":[{"title":"late"}]}}');
    assert.deepEqual(await (await running).json(), { data: { books: [{ title: 'late' }] } });
    await endsWithin(child, 2000);
  });

  test('ends within 4 s even when a request never does', async (t) => {
    const silent = await startRawServer(() => {});
    const asked = new Promise<void>((resolve) => silent.answerWith(() => resolve()));
    const child = startChild(main, {
      parent: true,
      environment: { SUBGRAPH_LIBRARY_URL: silent.url },
    });
    t.after(() => silent.stop());
    const { url } = await child.message;
    const running = ask(url, '{ books { title } }').catch(() => undefined);
    await asked;
    child.process.kill('SIGTERM');
    await endsWithin(child, 4500);
    await running;
  });

  test('says what to do when its supergraph was never composed, or is broken', async () => {
    const cases: [string, string | undefined, RegExp][] = [
      ['missing', undefined, /^There is no supergraph at \S+supergraph\.graphql: run "npm run compose"/],
      ['broken', 'type Query {', /supergraph\.graphql cannot be read as GraphQL: Syntax Error/],
    ];
    for (const [name, sdl, sentence] of cases) {
      const child = startChild(writeBff(join(folder, name), sdl));
      assert.deepEqual(await child.ended, { code: 1, signal: null });
      assert.match(child.output(), sentence);
      assert.equal(child.output().trim().split('\n').length, 1, child.output());
    }
  });
});

describe('a port that is taken is told with the variable that chooses it', () => {
  const adminToken = 'x'.repeat(32);
  for (const [what, variables, words] of [
    ['its own', { PORT: 'taken' }, 'PORT'],
    ['of its admin port', { PORT: '0', ADMIN_PORT: 'taken', ADMIN_TOKEN: adminToken }, 'ADMIN_PORT'],
    ['of its metrics', { PORT: '0', METRICS_PORT: 'taken' }, 'METRICS_PORT'],
    [
      'of both of these',
      { ADMIN_PORT: 'taken', ADMIN_TOKEN: adminToken, METRICS_PORT: 'taken' },
      'ADMIN_PORT or METRICS_PORT',
    ],
  ] as const) {
    test(what, async (t) => {
      const squatter = createServer().listen(0, '127.0.0.1');
      await once(squatter, 'listening');
      t.after(() => squatter.close());
      const { port } = squatter.address() as AddressInfo;
      const environment = Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, value === 'taken' ? `${port}` : value]),
      );
      const child = startChild(main, { environment });
      assert.deepEqual(await child.ended, { code: 1, signal: null }, child.output());
      const instead = `stop what listens there, or choose another with ${words}.`;
      assert.equal(child.output(), `Port ${port} on 127.0.0.1 is taken: ${instead}\n`);
    });
  }
});

describe('no connection leaves this machine', () => {
  const recordOf = (name: string) => join(folder, `connections-${name}`);
  const recorded = (name: string) => (existsSync(recordOf(name)) ? readFileSync(recordOf(name), 'utf8') : '');

  test('the recorder sees connections and look-ups', async () => {
    const file = join(folder, 'talkative.ts');
    writeFileSync(
      file,
      `import { connect } from 'node:net'; import { lookup } from 'node:dns';
      connect(9, '192.0.2.1').on('error', () => {}).destroy();
      fetch('http://outside.invalid/').catch(() => {});
      fetch('http://127.0.0.1:9/').catch(() => {});`,
    );
    const child = startChild(pathToFileURL(file), {
      preload: [recorder],
      environment: { RECORD_CONNECTIONS_TO: recordOf('control') },
    });
    await child.ended;
    assert.match(recorded('control'), /^connect 192\.0\.2\.1$/m);
    assert.match(recorded('control'), /^look up outside\.invalid$/m);
    assert.doesNotMatch(recorded('control'), /127\.0\.0\.1/);
  });

  test('from start to end, in production, with an Apollo key in the environment', async () => {
    const child = startChild(main, {
      parent: true,
      preload: [recorder],
      environment: {
        RECORD_CONNECTIONS_TO: recordOf('bff'),
        NODE_ENV: 'production',
        APOLLO_KEY: 'service:test:key',
        APOLLO_GRAPH_REF: 'test@current',
      },
    });
    const { url } = await child.message;
    await (await ask(url, '{ books { title postage } }')).text();
    for (const path of ['/', '/explorer', '/health/ready']) {
      await (await fetch(new URL(path, String(url)))).arrayBuffer();
    }
    child.process.kill('SIGTERM');
    await child.ended;
    assert.equal(recorded('bff'), '', child.output());
  });
});
