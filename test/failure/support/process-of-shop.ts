// Owns one process of the shop, which a test kills, freezes, and starts again where it was.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LifeMessage } from '../../../subgraphs/kit/process-life.ts';

export interface ProcessOfShop {
  name: string;
  /** Of its GraphQL endpoint. */
  url: string;
  /** Of the process that runs, or ran last. */
  pid: () => number;
  /** Resolves with the milliseconds until it says that it is ready; rejects with what it printed when it ends before. */
  start: () => Promise<number>;
  /** By SIGKILL, also when it is frozen; resolves when it has gone. */
  kill: () => Promise<void>;
  /** By SIGSTOP: its connections stay open, and nobody answers. */
  freeze: () => void;
  thaw: () => void;
}

export interface ProcessParts {
  name: string;
  url: string;
  file: URL;
  environment: Record<string, string>;
}

export function processOfShop({ name, url, file, environment }: ProcessParts): ProcessOfShop {
  let child: ChildProcess | undefined;
  const running = (): ChildProcess => {
    if (child === undefined || isGone(child)) throw new Error(`${name} does not run.`);
    return child;
  };
  return {
    name,
    url,
    pid: () => child?.pid ?? 0,
    async start() {
      if (child !== undefined && !isGone(child)) throw new Error(`${name} runs already.`);
      const began = performance.now();
      const { DATABASE_URL: _, REDIS_URL: __, PORT: ___, ...inherited } = process.env;
      const started = fork(file, { env: { ...inherited, ...environment }, silent: true });
      child = started;
      let output = '';
      for (const stream of [started.stdout, started.stderr]) {
        stream?.on('data', (piece: Buffer) => {
          output += piece;
        });
      }
      const [message] = (await Promise.race([
        once(started, 'message'),
        once(started, 'exit').then(([code, signal]) => {
          throw new Error(`${name} ended before it was ready (${signal ?? code}): ${output}`);
        }),
      ])) as [LifeMessage];
      if (message.type !== 'ready') throw new Error(message.message);
      return performance.now() - began;
    },
    async kill() {
      if (child === undefined || isGone(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => void running().kill('SIGSTOP'),
    thaw: () => void running().kill('SIGCONT'),
  };
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
