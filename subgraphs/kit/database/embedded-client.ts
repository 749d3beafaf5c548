// Owns how a subgraph finds the embedded database: it joins the one that runs, or starts one that ends with its last client.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { LifeMessage } from '../process-life.ts';
import { lockHolder } from './data-folder-lock.ts';

const READY_MS = 60_000;

/**
 * The URL of the database in `dataDir`, running by the time this returns. Several processes may ask at once: one server
 * is started, the others join it. Throws when none is ready within a minute.
 */
export async function embeddedDatabaseUrl(dataDir: string): Promise<string> {
  const deadline = Date.now() + READY_MS;
  let complaint = 'it did not answer in time';
  while (Date.now() < deadline) {
    const holder = await lockHolder(dataDir);
    if (holder?.url) return holder.url;
    if (holder) {
      // Somebody is opening it, perhaps for the first time.
      await delay(50);
      continue;
    }
    const result = await startServer(dataDir, deadline - Date.now());
    if (result?.type === 'ready') return result.url;
    if (result) complaint = result.message;
    // Losing the race for the lock is no failure: the winner is joined in the next round.
    if (!(await lockHolder(dataDir))) break;
  }
  throw new Error(`The embedded database in ${dataDir} cannot be started: ${complaint}`);
}

async function startServer(dataDir: string, milliseconds: number): Promise<LifeMessage | undefined> {
  const child = fork(new URL('embedded-main.ts', import.meta.url), ['--until-idle', '--data', dataDir], {
    // A group of its own: Ctrl-C must not take the database away before its clients.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    return await firstMessage(child, AbortSignal.timeout(milliseconds));
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function firstMessage(child: ChildProcess, signal: AbortSignal): Promise<LifeMessage | undefined> {
  const exit = once(child, 'exit', { signal }).then(() => undefined);
  const message = once(child, 'message', { signal }).then(([first]): LifeMessage => first);
  exit.catch(() => {});
  message.catch(() => {});
  return Promise.race([message, exit]).catch(() => undefined);
}
