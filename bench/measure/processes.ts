// Owns that nothing survives the bench: each process it starts leads a group of its own, and groups end whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { environment } from '../environment.ts';

export interface OwnedProcess {
  /** Of the process and of its group. */
  pid: number;
  /** The last 20,000 characters of both streams. */
  output: () => string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Takes the processor away from the whole group until `thaw`. */
  freeze: () => void;
  thaw: () => void;
  /** Kills the group and resolves when nobody of it holds its streams. */
  stop: () => Promise<void>;
}

export interface StartOptions {
  cwd?: string;
  /** Beside what every process gets. */
  env?: Record<string, string>;
  /** The core all of the group is bound to. */
  core?: number;
}

export interface Processes {
  start: (words: readonly string[], options?: StartOptions) => OwnedProcess;
  /** Kills all groups at once, so that it can be the last thing a process does. Nothing can be started after it. */
  killAll: () => void;
  isOver: () => boolean;
}

const remembered = 20_000;

export function ownProcesses(): Processes {
  const groups = new Set<number>();
  let over = false;

  const signal = (group: number, name: NodeJS.Signals) => {
    try {
      process.kill(-group, name);
    } catch {
      // Nobody of the group is left.
    }
  };
  const killGroup = (group: number) => {
    if (groups.delete(group)) signal(group, 'SIGKILL');
  };

  return {
    start(words, { cwd, env = {}, core } = {}) {
      if (over) throw new Error('The bench is ending.');
      const bound = core === undefined ? words : ['taskset', '-c', String(core), ...words];
      const [command = '', ...args] = bound;
      const child = spawn(command, args, {
        ...(cwd !== undefined && { cwd }),
        env: { ...environment.base, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      const { pid } = child;
      let output = '';
      child.on('error', (error) => (output += error.message));
      if (pid === undefined) throw new Error(`${command} cannot be started.`);
      groups.add(pid);
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => (output = (output + chunk).slice(-remembered)));
      }
      const exit = once(child, 'exit').then(([code, name]) => {
        // Who led the group may have left others behind, who hold its streams.
        killGroup(pid);
        return { code: code as number | null, signal: name as NodeJS.Signals | null };
      });
      const closed = once(child, 'close');
      const ended = exit.then(async (how) => {
        await closed;
        return how;
      });
      return {
        pid,
        output: () => output,
        ended,
        freeze: () => signal(pid, 'SIGSTOP'),
        thaw: () => signal(pid, 'SIGCONT'),
        async stop() {
          killGroup(pid);
          await ended;
        },
      };
    },
    killAll() {
      over = true;
      for (const group of [...groups]) killGroup(group);
    },
    isOver: () => over,
  };
}
