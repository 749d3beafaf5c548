// Owns a real Redis server for tests: found on this machine, on a free port, kept in memory only, and freezable.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface TestRedis {
  url: string;
  port: number;
  /** Stops answering while its connections stay open, as an overloaded machine does. */
  freeze: () => void;
  thaw: () => void;
  stop: () => Promise<void>;
}

const startTimeout = 10_000;

/** The path of redis-server; undefined when it is not installed. */
export function redisBinary(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
}

/** On the given port or a free one. Throws when Redis is not installed or does not start within 10 s. */
export async function startTestRedis(givenPort?: number): Promise<TestRedis> {
  const binary = redisBinary();
  if (binary === undefined) throw new Error('Redis is not installed.');
  const port = givenPort ?? (await freePort());
  const flags = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    '/tmp',
  ];
  const server = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  await said(server, 'Ready to accept connections');
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
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

async function said(server: ChildProcess, words: string): Promise<void> {
  if (server.stdout === null) throw new Error('Redis has no output.');
  const impatience = setTimeout(() => server.kill('SIGKILL'), startTimeout);
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      if (line.includes(words)) return;
    }
    throw new Error('Redis ended before it was ready.');
  } finally {
    clearTimeout(impatience);
    server.stdout.resume();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
