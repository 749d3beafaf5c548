// Starts the whole of Tributary as `npm start` does, on ports and a data folder of its own, and watches it from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layout } from '../../deploy/parts.ts';
import { takenPorts } from '../../deploy/ports.ts';
import { nodeFlags } from './node-flags.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Tributary {
  process: ChildProcess;
  /** All it has printed until now, both streams. */
  output(): string;
  /** Resolves with the milliseconds until it said that it is ready; rejects with its output when it ends before. */
  ready: Promise<number>;
  ended: Promise<number | null>;
  /** Base addresses without a path. */
  web: string;
  mobile: string;
  /** Sends a signal to the whole process group, as a terminal does, and resolves with the milliseconds until all ended. */
  signalAll(signal: NodeJS.Signals): Promise<number>;
  /** The resident memory of all its processes in bytes; undefined where /proc does not tell. */
  residentMemory(): number | undefined;
}

/** A first port from which everything Tributary listens on is free; `parts` are those of another one than this. */
export async function freePort(parts: typeof layout = layout): Promise<number> {
  for (let port = 20_000 + (process.pid % 20_000); ; port += 211) {
    const { subgraphs, bffs } = parts({ separate: true, embedded: true, port });
    const addresses = [...subgraphs, ...bffs].flatMap(({ serves }) => serves);
    if ((await takenPorts('127.0.0.1', addresses)).length === 0) return port;
  }
}

export function startTributary(options: {
  port: number;
  dataDir: string;
  /** Where it lies, unless it is this repository. */
  folder?: string;
  flags?: string[];
  /** As tests start files unless they are given; all its processes have them. */
  nodeFlags?: readonly string[];
  environment?: Record<string, string>;
}): Tributary {
  const began = performance.now();
  const { DATABASE_URL: _, REDIS_URL: __, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [
      ...(options.nodeFlags ?? nodeFlags),
      'deploy/start.ts',
      '--port',
      String(options.port),
      ...(options.flags ?? []),
    ],
    {
      cwd: options.folder ?? root,
      env: { ...environment, DATA_DIR: options.dataDir, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let output = '';
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ctrl-C ends everything')) resolve(performance.now() - began);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => reject(new Error(`It ended before it was ready:\n${output}`)));
  });
  // A test that expects the start to fail looks at `ended` and the output alone.
  ready.catch(() => {});
  return {
    process: child,
    output: () => output,
    ready,
    ended,
    web: `http://127.0.0.1:${options.port}`,
    mobile: `http://127.0.0.1:${options.port + 1}`,
    async signalAll(signal) {
      const asked = performance.now();
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), signal);
      // The streams close when the last process that holds them has gone.
      await ended;
      return performance.now() - asked;
    },
    residentMemory: () => residentMemoryOfGroup(child.pid ?? 0),
  };
}

/** Sums VmRSS over the processes of a group. */
function residentMemoryOfGroup(group: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  let bytes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      // Behind the name in brackets come state, parent and group.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) !== group) continue;
      bytes += Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      // It ended between the listing and the look.
    }
  }
  return bytes;
}

export interface Answer {
  status: number;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: unknown[]; extensions?: { code?: string } }[];
    extensions?: Record<string, unknown>;
  };
}

/** Asks a GraphQL endpoint over HTTP. */
export async function ask(
  base: string,
  query: string,
  { variables, token, operationName }: { variables?: object; token?: string; operationName?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables, operationName }),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, body: await response.json() };
}
