// Owns how a subgraph's process begins and ends: alone with the embedded database, with clear sentences, in bounded time.
import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockHolder } from '../../../subgraphs/kit/database/data-folder-lock.ts';
import type { LifeMessage } from '../../../subgraphs/kit/process-life.ts';
import { dataFolder, startEmbedded, type TestEmbedded } from '../../support/databases.ts';

interface Life {
  child: ChildProcess;
  first: Promise<LifeMessage>;
  exit: Promise<{ code: number | null; signal: string | null }>;
  complaint: () => string;
}

describe('the process of a subgraph', { timeout: 180_000 }, () => {
  let dataDir: string;
  let embedded: TestEmbedded;
  const children = new Set<ChildProcess>();
  before(async () => {
    dataDir = await dataFolder('run');
    embedded = await startEmbedded(dataDir);
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
  });
  after(async () => {
    await embedded?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function environmentOf(settings: Record<string, string>): NodeJS.ProcessEnv {
    return { ...process.env, DATABASE_URL: '', DATA_DIR: dataDir, PORT: '0', ...settings };
  }

  function run(script: string, settings: Record<string, string> = {}): Life {
    const child = fork(new URL(`library/${script}`, import.meta.url), [], {
      env: environmentOf(settings),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    children.add(child);
    let complaint = '';
    const { stderr } = child;
    stderr?.on('data', (bytes) => {
      complaint += bytes;
    });
    return {
      child,
      first: once(child, 'message').then(([message]) => message),
      // Not 'close', which never comes after disconnect().
      exit: Promise.all([once(child, 'exit'), stderr && once(stderr, 'close')]).then(([[code, signal]]) => ({
        code,
        signal,
      })),
      complaint: () => complaint,
    };
  }

  async function ready(life: Life): Promise<string> {
    const message = await life.first;
    assert.ok(message.type === 'ready', JSON.stringify(message));
    assert.equal(message.name, 'library');
    assert.ok(message.milliseconds > 0);
    return message.url;
  }

  const ask = (url: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ books { totalCount } }"}',
    }).then((response) => response.json());

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`tells its parent where it is ready, answers, and ends well with ${signal}, however often it is sent`, async () => {
      const life = run('main.ts');
      const url = await ready(life);
      assert.deepEqual(await ask(url), { data: { books: { totalCount: 5 } } });
      life.child.kill(signal);
      life.child.kill(signal);
      assert.deepEqual(await life.exit, { code: 0, signal: null });
      assert.equal(life.complaint(), '');
      await assert.rejects(ask(url));
    });
  }

  it('prints where it is ready when nobody else says it', async () => {
    const main = fileURLToPath(new URL('library/main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', main], {
      env: environmentOf({}),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    const exit = once(child, 'exit');
    const [line] = await once(child.stdout, 'data');
    const url = /^library ready on (http:.*\/graphql)\n$/.exec(String(line))?.[1];
    assert.ok(url, String(line));
    assert.deepEqual(await ask(url), { data: { books: { totalCount: 5 } } });
    child.kill('SIGINT');
    assert.deepEqual(await exit, [0, null]);
  });

  it('ends with its parent', async () => {
    const life = run('main.ts');
    await ready(life);
    life.child.disconnect();
    assert.deepEqual(await life.exit, { code: 0, signal: null });
  });

  it('works with nothing else running, and starts no second database for a second one', async () => {
    const alone = await mkdtemp(join(tmpdir(), 'tributary-alone-'));
    try {
      const lives = [run('main.ts', { DATA_DIR: alone }), run('main.ts', { DATA_DIR: alone })];
      for (const life of lives) {
        assert.deepEqual(await ask(await ready(life)), { data: { books: { totalCount: 5 } } });
      }
      const holder = await lockHolder(alone);
      assert.ok(holder, 'the database runs in a process of its own');
      for (const { child } of lives) child.kill('SIGINT');
      for (const { exit } of lives) assert.deepEqual(await exit, { code: 0, signal: null });
      process.kill(holder.pid, 'SIGTERM');
    } finally {
      await rm(alone, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  });

  describe('ends with 1 and one sentence when', () => {
    let taken: Server;
    let silent: Server;
    const portOf = (server: Server) => String((server.address() as { port: number }).port);
    before(async () => {
      taken = createServer().listen(0, '127.0.0.1');
      silent = createServer().listen(0, '127.0.0.1');
      await Promise.all([once(taken, 'listening'), once(silent, 'listening')]);
    });
    after(() => {
      taken.close();
      silent.close();
    });

    const failures: [
      what: string,
      script: string,
      settings: () => Record<string, string>,
      sentence: RegExp,
    ][] = [
      [
        'its port is taken',
        'main.ts',
        () => ({ PORT: portOf(taken) }),
        /^library cannot start: Port \d+ is taken on 127\.0\.0\.1: .*\n$/,
      ],
      [
        'nothing listens at the database',
        'main.ts',
        () => ({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' }),
        /^library cannot start: The database at 127\.0\.0\.1:1 is unreachable: .*\n$/,
      ],
      [
        'the database does not answer',
        'main.ts',
        () => ({ DATABASE_URL: `postgres://a:b@127.0.0.1:${portOf(silent)}/x` }),
        /^library cannot start: The database at 127\.0\.0\.1:\d+ is unreachable: .*\n$/,
      ],
      [
        'subgraphs.json has no port for it',
        'many.ts',
        () => ({}),
        /^unlisted cannot start: .*gives no port for unlisted\.\n$/,
      ],
    ];
    for (const [what, script, settings, sentence] of failures) {
      it(what, async () => {
        const life = run(script, settings());
        const message = await life.first;
        assert.equal(message.type, 'failed');
        assert.deepEqual(await life.exit, { code: 1, signal: null });
        assert.match(life.complaint(), sentence);
      });
    }
  });
});
