// Owns a real PostgreSQL server for tests: found on this machine, started on a temporary folder and a free port.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface TestPostgres {
  /** Of the administrator. */
  url: string;
  /** Ends all of its processes as a crash does; `restart` begins them anew, on the same port and data. */
  crash: () => Promise<void>;
  restart: () => Promise<void>;
  /** Its processes stop where they are, and connections stay open, as on an overloaded machine. */
  freeze: () => Promise<void>;
  thaw: () => Promise<void>;
  /** Whatever state it is in. */
  stop: () => Promise<void>;
}

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/** The newest folder that holds initdb and pg_ctl; undefined when PostgreSQL is not installed. */
export function postgresBinaries(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

/** Without durability, for speed. Throws when PostgreSQL is not installed or does not start within a minute. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const binaries = postgresBinaries();
  if (!binaries) throw new Error('PostgreSQL is not installed.');
  // Short, and not in TMPDIR: the path of a unix socket may have 107 characters only.
  const folder = await mkdtemp('/tmp/tributary-pg-');
  await chmod(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  // With its owner, who is somebody else where this runs as root.
  await run('cp', ['-a', await emptyCluster(binaries), data]);
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c autovacuum=off -c max_connections=200`;
  const log = join(folder, 'log');
  const start = () =>
    asPostgres(join(binaries, 'pg_ctl'), ['-D', data, '-o', settings, '-l', log, '-w', '-t', '60', 'start']);
  await start();
  let isRunning = true;
  let frozen: number[] = [];
  const signalAll = (pids: readonly number[], signal: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended between the look and the signal.
      }
    }
  };
  const thaw = async () => {
    signalAll(frozen, 'SIGCONT');
    frozen = [];
  };
  const crash = async () => {
    await thaw();
    if (!isRunning) return;
    isRunning = false;
    await asPostgres(join(binaries, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']);
  };
  return {
    url: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    crash,
    async restart() {
      await start();
      isRunning = true;
    },
    async freeze() {
      const [first] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
      // The first of them before the others, so that it starts no more.
      signalAll([Number(first)], 'SIGSTOP');
      frozen = [Number(first), ...(await childrenOf(Number(first)))];
      signalAll(frozen, 'SIGSTOP');
    },
    thaw,
    async stop() {
      await crash();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function childrenOf(parent: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
}

/** What initdb makes, which takes it a second. Made once for each version; the first of several to finish wins. */
async function emptyCluster(binaries: string): Promise<string> {
  const { stdout } = await run(join(binaries, 'initdb'), ['--version']);
  const version = /\d+[\d.]*/.exec(stdout)?.[0] ?? 'unknown';
  const cache = fileURLToPath(new URL('../../node_modules/.cache/tributary/', import.meta.url));
  const made = join(cache, `postgres-${version}`);
  if (existsSync(made)) return made;
  const folder = await mkdtemp('/tmp/tributary-initdb-');
  const fresh = `${made}-${process.pid}`;
  try {
    await chmod(folder, 0o777);
    const data = join(folder, 'data');
    await asPostgres(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync']);
    await mkdir(cache, { recursive: true });
    await run('cp', ['-a', data, fresh]);
    await rename(fresh, made).catch((error: unknown) => {
      if (!existsSync(made)) throw error;
    });
  } finally {
    for (const left of [folder, fresh]) await rm(left, { recursive: true, force: true });
  }
  return made;
}

/** PostgreSQL refuses to run as root. */
async function asPostgres(command: string, args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) {
    await run(command, args, { timeout: 90_000 });
    return;
  }
  const quoted = [command, ...args].map((word) => `'${word}'`).join(' ');
  await run('su', ['postgres', '-s', '/bin/sh', '-c', quoted], { timeout: 90_000, cwd: '/' });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
