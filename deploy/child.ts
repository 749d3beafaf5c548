// Owns one child process: starting it, hearing when it is ready, ending it in time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { environment } from './environment.ts';
import type { Part } from './parts.ts';

export interface Child {
  part: Part;
  pid: number;
  /** Resolves when everything the part serves is ready; rejects when it ends before that. */
  ready: Promise<void>;
  /** Resolves when the process has ended, however it came about. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks the process to end, and kills it when it has not after `milliseconds`. */
  stop(milliseconds: number): Promise<void>;
}

/** Starts a part; `onReady` hears of each name it serves, and how long that one took by its own account. */
export function startChild(part: Part, onReady: (name: string, milliseconds: number) => void): Child {
  const began = Date.now();
  const file = fileURLToPath(new URL(`../${part.file}`, import.meta.url));
  const child = fork(file, {
    execArgv: [...process.execArgv, ...part.nodeFlags],
    env: { ...environment.all, ...part.environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return {
    part,
    pid: child.pid ?? 0,
    ready: Promise.race([
      readyOf(child, part, (name, milliseconds) => onReady(name, milliseconds ?? Date.now() - began)),
      late(part),
      ended.then(({ code, signal }) => {
        throw new Error(`${part.name} ended before it was ready (${signal ?? `exit code ${code}`}).`);
      }),
    ]),
    ended,
    async stop(milliseconds) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), milliseconds);
      await ended;
      clearTimeout(impatience);
    },
  };
}

const READY_MS = 120_000;

function late({ name }: Part): Promise<never> {
  return new Promise((_, reject) => {
    const sentence = `${name} is not ready after ${READY_MS / 1000} s.`;
    setTimeout(() => reject(new Error(sentence)), READY_MS).unref();
  });
}

/** What every process of ours sends its parent, once for each thing it serves. */
interface ReadyMessage {
  type: 'ready';
  name: string;
  milliseconds?: number;
}

function readyOf(
  child: ChildProcess,
  part: Part,
  onReady: (name: string, milliseconds: number | undefined) => void,
): Promise<void> {
  const waiting = new Set(part.serves.length > 0 ? part.serves.map(({ name }) => name) : [part.name]);
  return new Promise((resolve) => {
    child.on('message', (message: ReadyMessage) => {
      if (message.type !== 'ready' || !waiting.delete(message.name)) return;
      onReady(message.name, message.milliseconds);
      if (waiting.size === 0) resolve();
    });
  });
}
