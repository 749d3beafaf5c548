// Owns a real Redis server for tests: found on this machine, on a free port, kept in memory only, and freezable.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface TestRedis {
  url: string;
  port: number;
  /** What redis-cli gets for such a command, without the line's end. Rejects when it is refused. */
  tell: (...command: string[]) => Promise<string>;
  /** Stops answering while its connections stay open, as an overloaded machine does. */
  freeze: () => void;
  thaw: () => void;
  /** By force, also when it is frozen. */
  stop: () => Promise<void>;
}

export interface TestRedisOptions {
  /** A free one unless it is said. */
  port?: number | undefined;
  /** Put behind those that every test server has. */
  flags?: readonly string[];
  /** Paths; it speaks TLS alone then, and asks for certificates of the CA. */
  tls?: { ca: string; cert: string; key: string };
  /** How redis-cli says who it is. */
  cli?: readonly string[];
}

const startTimeout = 10_000;

/** The path of redis-server; undefined when it is not installed. */
export function redisBinary(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
}

/** On the given port or a free one. Throws when Redis is not installed or does not start within 10 s. */
export async function startTestRedis(given?: number | TestRedisOptions): Promise<TestRedis> {
  const options = typeof given === 'object' ? given : { port: given };
  if (options.port !== undefined) return startOn(options.port, options);
  // Between finding a port and taking it another may take it.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(await freePort(), options);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function startOn(port: number, { flags = [], tls, cli = [] }: TestRedisOptions): Promise<TestRedis> {
  const files = tls
    ? ['--tls-ca-cert-file', tls.ca, '--tls-cert-file', tls.cert, '--tls-key-file', tls.key]
    : [];
  const server = await startRedisServer([
    ...(tls ? ['--port', '0', '--tls-port', String(port), ...files] : ['--port', String(port)]),
    ...['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'],
    ...flags,
  ]);
  const cliTls = tls ? ['--tls', '--cacert', tls.ca, '--cert', tls.cert, '--key', tls.key] : [];
  return {
    url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    port,
    tell: (...command) => askRedis(port, [...cliTls, ...cli], command),
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

/** Resolves when it can be asked, or, as a sentinel, when it watches. */
export async function startRedisServer(flags: readonly string[]): Promise<ChildProcess> {
  const binary = redisBinary();
  if (binary === undefined) throw new Error('Redis is not installed.');
  const server = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  await said(server, /Ready to accept connections|\+monitor master/);
  return server;
}

/** What redis-cli prints. Rejects when Redis answers with an error. */
export async function askRedis(
  port: number,
  flags: readonly string[],
  command: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)('redis-cli', ['-e', '-p', String(port), ...flags, ...command]);
  return stdout.trimEnd();
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function said(server: ChildProcess, words: RegExp): Promise<void> {
  if (server.stdout === null) throw new Error('Redis has no output.');
  const impatience = setTimeout(() => server.kill('SIGKILL'), startTimeout);
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      if (words.test(line)) return;
    }
    throw new Error('Redis ended before it was ready.');
  } finally {
    clearTimeout(impatience);
    server.stdout.resume();
  }
}
