// Owns the life of the subgraphs' stand-in: compiled with the machine's C compiler, started, questioned and ended.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment } from '../environment.ts';

/** What was asked of one subgraph, or of all, since the last reset. Bytes are those of bodies in, of whole answers out. */
export interface Traffic {
  requests: number;
  /** How many of them had to be asked of the origin. */
  misses: number;
  /** Misses whose answer was no success, so that the next one is a miss again. */
  unkept: number;
  received: number;
  sent: number;
}

export interface Stats extends Traffic {
  paths: Record<string, Traffic>;
}

export interface StandIn {
  /** Without a path: a subgraph is `${url}/<name>/graphql`, an answer of n bytes is `${url}/echo/<n>`. */
  url: string;
  pid: number;
  stats: () => Promise<Stats>;
  reset: () => Promise<void>;
  /** Holds every subgraph's answer back by so many milliseconds from now on. */
  delay: (milliseconds: number) => Promise<void>;
  stop: () => Promise<void>;
}

export interface StandInOptions {
  /** By the subgraph's name, the address that knows its answers; an IPv4 address and plain HTTP. */
  origins: Record<string, string>;
  /** What `compileStandIn` made; left out, it is made for this one. */
  binary?: string;
  /** The core it is bound to; left out, any. */
  core?: number;
  port?: number;
}

const run = promisify(execFile);

/** The path of a program of this machine; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...environment.path.split(delimiter), '/usr/bin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Writes the program `stand-in` into the folder and gives its path. Throws where there is no C compiler. */
export async function compileStandIn(folder: string): Promise<string> {
  const compiler = findProgram('cc');
  if (compiler === undefined) throw new Error('The stand-in needs a C compiler, and there is no cc.');
  const binary = join(folder, 'stand-in');
  await run(compiler, ['-O2', '-o', binary, fileURLToPath(new URL('stand-in.c', import.meta.url))]);
  return binary;
}

/** Resolves when it listens. It ends with the process that started it, however that one ends. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const own = options.binary === undefined ? await mkdtemp(join(tmpdir(), 'stand-in-')) : undefined;
  const removeOwn = async () => own && rm(own, { recursive: true, force: true });
  try {
    const binary = options.binary ?? (await compileStandIn(own ?? ''));
    const words = [binary, '--until-stdin-ends', '--port', String(options.port ?? 0)];
    for (const [name, address] of Object.entries(options.origins)) {
      const { host, pathname } = new URL(address);
      words.push('--origin', `${name}=${host}${pathname}`);
    }
    if (options.core !== undefined) words.unshift('taskset', '-c', String(options.core));
    const [command = '', ...args] = words;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    const first = createInterface({ input: child.stdout });
    const [line] = await Promise.race([
      once(first, 'line') as Promise<[string]>,
      ended.then(() => Promise.reject(new Error('The stand-in ended before it listened.'))),
    ]);
    const { port }: { port: number } = JSON.parse(line);
    const url = `http://127.0.0.1:${port}`;
    const tell = async (path: string) => void (await ask(url, path, 'POST'));
    return {
      url,
      pid: child.pid ?? 0,
      stats: async () => (await ask(url, '/stats', 'GET')) as Stats,
      reset: () => tell('/reset'),
      delay: (milliseconds) => tell(`/delay/${milliseconds}`),
      async stop() {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
        await ended;
        await removeOwn();
      },
    };
  } catch (error) {
    await removeOwn();
    throw error;
  }
}

async function ask(url: string, path: string, method: 'GET' | 'POST'): Promise<unknown> {
  const response = await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The stand-in answers ${response.status} to ${method} ${path}.`);
  return response.json();
}
